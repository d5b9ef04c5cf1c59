"""Waivers and grace: what the settings set aside for a while, until when, why, and who signed it.

A waiver counts while it stands in the settings that were adopted, and until its day. What only stands in the
tree, unsigned, has no effect. Grace is the time by which the settings let every periodic review be late.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Any

from isodocs.core.identity import format_time
from isodocs.core.lifecycle import readable_authority
from isodocs.core.settings import SETTINGS_FILE
from isodocs.registers.chain import links

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from isodocs.core.library import Library
    from isodocs.core.settings import Settings, Waiver
    from isodocs.core.status import DocumentView
    from isodocs.registers.chain import Link

Row = dict[str, Any]

OVERDUE = "RD101"


class Standing(StrEnum):
    """Whether something that was set aside is so today."""

    IN_FORCE = "in-force"
    COMING = "coming"
    UNSIGNED = "unsigned"
    EXPIRED = "expired"


_ORDER = list(Standing)


def waivers(library: Library) -> list[Row]:
    """Every waiver of the adopted settings and of the tree, and every review that is late within grace.

    Args:
        library: a mainline, a branch or a snapshot.

    Returns:
        Rows with ``kind`` (waiver, grace), ``rule``, ``id``, ``until`` (the first day on which the rule
        counts again), ``reason``, ``standing``, ``signed_by``, ``since`` and ``commit`` (of the settings
        that brought it), ``root`` (they are those of the trust root), ``link`` (in the chain of authority).
        In force first, then by the day on which they end.
    """
    if library.state.authority is None:
        return []
    chain = links(library)
    found = [*_adopted(library, chain), *_in_tree(library), *_grace(library, chain)]
    return sorted(
        found,
        key=lambda row: (_ORDER.index(row["standing"]), row["until"], row["rule"], row["id"]),
    )


def _adopted(library: Library, chain: list[Link]) -> Iterator[Row]:
    for waiver in library.settings.waivers:
        standing = Standing.IN_FORCE if library.today < waiver.until else Standing.EXPIRED
        yield {**_row(waiver, standing), **_brought(chain, partial(_has, waiver))}


def _has(waiver: Waiver, settings: Settings) -> bool:
    return waiver in settings.waivers


def _in_tree(library: Library) -> Iterator[Row]:
    """Those of the tree that the adopted settings have not: signed on this branch, or not signed at all."""
    read = readable_authority(library.state.tree, library.evidence)
    adopted = library.state.authority
    coming = adopted.settings.waivers if adopted else ()
    for waiver in read[0].waivers if read else ():
        if waiver not in library.settings.waivers:
            yield {
                **_row(waiver, Standing.COMING if waiver in coming else Standing.UNSIGNED),
                **_nobody(),
            }


def _grace(library: Library, chain: list[Link]) -> Iterator[Row]:
    """The documents whose review is late, and let pass."""
    days = library.settings.review.grace_days
    views = library.base_views if library.base else library.views
    for name, view in views.items():
        if view.overdue and view.review_due and (library.today - view.review_due).days <= days:
            yield {
                **_late(name, view, days),
                **_brought(chain, lambda one: one.review.grace_days == days),
            }


def _late(name: str, view: DocumentView, days: int) -> Row:
    assert view.review_due is not None  # noqa: S101 - the caller asked
    return {
        "kind": "grace",
        "rule": OVERDUE,
        "id": name,
        "until": (view.review_due + timedelta(days=days + 1)).isoformat(),
        "reason": f"its review was due {view.review_due}; {SETTINGS_FILE} lets each be {days} days late",
        "standing": Standing.IN_FORCE.value,
    }


def _row(waiver: Waiver, standing: Standing) -> Row:
    return {
        "kind": "waiver",
        "rule": waiver.rule,
        "id": waiver.id,
        "until": waiver.until.isoformat(),
        "reason": waiver.reason,
        "standing": standing.value,
    }


def _nobody() -> Row:
    return {"signed_by": [], "since": None, "commit": None, "root": False, "link": None}


def _brought(chain: list[Link], has: Callable[[Settings], bool]) -> Row:
    """Who signed the settings that brought something, and when: the oldest that have had it ever since."""
    link = None
    for one in reversed(chain):
        if not has(one.settings):
            break
        link = one
    if link is None:
        return _nobody()
    return {
        "signed_by": sorted({link.register.name_on(item.statement) for item in link.items}),
        "since": format_time(link.adoption.time),
        "commit": link.adoption.commit or None,
        "root": link.is_root,
        "link": link.number,
    }
