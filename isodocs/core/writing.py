"""Who wrote a text, by the commits that brought it (DESIGN, *Independence*)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from isodocs.core.history import REGULAR_MODES
from isodocs.core.policy import requirement
from isodocs.core.statement import UNKNOWN_WRITER, Content, Meaning
from isodocs.core.tree import is_statement

if TYPE_CHECKING:
    from isodocs.core.authority import Register
    from isodocs.core.history import Commit, Identity
    from isodocs.core.life import Authority, Evidence, Judged, Life, State
    from isodocs.core.lineage import Touch

_TELLS_OF_WRITERS = frozenset({Meaning.APPROVED, Meaning.AUTHORED, Meaning.REVIEWED})


@dataclass(frozen=True, slots=True)
class Writers:
    """Who wrote a candidate, as far as the commits show. ``carried``: a commit hides a branch."""

    people: frozenset[str]
    carried: bool


def writers(
    state: State,
    name: str,
    life: Life,
    content: Content,
    governing: Authority,
    evidence: Evidence,
) -> Writers:
    """Who wrote the text since the last approval, by the commits that brought it (DESIGN, *Independence*).

    Args:
        state: S(n) being made.
        name: the document's id.
        life: what happened to it until S(n−1), with the statements that enter now.
        content: the candidate.
        governing: whose register gives the names.
        evidence: with the lineage of the commits.
    """
    found = state.tree.find(name)
    kind = governing.settings.types.get(found[1].type) if found else None
    touches = evidence.lineage.writing(
        name,
        life.last_event,
        state.number,
        life.approvals[-1].content if life.approvals else None,
        substantive=kind is not None and kind.independence == "substantive-author",
    )
    asked = requirement(governing.settings, found[1], Meaning.APPROVED) if found else None
    valid = {item.digest: item for item in life.naming(content) if not item.weak}
    people: set[str] = set()
    carried = False
    for touch in touches:
        brought = [valid[digest] for digest in sorted(brings(touch, name, evidence) & valid.keys())]
        approvals = [one for one in brought if one.statement.meaning is Meaning.APPROVED]
        if asked is not None and approvals and asked.satisfied(approvals):
            carried = True
            people |= _of_carrier(touch.commit, brought, governing.register)
        else:
            people |= _of_commit(touch.commit, governing.register)
    return Writers(frozenset(people), carried)


def brings(touch: Touch, name: str, evidence: Evidence) -> frozenset[str]:
    """The digests of the statements about a document that a commit itself brings."""
    if touch.brought is not None:
        return touch.brought
    return frozenset(
        reading.digest
        for change in touch.commit.combined
        if is_statement(change.path)
        and change.new_mode in REGULAR_MODES
        and (reading := evidence.statements.get(change.new)) is not None
        and reading.statement is not None
        and reading.statement.about == name
    )


def _of_commit(commit: Commit, register: Register) -> set[str]:
    """Author and co-authors; a registered committer stands in for an unregistered author."""
    return {_author(commit, register)} | {_known(one, register) for one in commit.coauthors}


def _author(commit: Commit, register: Register) -> str:
    author = register.person_of_email(commit.author.email)
    return author or register.person_of_email(commit.committer.email) or UNKNOWN_WRITER


def _known(identity: Identity, register: Register) -> str:
    return register.person_of_email(identity.email) or UNKNOWN_WRITER


def _of_carrier(commit: Commit, brought: list[Judged], register: Register) -> set[str]:
    """The writers of a commit that brings content with its approvals, such as a squash."""
    author = _author(commit, register)
    signers = {one.statement.signer for one in brought}
    people = {_known(one, register) for one in commit.coauthors} - signers
    return people if _excuse(author, brought) else people | {author}


def _excuse(author: str, brought: list[Judged]) -> bool:
    """Whether statements by others name the writers without a carrier's author.

    Neither signed by him nor for him; of an unknown author, who may be anybody, no one person may have had
    a hand in all of them.
    """
    others = [
        one.people
        for one in brought
        if one.statement.meaning in _TELLS_OF_WRITERS
        and author not in one.people
        and author not in one.statement.writers
    ]
    if author == UNKNOWN_WRITER:
        return bool(others) and not frozenset.intersection(*others)
    return bool(others)
