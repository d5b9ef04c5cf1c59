"""Status: what the fold's knowledge means on a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from core.test_judging import DOC, QM, folded
from core.test_lifecycle import reaffirmed, withdrawn
from support.company import Kind, Settings
from support.library import Mainline, founded, seconds, text

from isodocs.core import lifecycle, status
from isodocs.core.status import DocumentView, Status

if TYPE_CHECKING:
    from isodocs.core.life import State


def seen(line: Mainline, when: str = "", name: str = "WI-001") -> DocumentView:
    """A document at a time."""
    state = folded(line)
    found = status.view(state, line.evidence(), seconds(when) if when else state.time)
    return {one.id: one for one in found}[name]


def later(line: Mainline, revision: str, effective: str, day: str) -> Mainline:
    """The next revision, approved on a day for another one."""
    return line.approve(
        "WI-001", text("WI-001", revision, effective_date=effective), "jane", revision=revision, day=day
    )


def told(line: Mainline, when: str) -> list[tuple[str, Status]]:
    return [(one.approval.revision, one.status) for one in seen(line, when).revisions]


def test_before_the_root_there_is_nothing() -> None:
    line = Mainline().commit({"README.md": "x"})
    evidence = line.evidence()
    state: State = lifecycle.start(evidence)
    assert status.view(state, evidence, 0) == ()


def test_a_draft_alone_speaks_for_its_document() -> None:
    line = founded().commit({"documents/WI-002.md": text("WI-002")}, day="2026-02-02")
    view = seen(line, name="WI-002")
    assert (view.status, view.path) == (Status.DRAFT, "documents/WI-002.md")
    assert view.document is not None
    assert view.draft is not None
    assert view.draft.revision == "1"


def test_what_is_in_force_speaks_before_a_draft() -> None:
    line = founded().commit({DOC: text("WI-001", "2")}, day="2026-02-02")
    view = seen(line)
    assert view.document is not None
    assert (view.document.revision, view.path, view.status) == ("1", DOC, Status.EFFECTIVE)


def test_what_was_approved_last_speaks_for_a_withdrawn_document() -> None:
    line = withdrawn(founded(), "jane", "2026-03-01").commit({DOC: None}, day="2026-03-02")
    view = seen(line)
    assert view.document is not None
    assert (view.document.revision, view.path, view.status) == ("1", DOC, Status.WITHDRAWN)
    assert told(line, "2026-03-03") == [("1", Status.WITHDRAWN)]
    assert (view.review_due, view.overdue) == (None, False)


def test_an_id_that_only_statements_name_is_no_document() -> None:
    line = founded()
    line.write({"documents/WI-002.md": text("WI-002")})
    line.sign("WI-002", "anna")
    line.commit(day="2026-02-02").commit({"documents/WI-002.md": None}, day="2026-02-03")
    state = folded(line)
    assert "WI-002" in state.lives
    assert [one.id for one in status.view(state, line.evidence(), state.time)] == ["SOP-001", "WI-001"]


def test_a_view_without_text_shows_none() -> None:
    line = founded().commit(
        {"documents/WI-002.md": text("WI-002"), "documents/b.md": text("WI-002")}, day="2026-02-02"
    )
    view = seen(line, name="WI-002")
    assert (view.document, view.path, view.draft, view.status) == (None, "", None, Status.DRAFT)


def test_overtaken_before_its_date() -> None:
    line = later(founded(), "2", "2026-06-01", "2026-02-02")
    later(line, "3", "2026-04-15", "2026-03-01")
    assert told(line, "2026-03-02") == [
        ("1", Status.EFFECTIVE), ("2", Status.APPROVED), ("3", Status.APPROVED)
    ]  # fmt: skip
    assert told(line, "2026-04-15") == [
        ("1", Status.SUPERSEDED), ("2", Status.SUPERSEDED), ("3", Status.EFFECTIVE)
    ]  # fmt: skip
    second = seen(line, "2026-06-02").revisions[1]
    assert (second.effective_from, second.effective_until) == (None, None)


@pytest.mark.parametrize(
    ("when", "expected"),
    [("2026-05-31T21:59:59Z", Status.APPROVED), ("2026-05-31T22:00:00Z", Status.EFFECTIVE)],
)
def test_the_first_second_of_a_day(when: str, expected: Status) -> None:
    line = later(founded(), "2", "2026-06-01", "2026-02-02")
    assert told(line, when)[1] == ("2", expected)


def test_withdrawn_before_its_date() -> None:
    line = later(founded(), "2", "2026-06-01", "2026-02-02")
    line.known["WI-001"] = folded(line).life("WI-001").approvals[1].predecessor or ""
    line.sign("WI-001", "jane", meaning="withdrawn", revision="2")
    line.commit(day="2026-04-01")
    assert told(line, "2026-06-02") == [("1", Status.WITHDRAWN), ("2", Status.WITHDRAWN)]
    first, second = seen(line, "2026-06-02").revisions
    assert (first.effective_until, second.effective_from) == (seconds("2026-04-01"), None)


def test_brought_back_for_a_day_to_come() -> None:
    line = withdrawn(founded(), "jane", "2026-03-01")
    line.known["WI-001"] = folded(line).life("WI-001").predecessor or ""
    later(line, "2", "2026-06-01", "2026-04-01")
    assert seen(line, "2026-04-02").status is Status.APPROVED
    assert seen(line, "2026-06-02").status is Status.EFFECTIVE
    assert told(line, "2026-06-02") == [("1", Status.WITHDRAWN), ("2", Status.EFFECTIVE)]


def test_overdue_after_the_day_not_on_it() -> None:
    line = founded()
    assert str(seen(line).review_due) == "2027-12-31"
    assert not seen(line, "2027-12-31T22:59:59Z").overdue
    assert seen(line, "2027-12-31T23:00:00Z").overdue


def test_a_reaffirmation_moves_the_day() -> None:
    line = reaffirmed(founded(), "jane", "2027-12-01", next_review="2028-06-01")
    assert str(seen(line).review_due) == "2028-06-01"
    assert not seen(line, "2028-01-15").overdue


def test_approved_by_its_author_where_the_type_lets_him() -> None:
    line = Mainline(Settings(kinds={"WI": Kind((QM,), independence="none")})).company()
    line.write({DOC: text("WI-001")})
    line.sign("WI-001", "jane", writers=["jane"])
    line.commit(who="jane")
    (one,) = seen(line).revisions
    assert one.approved_by_author
    assert not founded_is_by_author()


def founded_is_by_author() -> bool:
    return seen(founded()).revisions[0].approved_by_author


def test_an_old_text_put_back_is_a_draft() -> None:
    line = founded()
    old = line.files[DOC][1]
    line.approve("WI-001", text("WI-001", "2"), "jane", revision="2", day="2026-02-02")
    line.commit({DOC: old}, day="2026-02-03")
    draft = seen(line).draft
    assert draft is not None
    assert (draft.revision, draft.status) == ("1", Status.DRAFT)
