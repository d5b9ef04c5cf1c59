"""What the naive model answers: status of every id on a day, in the notation of SCENARIOS.md and as items."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from model.naive import Approved, Life, capped, satisfied
from model.reading import end_of_day

if TYPE_CHECKING:
    from model.fold import Fold
    from model.naive import Draft


@dataclass(frozen=True)
class Item:
    """One id on a day."""

    id: str
    status: str
    revision: str
    effective_from: int | None
    review_due: date | None
    overdue: bool
    challenged: bool
    upcoming: tuple[tuple[str, int], ...]
    draft: Draft | None


def moment(fold: Fold, when: str) -> int:
    """The second that "as of" means: a day's last, or the time told."""
    assert fold.authority
    if "T" in when:
        return int(datetime.fromisoformat(when).timestamp())
    return end_of_day(when, fold.authority.zone)


def items(fold: Fold, when: str) -> list[Item]:
    """Every id known on a day, sorted."""
    now = moment(fold, when)
    steps = sum(time <= now for time in fold.times)
    if not steps:
        return []
    drafts = fold.drafts[steps - 1]
    known = {name for name, life in fold.lives.items() if any(one.time <= now for one in life.approved)}
    return [_item(fold, name, now, drafts.get(name)) for name in sorted(known | set(drafts))]


def as_of(life: Life, now: int) -> Life:
    """What had happened by then."""
    return Life(
        [one for one in life.approved if one.time <= now],
        [one for one in life.withdrawn if one.time <= now],
        [one for one in life.reaffirmed if one.time <= now],
    )


def _item(fold: Fold, identity: str, now: int, draft: Draft | None) -> Item:
    life = as_of(fold.life(identity), now)
    current = life.in_force(now)
    last = life.withdrawn[-1].step if life.withdrawn else -1
    coming = [] if life.ended else [one for one in life.approved if one.step > last and one.start > now]
    upcoming = [one for one in coming if current is None or one.step > current.step]
    due = review_due(life, current) if current else None
    return Item(
        id=identity,
        status=_status(life, current, upcoming, draft),
        revision=_revision(life, current, upcoming, draft),
        effective_from=current.start if current else None,
        review_due=due,
        overdue=bool(due and fold.authority and fold.authority.local_day(now) > due),
        challenged=bool(current and is_challenged(fold, identity, current, now)),
        upcoming=tuple((one.number, one.start) for one in upcoming),
        draft=draft,
    )


def _status(life: Life, current: Approved | None, upcoming: list[Approved], draft: Draft | None) -> str:
    if current:
        return "effective"
    # Choice: withdrawn, but approved anew for a day to come, is approved.
    if upcoming:
        return "approved"
    if life.withdrawn:
        return "withdrawn"
    return draft.status if draft else "draft"


def _revision(life: Life, current: Approved | None, upcoming: list[Approved], draft: Draft | None) -> str:
    if current:
        return current.number
    if upcoming:
        return upcoming[-1].number
    if life.withdrawn:
        return [one for one in life.approved if one.step <= life.withdrawn[-1].step][-1].number
    return draft.revision if draft else ""


def review_due(life: Life, current: Approved) -> date:
    """The next date of the latest reaffirmation of the revision in force, else its own."""
    for one in reversed(life.reaffirmed):
        if one.content == current.content:
            return one.due
    return capped(current.rules, current.text, current.text.said("review_date"), current.time)


def is_challenged(fold: Fold, identity: str, current: Approved, now: int) -> bool:
    """Whether, without what revoked keys signed since they were lost, the policy would not be satisfied."""
    standing = [
        one.statement
        for one in fold.valid(identity, current.content, "approved")
        if one.time <= now and not _lost(fold, one.statement.sha, one.time)
    ]
    return not satisfied(current.rules, current.text, "approved", standing)


def _lost(fold: Fold, sha: str, entered: int) -> bool:
    """Whether the key that signed is known by now to have been lost when the statement entered."""
    rules = fold.authority
    assert rules
    for person in rules.people:
        for key in rules.entries(person, "keys"):
            revoked = key.get("revoked")
            same = " ".join(key["key"].split()[:2]) == fold.keys.get(sha)
            if same and isinstance(revoked, dict) and rules.midnight(revoked["compromised_since"]) <= entered:
                return True
    return False


def rendered(item: Item) -> str:
    """An item in the notation of SCENARIOS.md."""
    if item.status in ("draft", "in-review", "returned"):
        return f"{item.id} {item.status.replace('-', ' ')} {item.revision}"
    words = [f"{item.id} {item.status}" + (f" {item.revision}" if item.status != "withdrawn" else "")]
    if item.status == "approved":
        words = [f"{item.id} approved {','.join(number for number, _ in item.upcoming)}"]
    elif item.upcoming:
        words.append(f"approved {','.join(number for number, _ in item.upcoming)}")
    if item.draft:
        words.append(f"{item.draft.status.replace('-', ' ')} {item.draft.revision}")
    words += ["overdue"] * item.overdue + ["challenged"] * item.challenged
    return " / ".join(words)
