"""AU101, unauthorised-change: settings, people or protected files differ from those that govern.

What: The protected files of the judged tree are not the set that was adopted last, or cannot be read; the
old set still governs. Or they were adopted only by an authority that the same push brings. On a working
branch it is a warning until the change is to be merged. Where the settings name a role for `recovery`, its
quorum adopts a set as well; `isodocs verify` says so for ever.

Why: These files say who may approve and what readers see. Whoever could change them unsigned could approve
anything (ISO 9001, 5.3).

Good: The change of people.yml comes with an `isodocs authorise` of the quality manager.

Bad: Somebody grants himself a role and pushes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isodocs.core.library import Judged
from isodocs.core.lifecycle import readable_authority
from isodocs.core.problem import Problem, Profile, Severity
from isodocs.core.settings import ALWAYS_PROTECTED, SETTINGS_FILE
from isodocs.rules.base import ERROR, WARNING, Family, quote_list, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.core.library import Library
    from isodocs.core.life import Authority, State

UNFINISHED = frozenset({Judged.INDEX, Judged.TREE})


def check(library: Library) -> Iterator[Problem]:
    """Compare the tree's protected files with those that govern, and the two folds of a push."""
    state, authority = library.state, library.state.authority
    if library.judged is Judged.SNAPSHOT or authority is None or state.protected is None:
        return
    if state.protected.digest != authority.digest or readable_authority(state.tree, library.evidence) is None:
        yield _unsigned(library, authority)
    elif library.held is not None and _digest(library.held) != authority.digest:
        message = "The settings or people counted only by an authority that came with the same push."
        fix = "Push the first change alone, and have the second one signed after it."
        yield Problem("AU101", message, fix, SETTINGS_FILE)


def _unsigned(library: Library, authority: Authority) -> Problem:
    names = _changed(library, authority)
    unreadable = readable_authority(library.state.tree, library.evidence) is None
    what = quote_list(names) or "A protected file"
    verb = "have" if len(names) > 1 else "has"
    if unreadable:
        message = f"{quote_list(list(ALWAYS_PROTECTED), 'or')} cannot be read; the last signed set governs."
        fix = "Correct the file, then have it signed: isodocs authorise"
    else:
        message = f"{what} {verb} changed without a signature; the last signed set governs."
        need = authority.settings.authority
        fix = f"Have it signed by {need.quorum} × {need.role}: isodocs authorise"
        if need.recovery is not None:
            fix += f" (where that quorum is lost: {need.recovery.quorum} × {need.recovery.role})"
    return Problem("AU101", message, fix, names[0] if names else SETTINGS_FILE, severity=_ceiling(library))


def _ceiling(library: Library) -> Severity:
    """On a branch the signature may still come."""
    unfinished = library.judged in UNFINISHED and library.profile is Profile.DRAFT
    return WARNING if unfinished else ERROR


def _changed(library: Library, authority: Authority) -> list[str]:
    """The protected files that differ from the governing set, as far as that set is known."""
    here = dict(library.state.protected.embedded) if library.state.protected else {}
    for one in (library.base, library.held):
        if one is not None and one.protected is not None and one.protected.digest == authority.digest:
            return _differing(dict(one.protected.embedded), here)
    for item in library.state.authority_log:
        if item.statement.content.digest == authority.digest:
            return _differing(dict(item.statement.content.embedded), here)
    return sorted(path for path in library.touched_paths if authority.scope.protects(path))


def _differing(old: dict[str, str], new: dict[str, str]) -> list[str]:
    return sorted(path for path in old.keys() | new.keys() if old.get(path) != new.get(path))


def _digest(state: State) -> str:
    return state.authority.digest if state.authority else ""


RULE = rule(__doc__, "AU101", "unauthorised-change", Family.AUTHORITY, check, everywhere=True)
