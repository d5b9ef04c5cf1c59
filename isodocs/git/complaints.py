"""What to say when git will not: its own words turned into a sentence that says how to go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from isodocs.core.problem import CannotRun

if TYPE_CHECKING:
    from pathlib import Path

_DAMAGE = (
    "missing",
    "unable to read",
    "could not read",
    "bad object",
    "corrupt",
    "could not fetch",
    "traverse",
    "not a tree object",
    "garbage at end",
    "inflate",
    "does not match index",
    "too-short tree",
    "malformed",
    "bogus commit",
    "bad tree",
)
_INDEX_DAMAGE = (
    "index file corrupt",
    "index file smaller than expected",
    "unable to map index file",
    "bad signature 0x",
    "bad index",
)


class Truncated(CannotRun):
    """The history at hand is not all of it, or not as it was made (HX102)."""


def failure(command: str, code: int, err: str, index: Path, *, partial: bool) -> CannotRun:
    """Why a git command failed.

    Args:
        command: its name.
        code: its exit status, negative where a signal ended it.
        err: what it wrote to standard error.
        index: where the index lies.
        partial: whether the repository says that it is a partial clone.
    """
    words = first_line(err) or f"it ended with status {code}"
    if any(word in err for word in _INDEX_DAMAGE):
        return CannotRun(f"The index is damaged ({words}); remove {index} and run `git reset`.")
    if not is_damage(err):
        return CannotRun(f"`git {command}` failed: {words}.")
    if partial:
        return Truncated(
            f"HX102: this is a partial clone and objects are missing ({words}); "
            "clone again without `--filter`."
        )
    return CannotRun(f"The repository is damaged ({words}); run `git fsck`, or clone it again.")


def is_damage(err: str) -> bool:
    """Whether git complains of an object that is missing or broken."""
    return any(word in err.lower() for word in _DAMAGE)


def forged(name: str) -> CannotRun:
    """An object whose bytes are not those that its name stands for."""
    return CannotRun(
        f"The repository is forged or damaged: object {name} does not hold what its name says; "
        "clone it again from a place you trust."
    )


def no_repository(place: Path, err: str, told: str | None) -> CannotRun:
    """Why there is no repository to be read at a place; ``told`` is what GIT_DIR says."""
    if "dubious ownership" in err or "unsafe repository" in err:
        return CannotRun(
            f"{place} belongs to somebody else, so git does not trust it; "
            f"if you do, run `git config --global --add safe.directory {place}`."
        )
    if "not a git repository" in err:
        if told is not None:
            return CannotRun(f"GIT_DIR names {told}, which is no git repository; unset that variable.")
        if found := next((one / ".git" for one in (place, *place.parents) if (one / ".git").exists()), None):
            return CannotRun(f"git cannot use {found}: it is damaged or not readable; clone it again.")
        return CannotRun(f"{place} is not in a git repository; run `git init`, or name another folder.")
    return CannotRun(f"The repository at {place} cannot be read: {first_line(err)}.")


def first_line(err: str) -> str:
    """The line of git's complaint that names the cause."""
    lines = [line.strip() for line in err.splitlines() if line.strip() and not line.startswith("hint:")]
    fatal = [line for line in lines if line.startswith("fatal: ")]
    return (fatal or lines or [""])[0].removeprefix("fatal: ").removeprefix("error: ").rstrip(".")
