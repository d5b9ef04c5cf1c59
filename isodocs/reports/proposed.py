"""What a person sees before he signs: what changed, and what the statement will say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from isodocs.core.statement import Assurance, Meaning
from isodocs.core.text import visible
from isodocs.reports import redline

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from isodocs.core.life import Approval
    from isodocs.core.statement import Content, Statement
    from isodocs.core.subject import Subject

SAYS = {
    Meaning.AUTHORED: "that you wrote it",
    Meaning.REVIEWED: "that you reviewed it before its issue",
    Meaning.APPROVED: "that you approve it",
    Meaning.RETURNED: "that you send it back to its author",
    Meaning.REAFFIRMED: "that you reviewed it and it stays as it is",
    Meaning.ACKNOWLEDGED: "that you have read and understood it",
    Meaning.WITHDRAWN: "that it is taken out of force",
    Meaning.AUTHORITY: "that these settings, people and protected files shall govern",
}
_VERBS = {
    Meaning.AUTHORED: "Sign as author",
    Meaning.REVIEWED: "Review",
    Meaning.APPROVED: "Approve",
    Meaning.RETURNED: "Return",
    Meaning.REAFFIRMED: "Reaffirm",
    Meaning.ACKNOWLEDGED: "Acknowledge",
    Meaning.WITHDRAWN: "Withdraw",
}
_NAMED_IN_MESSAGE = 3


def change(about: Subject, texts: Mapping[str, bytes], *, colour: bool) -> str:
    """The text against the last approved revision; nothing where this very text is approved already.

    Args:
        about: what is to be signed.
        texts: the texts of both, by their SHA-256.
        colour: whether to colour what came and went.
    """
    if about.approval is not None:
        return ""
    new = f"revision {about.document.revision}"
    if not about.before.approvals:
        return redline.text(None, texts[about.document.sha256], ("", new), colour=colour)
    last = about.before.approvals[-1]
    names = (f"revision {last.revision}", new)
    return redline.text(texts[last.document.sha256], texts[about.document.sha256], names, colour=colour) or (
        f"The text is that of revision {last.revision}; only what it embeds differs."
    )


def news(about: Subject, texts: Mapping[str, bytes], *, colour: bool) -> str:
    """An approved revision against the one before it: what its reader learns anew.

    Args:
        about: what is to be signed; empty where it is no approved revision.
        texts: the texts of both, by their SHA-256.
        colour: whether to colour what came and went.
    """
    if about.approval is None:
        return ""
    before = previous(about)
    old = texts[before.document.sha256] if before else None
    names = (f"revision {before.revision}" if before else "", f"revision {about.approval.revision}")
    return redline.text(old, texts[about.document.sha256], names, colour=colour)


def previous(about: Subject) -> Approval | None:
    """The revision approved before the one that is to be signed, if that is approved."""
    approvals = about.before.approvals
    earlier = [one for one in approvals if about.approval is not None and one.step < about.approval.step]
    return earlier[-1] if earlier else None


def summary(about: Subject, made: Statement) -> str:
    """What the statement will say, a line each."""
    role = f", as {made.role}" if made.role else ""
    lines = [
        ("Name", f"{made.name} ({made.person}){role}"),
        ("Written by", ", ".join(made.writers) or "unknown"),
        *(("Embeds", one) for one in embedded(about)),
        ("Reason", made.reason or ""),
        ("Next review", made.next_review or ""),
        ("SHA-256", made.content.document or ""),
    ]
    head = f"{made.id} revision {made.revision}: {visible(about.document.title)}"
    parts = ["", head, f"  You sign {SAYS[made.meaning]}."]
    parts += [f"  {name + ':':<13}{value}" for name, value in lines if value]
    if made.assurance is Assurance.UNSIGNED:
        parts.append("  It will stand WITHOUT a signature, and be shown as such.")
    if about.approval is not None and made.meaning is Meaning.APPROVED:
        parts.append("  This revision is approved already; your signature is added to the others.")
    return "\n".join(parts)


def embedded(about: Subject) -> list[str]:
    """The embedded files, each with what became of it since the last approved revision."""
    old = dict(about.before.approvals[-1].content.embedded) if about.before.approvals else {}
    if about.approval is not None:
        return [visible(path) for path, _ in about.content.embedded]
    new = dict(about.content.embedded)
    return [
        f"{visible(path)} ({_became(old.get(path), new.get(path))})"
        for path in sorted(old.keys() | new.keys())
    ]


def _became(old: str | None, new: str | None) -> str:
    if old is None:
        return "new"
    if new is None:
        return "no longer embedded"
    return "unchanged" if old == new else "changed"


def changed_files(old: Content | None, new: Content) -> list[str]:
    """The protected files that differ between the set that governs and the new one."""
    before, after = dict(old.embedded) if old else {}, dict(new.embedded)
    return sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))


def authority(old: Content | None, new: Content, texts: Mapping[str, bytes], *, colour: bool) -> str:
    """What changes in settings, people and protected files, and what is signed."""
    before, after = dict(old.embedded) if old else {}, dict(new.embedded)
    changed = changed_files(old, new)
    parts = [
        redline.text(
            texts.get(before.get(path, "")),
            texts.get(after.get(path, ""), b""),
            (f"{path} (governs)", path if path in after else f"{path} (removed)"),
            colour=colour,
        )
        for path in changed
    ]
    return "\n".join([*parts, "", f"You sign {SAYS[Meaning.AUTHORITY]}: {', '.join(changed)}."])


def deeds(made: Sequence[Statement]) -> str:
    """Several statements of one meaning as a commit message."""
    if len(made) > _NAMED_IN_MESSAGE:
        return f"{_VERBS[made[0].meaning]} {len(made)} documents"
    names = [f"{one.id} revision {one.revision}" for one in made]
    return f"{_VERBS[made[0].meaning]} {', '.join(names)}"


def deed(made: Statement) -> str:
    """The statement as a commit message."""
    if made.meaning is Meaning.AUTHORITY:
        return "Authorise settings and people"
    return f"{_VERBS[made.meaning]} {made.id} revision {made.revision}"
