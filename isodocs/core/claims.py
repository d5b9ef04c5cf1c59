"""A tree judged by itself: nothing tells when a statement entered, so the time its signer claims is taken."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from isodocs.core.authority import day_start
from isodocs.core.document import type_of
from isodocs.core.identity import parse_time
from isodocs.core.lifecycle import capped
from isodocs.core.statement import Content, Meaning

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from isodocs.core.life import Approval, Life, Reaffirmation, State
    from isodocs.core.settings import Settings


def date_by_claims(state: State) -> None:
    """In a snapshot nothing tells when a statement entered: take the times that the signers claim.

    An approval then counts from the latest claimed time of its statements.
    """
    if state.authority is None:
        return
    zone = state.authority.settings.zone
    for name, life in state.lives.items():
        state.lives[name] = replace(
            life,
            approvals=tuple(_claimed(one, life, zone) for one in life.approvals),
            reaffirmations=tuple(
                _claimed_reaffirmation(one, name, life, state.authority.settings)
                for one in life.reaffirmations
            ),
            withdrawals=tuple(
                replace(
                    one, time=_claimed_time(Meaning.WITHDRAWN, life, life.approvals[-1].content, one.time)
                )
                for one in life.withdrawals
            ),
        )


def _claimed_time(meaning: Meaning, life: Life, content: Content, default: int) -> int:
    times = [parse_time(item.statement.time) for item in life.valid(meaning, content) if not item.weak]
    return max((one for one in times if one is not None), default=default)


def _claimed_reaffirmation(one: Reaffirmation, name: str, life: Life, settings: Settings) -> Reaffirmation:
    time = _claimed_time(Meaning.REAFFIRMED, life, one.content, one.time)
    return replace(one, time=time, due=capped(one.due, type_of(name), time, settings))


def _claimed(approval: Approval, life: Life, zone: ZoneInfo) -> Approval:
    time = _claimed_time(Meaning.APPROVED, life, approval.content, approval.time)
    day = approval.document.effective_date
    return replace(approval, time=time, effective_from=max(time, day_start(day, zone)) if day else time)
