"""Histories that are cut or rewritten on this machine, and so refused (HX102)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from isodocs.git.complaints import Truncated
from isodocs.git.places import lines

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

REPLACED = "refs/replace/"


def refuse_cut(common_dir: Path) -> None:
    """Refuse a clone without its beginning, by git's own small files (gitrepository-layout(5)).

    Raises:
        Truncated: it is shallow, or has grafts.
    """
    if lines(common_dir / "shallow"):
        raise Truncated("HX102: this clone is shallow, history is missing; run `git fetch --unshallow`.")
    if lines(common_dir / "info" / "grafts"):
        raise Truncated("HX102: grafts change the history here; remove the file info/grafts below .git.")


def refuse_replaced(refs: Iterable[str]) -> None:
    """Refuse a repository in which refs below ``refs/replace/`` put other objects in the place of some.

    Raises:
        Truncated: there are such refs.
    """
    for ref in refs:
        name = ref.removeprefix(REPLACED)
        raise Truncated(f"HX102: objects are replaced here; run `git replace -d {name}` for each of them.")
