"""Which git processes this process has started and not yet waited for."""

from __future__ import annotations

import gc
import os
from pathlib import Path


def git_children() -> list[int]:
    """Process ids of our own children that run git, or ran it and were never waited for (proc(5), stat).

    What only unreachable objects still hold has no owner any more: those are cleared away first.
    """
    gc.collect()
    return [int(stat.parent.name) for stat in Path("/proc").glob("[0-9]*/stat") if _is_git_of_ours(stat)]


def _is_git_of_ours(stat: Path) -> bool:
    try:
        text = stat.read_text(encoding="utf-8", errors="replace")
    except OSError:  # it ended meanwhile
        return False
    name, _, rest = text.partition("(")[2].rpartition(")")
    return name.startswith("git") and int(rest.split()[1]) == os.getpid()
