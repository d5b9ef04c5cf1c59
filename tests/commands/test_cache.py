"""``isodocs cache``: what is kept is shown, and goes when it should."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from support.office import run

if TYPE_CHECKING:
    from pathlib import Path

    from support.office import Office


def kept(office: Office) -> list[Path]:
    return list((office.root / ".git").glob("isodocs/cache/*/*/*"))


def test_a_reading_leaves_something_that_is_shown_and_can_be_cleared(office: Office) -> None:
    office.ok("cache", "--clear")
    assert "what is in force" not in office.ok("cache")
    before = office.ok("list")
    shown = office.ok("cache")
    assert "state" in shown
    assert "what is in force" in shown
    told = json.loads(office.ok("cache", "--format", "json"))
    assert told["enabled"] is True
    assert [row["kind"] for row in told["items"]] == ["git", "state"]
    assert sum(one.stat().st_size for one in kept(office)) == sum(row["bytes"] for row in told["items"])
    assert office.ok("list") == before
    assert "Removed" in office.ok("cache", "--clear")
    assert kept(office) == []
    office.ok("cache", "--clear")
    assert office.ok("list") == before


def test_it_can_be_left_out(office: Office) -> None:
    office.ok("cache", "--clear")
    ended = run("list", env={**office.env("jane"), "ISODOCS_NO_CACHE": "1"}, cwd=office.root)
    assert ended.status == 0
    assert kept(office) == []
