"""Judging statements: each once, at the first commit whose tree holds it and what it names.

The order of the checks is the order in which their codes are given; the first failure is the verdict. A
statement that cannot be judged yet (what it names is not here, or its signature does not verify over its
bytes) waits and leaves no trace.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from isodocs.core.identity import SCHEMES
from isodocs.core.life import Approval, Judged
from isodocs.core.policy import requirement
from isodocs.core.statement import (
    ON_APPROVED_REVISION,
    UNKNOWN_WRITER,
    WITHOUT_ROLE,
    Assurance,
    Content,
    Meaning,
    Statement,
)
from isodocs.core.tree import AUTHORITY_ID, is_statement

if TYPE_CHECKING:
    from collections.abc import Iterable

    from isodocs.core.authority import Register
    from isodocs.core.document import Document
    from isodocs.core.history import Commit, Identity
    from isodocs.core.life import Authority, Evidence, Life, State, Verdict

_UNSIGNED = frozenset({Assurance.UNSIGNED, Assurance.LEGACY})


@dataclass(frozen=True, slots=True)
class Writers:
    """Who wrote a candidate, as far as the commits show. ``carried``: a commit hides a branch."""

    people: frozenset[str]
    carried: bool


@dataclass(frozen=True, slots=True)
class _Case:
    """A statement with what it names: an approved revision, or the text that stands in the tree."""

    digest: str
    statement: Statement
    verdict: Verdict | None
    approval: Approval | None
    document: Document


def judge_document(
    state: State, name: str, governing: Authority, evidence: Evidence, *, snapshot: bool = False
) -> list[Judged]:
    """Judge what the tree holds about one document and was not judged before.

    Args:
        state: with the tree of C(n), its time and number, and the lives of S(n−1).
        name: the document's id.
        governing: the authority of S(n−1), or of the root at the root.
        evidence: what stands in the blobs.
        snapshot: whether predecessors and commits are unknown.
    """
    if len(state.tree.paths.get(name, ())) > 1:
        return []
    life = state.life(name)
    content = state.tree.content(name, evidence.digests)
    cases = [
        case
        for digest in sorted(state.tree.about.get(name, ()))
        if digest not in state.judged
        and (case := _case(state, digest, life, content, governing, evidence)) is not None
    ]
    judged = [_judge(case, state, life, governing, snapshot=snapshot) for case in cases]
    if content is None or life.approved(content):
        return judged
    return _require_independence(judged, state, name, life, content, governing, evidence, snapshot=snapshot)


def _case(
    state: State,
    digest: str,
    life: Life,
    content: Content | None,
    governing: Authority,
    evidence: Evidence,
) -> _Case | None:
    """The statement ready to be judged, or None where it has to wait."""
    found = state.tree.statement(digest)
    statement = found[1].statement if found else None
    if statement is None or statement.qms != governing.settings.qms or statement.id is None:
        return None
    approval = life.approved(statement.content)
    if approval is None and (statement.meaning in ON_APPROVED_REVISION or statement.content != content):
        return None
    here = state.tree.find(statement.id)
    document = approval.document if approval else here[1] if here else None
    if document is None:
        return None
    verdict = None
    if statement.assurance not in _UNSIGNED:
        verdict = signature(state, digest, evidence)
        if verdict is None or not verdict.ok:
            return None
    return _Case(digest, statement, verdict, approval, document)


def signature(state: State, digest: str, evidence: Evidence) -> Verdict | None:
    """The verdict on the signature beside a statement; where it lies in several places, the best."""
    verdict: Verdict | None = None
    for path in sorted(state.tree.statements.get(digest, ())):
        beside = state.tree.files.get(path + ".sig")
        if beside is not None and beside.regular:
            verdict = evidence.check(state.tree.files[path].oid, beside.oid)
            if verdict.ok:
                return verdict
    return verdict


def _judge(case: _Case, state: State, life: Life, governing: Authority, *, snapshot: bool) -> Judged:
    code, why = (
        _check_signer(case.statement, case.verdict, state.time, governing)
        or _check_role(case.statement, state.time, governing)
        or ("", "")
    )
    if not code and not snapshot:
        code, why = _check_predecessor(case, state, life) or ("", "")
    if not code:
        code, why = _check_number(case, life, governing) or ("", "")
    return _verdict(case.digest, case.statement, case.verdict, state, code, why)


def _verdict(
    digest: str, statement: Statement, verdict: Verdict | None, state: State, code: str, why: str
) -> Judged:
    return Judged(
        digest,
        statement,
        state.number,
        state.commit,
        state.time,
        code,
        why,
        verdict.key if verdict else "",
        verdict.fingerprint if verdict else "",
    )


def _check_signer(
    statement: Statement, verdict: Verdict | None, moment: int, governing: Authority
) -> tuple[str, str] | None:
    """The key is valid, and that of the signer; the signer is the person."""
    register, zone = governing.register, governing.settings.zone
    if statement.person not in register.people:
        return "AP103", f"{statement.person} is not in {governing.settings.title}'s register"
    if verdict is not None:
        if not register.keys_of(verdict.key):
            return "AP106", "the key that signed it is in nobody's entry of people.yml"
        holder = register.key_holder(verdict.key, moment, zone)
        if holder is None:
            return "AP106", "the key that signed it was not valid when it entered"
        if holder != statement.signer:
            return "AP103", f"it names {statement.signer} as signer, but {holder}'s key signed it"
    if statement.signer != statement.person:
        return "AP103", f"{statement.signer} signed for {statement.person}, who did not sign himself"
    return None


def _check_role(statement: Statement, moment: int, governing: Authority) -> tuple[str, str] | None:
    if statement.meaning in WITHOUT_ROLE:
        return None
    if statement.role is None:
        return "AP103", f"it names no role, and {statement.meaning} needs one"
    if not governing.register.holds(statement.person, statement.role, moment, governing.settings.zone):
        return "AP103", f"{statement.person} did not hold the role {statement.role} when it entered"
    return None


def _check_predecessor(case: _Case, state: State, life: Life) -> tuple[str, str] | None:
    expected = case.approval.predecessor if case.approval else life.predecessor
    if case.statement.predecessor != expected:
        return "RV106", "it was signed on another predecessor than the last approved revision"
    if case.statement.meaning is Meaning.WITHDRAWN and (
        life.withdrawn or case.approval is not life.approvals[-1]
    ):
        return "RV106", "it withdraws a revision that is not the last approved one"
    if case.statement.meaning is Meaning.REAFFIRMED and case.approval is not life.in_force(state.time):
        return "RV106", "it reaffirms a revision that was not in force"
    return None


def _check_number(case: _Case, life: Life, governing: Authority) -> tuple[str, str] | None:
    stated = case.approval.revision if case.approval else case.document.revision
    if case.statement.revision != stated:
        return "RV102", f"it names revision {case.statement.revision}, the document says {stated}"
    kind = governing.settings.types.get(case.document.type)
    if case.approval or kind is None:
        return None
    scheme = SCHEMES[kind.revision]
    number = scheme.parse(stated)
    if number is None:
        return "RV105", f"revision {stated!r} is not written as the type asks ({kind.revision})"
    for approval in life.approvals:
        earlier = scheme.parse(approval.revision)
        if earlier is not None and number <= earlier:
            return "RV102", f"revision {stated} is not above revision {approval.revision}, approved before"
    return None


def _require_independence(
    judged: list[Judged],
    state: State,
    name: str,
    life: Life,
    content: Content,
    governing: Authority,
    evidence: Evidence,
    *,
    snapshot: bool,
) -> list[Judged]:
    """Void the approvals of people who wrote what they approve."""
    candidates = [item for item in judged if item.valid and item.statement.meaning is Meaning.APPROVED]
    found = state.tree.find(name)
    kind = governing.settings.types.get(found[1].type) if found else None
    if not candidates or kind is None or kind.independence == "none":
        return judged
    here = replace(life, judged=life.judged + tuple(judged))
    frozen = {writer for item in naming(here, content) for writer in item.statement.writers}
    seen: frozenset[str] = frozenset()
    if not snapshot:
        seen = writers(state, name, here, content, governing, evidence).people
    wrote = frozen | seen
    refuse_unknown = governing.settings.unknown_writers == "refuse" and UNKNOWN_WRITER in wrote
    return [_independent(item, content, wrote, refuse_unknown=refuse_unknown) for item in judged]


def _independent(
    item: Judged, content: Content, wrote: frozenset[str] | set[str], *, refuse_unknown: bool
) -> Judged:
    statement = item.statement
    if not item.valid or statement.meaning is not Meaning.APPROVED or statement.content != content:
        return item
    if statement.person in wrote:
        return replace(item, code="AP104", why=f"{statement.person} wrote part of it, so cannot approve it")
    if refuse_unknown:
        return replace(
            item, code="AP104", why="part of it was written by somebody the register does not know"
        )
    return item


def naming(life: Life, content: Content) -> list[Judged]:
    """The valid statements of any meaning that name a content."""
    return [item for item in life.judged if item.valid and item.statement.content == content]


def counting(life: Life, content: Content) -> list[Judged]:
    """The approvals of a content that stand: on the right predecessor, and not barred by a return."""
    returned: dict[str, Judged] = {}
    for item in life.valid(Meaning.RETURNED, content):
        returned[item.statement.person] = max(
            item, returned.get(item.statement.person, item), key=lambda one: (one.step, one.statement.time)
        )
    approved = [
        item
        for item in life.valid(Meaning.APPROVED, content)
        if life.snapshot or item.statement.predecessor == life.predecessor
    ]
    lifted = {
        item.statement.person
        for item in approved
        if (bar := returned.get(item.statement.person)) and _later(item, bar)
    }
    return [] if returned.keys() - lifted else approved


def barred(life: Life, content: Content) -> bool:
    """Whether somebody returned this exact content and has not approved it since."""
    return bool(life.valid(Meaning.RETURNED, content)) and not counting(life, content)


def _later(item: Judged, bar: Judged) -> bool:
    return (item.step, item.statement.time) > (bar.step, bar.statement.time)


def prepared(life: Life, content: Content, seen: frozenset[str], approvals: Iterable[Judged]) -> bool:
    """Whether every writer has signed that he wrote it."""
    wrote = seen | {writer for item in approvals for writer in item.statement.writers}
    return wrote <= {item.statement.person for item in life.valid(Meaning.AUTHORED, content)}


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
    commits = evidence.lineage.writing(
        name,
        life.last_event,
        state.number,
        life.approvals[-1].content if life.approvals else None,
        substantive=kind is not None and kind.independence == "substantive-author",
    )
    asked = requirement(governing.settings, found[1], Meaning.APPROVED) if found else None
    valid = {item.digest: item.statement for item in naming(life, content)}
    people: set[str] = set()
    carried = False
    for commit in commits:
        brought = _brought(commit, valid, evidence)
        approvals = [one for one in brought if one.meaning is Meaning.APPROVED]
        if asked is not None and approvals and asked.satisfied(approvals):
            carried = True
            people |= _of_carrier(commit, brought, governing.register)
        else:
            people |= _of_commit(commit, governing.register)
    return Writers(frozenset(people), carried)


def _brought(commit: Commit, valid: dict[str, Statement], evidence: Evidence) -> list[Statement]:
    """The valid statements that a commit itself brings."""
    digests = {
        reading.digest
        for change in commit.combined
        if is_statement(change.path) and (reading := evidence.statements.get(change.new)) is not None
    }
    return [valid[digest] for digest in sorted(digests & valid.keys())]


def _of_commit(commit: Commit, register: Register) -> set[str]:
    """Author and co-authors; a registered committer stands in for an unregistered author."""
    return {_author(commit, register)} | {_known(one, register) for one in commit.coauthors}


def _author(commit: Commit, register: Register) -> str:
    author = register.person_of_email(commit.author.email)
    return author or register.person_of_email(commit.committer.email) or UNKNOWN_WRITER


def _known(identity: Identity, register: Register) -> str:
    return register.person_of_email(identity.email) or UNKNOWN_WRITER


def _of_carrier(commit: Commit, brought: list[Statement], register: Register) -> set[str]:
    """The writers of a commit that brings content with its approvals, such as a squash."""
    author = _author(commit, register)
    others = {one.person for one in brought if one.person != author and author not in one.writers}
    signers = {one.person for one in brought}
    people = {_known(one, register) for one in commit.coauthors} - signers
    needed = 2 if author == UNKNOWN_WRITER else 1
    return people if len(others) >= needed else people | {author}


def judge_authority(state: State, governing: Authority, evidence: Evidence) -> list[Judged]:
    """Judge the statements in the tree that name its protected set and were not judged before."""
    entered = []
    for digest in sorted(state.tree.about.get(AUTHORITY_ID, ())):
        found = state.tree.statement(digest)
        statement = found[1].statement if found else None
        if digest in state.judged or statement is None or statement.qms != governing.settings.qms:
            continue
        if statement.content != state.protected:
            continue
        verdict = signature(state, digest, evidence)
        if verdict is None or not verdict.ok:
            continue
        code, why = (
            _check_signer(statement, verdict, state.time, governing)
            or _check_authority(statement, state.time, governing)
            or ("", "")
        )
        item = _verdict(digest, statement, verdict, state, code, why)
        state.judged[digest] = item
        entered.append(item)
    return entered


def _check_authority(statement: Statement, moment: int, governing: Authority) -> tuple[str, str] | None:
    role = governing.settings.authority.role
    if statement.role != role:
        return "AP103", f"settings and people are changed by the role {role}, not {statement.role}"
    if failure := _check_role(statement, moment, governing):
        return failure
    founding = statement.content.digest == governing.digest
    if statement.predecessor != (None if founding else governing.digest):
        return "RV106", "it was signed on another set of protected files than the one that governs"
    return None
