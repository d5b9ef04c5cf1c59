"""All flows by the id of their line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenarios import flows_dates, flows_files, flows_history, flows_keys, flows_shapes, flows_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.play import Play

FLOWS: dict[str, Callable[[Path], Play]] = {
    **flows_shapes.FLOWS,
    **flows_text.FLOWS,
    **flows_dates.FLOWS,
    **flows_files.FLOWS,
    **flows_keys.FLOWS,
    **flows_history.FLOWS,
}
