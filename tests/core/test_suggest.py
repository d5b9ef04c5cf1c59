"""Did you mean …? A good guess or none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isodocs.core.suggest import closest

KEYS = [
    *(
        "id",
        "title",
        "type",
        "owner",
        "revision",
        "review_date",
        "effective_date",
        "change",
        "approvers",
        "clauses",
    ),
    *(
        "supersedes",
        "related",
        "audience",
        "classification",
        "retention",
        "process",
        "site",
        "language",
        "training",
    ),
    *(
        "change_class",
        "change_ref",
        "impact",
        "valid_until",
        "parent",
        "records",
        "payload",
        "external",
        "replaced_by",
    ),
]
PEOPLE = ["jane-doe", "john-doe", "max-roe", "quality-manager", "operations-manager", "managing-director"]


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("titel", "title"),
        ("tilte", "title"),
        ("Title", "title"),
        ("TITLE", "title"),
        ("revison", "revision"),
        ("reviewdate", "review_date"),
        ("review-date", "review_date"),
        ("review date", "review_date"),
        ("effectiv_date", "effective_date"),
        ("onwer", "owner"),
        ("approver", "approvers"),
        ("clasification", "classification"),
        ("retension", "retention"),
        ("supercedes", "supersedes"),
        ("langauge", "language"),
        ("audiance", "audience"),
        ("procces", "process"),
        ("replacedby", "replaced_by"),
    ],
)
def test_a_key_that_was_meant(word: str, meant: str) -> None:
    assert closest(word, KEYS) == meant


@pytest.mark.parametrize(
    "word", ["", "x", "ab", "author", "status", "zebra", "date", "reviewer", "page", "-", "🛠"]
)
def test_no_guess_beats_a_silly_one(word: str) -> None:
    assert closest(word, KEYS) is None


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("jane-deo", "jane-doe"),
        ("Jane Doe", "jane-doe"),
        ("quality-manger", "quality-manager"),
        ("qualty-manger", "quality-manager"),
        ("maxroe", "max-roe"),
        ("jxxx-doe", None),
        ("manager", None),
    ],
)
def test_a_person_or_role_that_was_meant(word: str, meant: str | None) -> None:
    assert closest(word, PEOPLE) == meant


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("SOP-01", None),
        ("SOP-0011", None),
        ("sop-001", "SOP-001"),
        ("SPO-012", "SOP-012"),
        ("SOP001", "SOP-001"),
    ],
)
def test_ids_that_are_all_alike(word: str, meant: str | None) -> None:
    assert closest(word, [f"SOP-{number:03}" for number in range(1, 20)]) == meant


def test_two_equally_near_are_no_guess() -> None:
    assert closest("cat", ["bat", "rat"]) is None
    assert closest("cat", ["bat", "rat", "Cat"]) == "Cat"


def test_the_word_itself_is_no_guess() -> None:
    assert closest("title", ["title"]) is None


def test_a_very_long_word_takes_no_time() -> None:
    assert closest("x" * 100_000, KEYS) is None
    assert closest("title", ["y" * 100_000]) is None


@given(st.text(max_size=30), st.lists(st.text(max_size=30), max_size=10))
def test_a_guess_is_one_of_the_candidates(word: str, candidates: list[str]) -> None:
    found = closest(word, candidates)
    assert found is None or (found in candidates and found != word)
    assert found == closest(word, reversed(candidates))
