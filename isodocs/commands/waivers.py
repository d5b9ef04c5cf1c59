"""What is set aside for a while: waivers of rules, and grace for late reviews."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from isodocs import workspace
from isodocs.commands.options import (
    as_of_option,
    format_option,
    mainline_option,
    snapshot_option,
    start,
    trust_root_option,
)
from isodocs.commands.output import envelope, remark, say, say_json
from isodocs.registers.waivers import waivers as register
from isodocs.reports import waivers as report
from isodocs.rules.registry import BY_CODE

if TYPE_CHECKING:
    from isodocs.core.library import Library

    Row = dict[str, Any]


@click.command()
@as_of_option
@mainline_option
@trust_root_option
@snapshot_option
@format_option("text", "json")
def waivers(form: str, **options: Any) -> int:
    r"""List what is set aside for a while: which rule, for which document, until when, why, and who signed.

    A waiver stands in isodocs.yml and counts once the settings are signed, until its day.

    \b
    isodocs waivers
    isodocs waivers --as-of 2026-12-31 --format json
    """
    library = workspace.open_reading(start(), with_branch=True, **options)
    if library is None:
        if form == "json":
            say_json(envelope("waivers", None, [], grace_days=0))
        else:
            say("There is no commit on the mainline yet, so nothing is waived.")
        return 0
    for note in library.notes:
        remark(note)
    rows = [_with_rule(library, row) for row in register(library)]
    grace = library.settings.review.grace_days
    if form == "json":
        say_json(envelope("waivers", library, rows, grace_days=grace))
    else:
        say(report.text(rows, grace=grace, zone=library.settings.timezone))
    return 0


def _with_rule(library: Library, row: Row) -> Row:
    """The row with the name of its rule, and what makes it serve nothing."""
    rule = BY_CODE.get(row["rule"])
    faults = []
    if rule is None:
        faults.append(f"there is no rule {row['rule']}, so it serves nothing")
    if row["id"] not in {*library.views, *library.base_views, *library.by_id}:
        faults.append(f"there is no document {row['id']}, so it serves nothing")
    return {**row, "about": rule.name if rule else None, "faults": faults}
