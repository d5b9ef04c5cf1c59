"""Every statement there is: who said what, and why it counts or not. What ``isodocs verify`` tells.

A statement was judged once, when it entered; that verdict is repeated here. What the tree holds today is
held beside it: a statement that is gone, or whose signature was altered since.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from isodocs.core import judging
from isodocs.core.document import SIGNATURES
from isodocs.core.identity import format_time
from isodocs.core.policy import requirement
from isodocs.core.statement import ON_APPROVED_REVISION, WITHOUT_ROLE, Assurance, Meaning, Statement
from isodocs.core.status import Status
from isodocs.core.tree import AUTHORITY_ID, StatementFile, is_statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.core.library import Library
    from isodocs.core.life import Judged, Verdict
    from isodocs.core.policy import Requirement

Row = dict[str, Any]

UNREADABLE, BAD, WEAK, WAITS = "AP108", "AP105", "AP107", "AP109"
GONE = "HX105"
NOT_VERIFIED = "the policy asks for hardware keys that knew their user, and this signature does not say so"


class Standing(StrEnum):
    """What became of a statement."""

    COUNTS = "counts"
    WEAK = "weak"
    IDLE = "idle"
    VOID = "void"
    WAITS = "waits"
    BAD = "bad"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Finding:
    """One statement, or what should be one.

    Attributes:
        id: the document; ``_authority`` for settings and people; empty where nothing tells.
        standing: what became of it.
        code: of the rule that it breaks; empty where it counts.
        why: a clause without full stop.
        path: where it lies in the tree; empty where it is gone.
        digest: SHA-256 of the statement's file.
        statement: what it says; None where that cannot be read.
        judged: the verdict when it entered; None before.
        fingerprint: of the key that its signature carries, as far as that can be read.
        fails: it should count and does not, so the check as a whole fails.
    """

    id: str
    standing: Standing
    code: str
    why: str
    path: str
    digest: str
    statement: Statement | None
    judged: Judged | None
    fingerprint: str
    fails: bool


def findings(library: Library, name: str | None = None) -> list[Finding]:
    """Every statement of the tree, and those that were judged and are gone.

    Args:
        library: a mainline, a branch or a snapshot.
        name: of this document only; ``_authority`` for settings and people.

    Returns:
        Sorted by document, then revision as first signed, then claimed time.
    """
    found = [*_judged(library), *_not_judged(library), *_unreadable(library)]
    chosen = [one for one in found if name is None or one.id == name]
    first: dict[tuple[str, str | None], str] = {}
    for one in sorted(chosen, key=_time):
        first.setdefault((one.id, _revision(one)), _time(one))
    return sorted(
        chosen, key=lambda one: (one.id, first[one.id, _revision(one)], _time(one), one.path, one.digest)
    )


def _time(one: Finding) -> str:
    return one.statement.time if one.statement else "~"


def _revision(one: Finding) -> str | None:
    return one.statement.revision if one.statement else None


def _judged(library: Library) -> Iterator[Finding]:
    """The statements that entered, or were void when they came."""
    for digest, item in library.state.judged.items():
        statement = item.statement
        found = library.state.tree.statement(digest, statement.id or AUTHORITY_ID)
        path = found[0] if found else ""
        code, why, standing = item.code, item.why, Standing.VOID if item.code else Standing.COUNTS
        if not code and (lack := _weakness(library, item)):
            code, why, standing = WEAK, lack, Standing.WEAK
        elif not code and (lack := _idleness(library, item)):
            why, standing = lack, Standing.IDLE
        fails = (
            standing in {Standing.VOID, Standing.WEAK}
            and _is_current(library, item)
            and not _is_outweighed(library, item)
        )
        if item.valid and _is_current(library, item) and (broken := _broken(library, item, path)):
            code, why, fails = *broken, True
        yield Finding(
            statement.id or AUTHORITY_ID,
            standing,
            code,
            why,
            path,
            digest,
            statement,
            item,
            item.fingerprint,
            fails,
        )


def _broken(library: Library, item: Judged, path: str) -> tuple[str, str] | None:
    """Why the evidence of a statement that counts is no longer whole."""
    if not path:
        return GONE, "it counts, but its file was removed since; restore it from git"
    if item.statement.assurance is Assurance.UNSIGNED:
        return None
    verdict = judging.signature(library.state, item.digest, library.evidence, item.statement.about)
    if verdict is None:
        return BAD, "it counts, but its .sig was removed since; restore it from git"
    if not verdict.ok:
        return BAD, f"it counts, but its .sig was altered since ({verdict.why}); restore it from git"
    return None


def _weakness(library: Library, item: Judged) -> str:
    """Whether a valid statement is below the assurance that the policy asks for, and how."""
    asked = _asked(library, item)
    if item.statement.meaning is Meaning.AUTHORITY:
        return NOT_VERIFIED if item.weak else ""
    if asked is None or asked.is_strong(item):
        return ""
    if item.statement.assurance.rank >= asked.assurance.rank:
        return NOT_VERIFIED
    return f"the policy asks for {asked.assurance} statements, and it is {item.statement.assurance}"


def _idleness(library: Library, item: Judged) -> str:
    """Whether nobody asks for the role in which a valid statement was signed."""
    asked = _asked(library, item)
    if asked is None or item.statement.role in asked.roles:
        return ""
    return f"no policy asks for a signature as {item.statement.role}"


def _asked(library: Library, item: Judged) -> Requirement | None:
    """What the policy asks for its meaning: of an approved revision, the policy it was approved under."""
    statement, authority = item.statement, library.state.authority
    if statement.meaning in WITHOUT_ROLE or statement.id is None or authority is None:
        return None
    approval = library.state.life(statement.id).approved(statement.content)
    if approval is not None and statement.meaning is Meaning.APPROVED:
        return approval.requirement
    found = library.state.tree.find(statement.id)
    document = approval.document if approval else found[1] if found else None
    return requirement(authority.settings, document, statement.meaning) if document else None


def _is_current(library: Library, item: Judged) -> bool:
    """Whether it is about what stands now: in force, coming, being drafted, or governing."""
    statement = item.statement
    if statement.meaning is Meaning.AUTHORITY:
        authority, current = library.state.authority, library.state.protected
        digests = {one.digest for one in (authority, current) if one is not None}
        return statement.content.digest in digests
    view = library.views.get(statement.id or "")
    if view is None:
        return False
    contents = [
        one.approval.content for one in view.revisions if one.status in {Status.EFFECTIVE, Status.APPROVED}
    ]
    if view.draft is not None and view.draft.content is not None:
        contents.append(view.draft.content)
    return statement.content in contents


def _is_outweighed(library: Library, item: Judged) -> bool:
    """Whether valid statements did what a void one was to do."""
    statement = item.statement
    if statement.meaning is Meaning.AUTHORITY:
        authority = library.state.authority
        return authority is not None and (
            authority.digest == statement.content.digest or authority.step >= item.step
        )
    life = library.state.life(statement.id or "")
    match statement.meaning:
        case Meaning.WITHDRAWN:
            return any(one.step >= item.step for one in life.withdrawals)
        case Meaning.REAFFIRMED:
            return any(one.step >= item.step for one in life.reaffirmations)
        case Meaning.ACKNOWLEDGED:
            valid = life.valid(Meaning.ACKNOWLEDGED, statement.content)
            return any(one.statement.person == statement.person for one in valid)
    return life.approved(statement.content) is not None


def _not_judged(library: Library) -> Iterator[Finding]:
    """The statements of the tree that did not enter yet: foreign, badly signed, or waiting."""
    authority = library.state.authority
    for name, digest in library.index.waiting:
        found = library.state.tree.statement(digest, name)
        statement = found[1].statement if found else None
        if found is None or statement is None or authority is None:
            continue
        verdict = judging.signature(library.state, digest, library.evidence, name)
        fingerprint = verdict.fingerprint if verdict else ""
        if statement.qms != authority.settings.qms:
            standing, code, why = Standing.UNREADABLE, UNREADABLE, "it belongs to another management system"
        elif reason := _bad(statement, verdict):
            standing, code, why = Standing.BAD, BAD, reason
        else:
            standing, code, why = Standing.WAITS, WAITS, _awaits(library, statement)
        fails = standing is not Standing.WAITS
        yield Finding(name, standing, code, why, found[0], digest, statement, None, fingerprint, fails)


def _bad(statement: Statement, verdict: Verdict | None) -> str:
    if statement.assurance in {Assurance.UNSIGNED, Assurance.LEGACY}:
        return ""
    if verdict is None:
        return "its signature, the .sig beside it, is missing"
    return "" if verdict.ok else verdict.why


def _awaits(library: Library, statement: Statement) -> str:
    """What a statement waits for: what it names is not here."""
    if statement.meaning is Meaning.AUTHORITY:
        return "settings, people and protected files are not those that it names"
    paths = library.state.tree.paths.get(statement.id or "", frozenset())
    if len(paths) > 1:
        return f"{len(paths)} files have the id {statement.id}"
    if statement.meaning in ON_APPROVED_REVISION:
        return f"revision {statement.revision} was not approved before it came"
    if not paths:
        return f"there is no document {statement.id} here"
    return f"the text of {statement.id} here is not the one that it names"


def _unreadable(library: Library) -> Iterator[Finding]:
    """Files where statements belong that are none."""
    tree = library.state.tree
    for path, entry in sorted(tree.files.items()):
        if not is_statement(path):
            continue
        reading = tree.readings.get(entry.oid) if entry.regular else StatementFile("", None, "it is no file")
        if reading is not None and reading.statement is None:
            name = path.removeprefix(SIGNATURES).partition("/")[0]
            yield Finding(
                id=name,
                standing=Standing.UNREADABLE,
                code=UNREADABLE,
                why=reading.why,
                path=path,
                digest=reading.digest,
                statement=None,
                judged=None,
                fingerprint="",
                fails=True,
            )


def row(library: Library, one: Finding) -> Row:
    """A finding as a row, for machines; keys as in ``history`` where they mean the same."""
    statement, judged = one.statement, one.judged
    said = _said(library, statement) if statement else dict.fromkeys(_SAID)
    return {
        "id": one.id,
        **said,
        "standing": one.standing.value,
        "valid": one.standing in {Standing.COUNTS, Standing.WEAK, Standing.IDLE},
        "counts": one.standing is Standing.COUNTS,
        "code": one.code or None,
        "why": one.why,
        "fails": one.fails,
        "entered": format_time(judged.time) if judged and judged.commit else None,
        "commit": (judged.commit or None) if judged else None,
        "key": (judged.key or None) if judged else None,
        "fingerprint": one.fingerprint or None,
        "path": one.path or None,
        "statement": one.digest or None,
    }


_SAID = (
    "revision",
    "meaning",
    "person",
    "name",
    "role",
    "role_title",
    "signer",
    "time",
    "claimed",
    "assurance",
    "reason",
    "next_review",
    "writers",
    "content",
    "document",
    "predecessor",
    "source",
)


def _said(library: Library, statement: Statement) -> Row:
    """What a statement says itself."""
    role = library.register.roles.get(statement.role or "")
    return {
        "revision": statement.revision,
        "meaning": statement.meaning.value,
        "person": statement.person,
        "name": library.register.name_on(statement),
        "role": statement.role,
        "role_title": role.title if role else None,
        "signer": statement.signer,
        "time": statement.time,
        "claimed": statement.assurance is not Assurance.WITNESSED,
        "assurance": statement.assurance.value,
        "reason": statement.reason,
        "next_review": statement.next_review,
        "writers": list(statement.writers),
        "content": statement.content.digest,
        "document": statement.content.document,
        "predecessor": statement.predecessor,
        "source": statement.source,
    }
