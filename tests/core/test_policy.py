"""Policies: whose signatures are asked, and when they are all there."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest
from core.test_statement import PLAIN
from hypothesis import given
from hypothesis import strategies as st

from isodocs.core.document import Document
from isodocs.core.policy import Requirement, requirement
from isodocs.core.settings import Settings
from isodocs.core.statement import Assurance, Meaning, Statement

SETTINGS = Settings.model_validate(
    {
        "qms": "3f0c6a52-6f0e-4b53-9f6e-0d7d3b1f2a10",
        "title": "Test",
        "authority": {"role": "qm"},
        "types": {
            "SOP": {
                "title": "Procedure",
                "approved": {"roles": ["owner", "qm"]},
                "withdrawn": {"roles": ["qm"], "assurance": "unsigned"},
                "distinct_people": "true",
            }
        },
    }
)
DOCUMENT = Document("a" * 64, id="SOP-001", owner="engineering", approvers=("jane", "sales"))


def by(person: str, role: str, assurance: Assurance = Assurance.SIGNED) -> Statement:
    return replace(PLAIN, person=person, role=role, assurance=assurance)


class TestWhatIsAsked:
    def test_owner_stands_for_the_documents_own_and_its_approvers_are_added(self) -> None:
        asked = requirement(SETTINGS, DOCUMENT, Meaning.APPROVED)
        assert asked == Requirement(frozenset({"engineering", "qm", "jane", "sales"}), distinct_people=True)

    def test_a_meaning_without_its_own_policy_takes_the_roles_of_approved(self) -> None:
        asked = requirement(SETTINGS, DOCUMENT, Meaning.REAFFIRMED)
        assert asked is not None
        assert asked.roles == {"engineering", "qm"}

    def test_a_meaning_with_its_own_takes_that(self) -> None:
        asked = requirement(SETTINGS, DOCUMENT, Meaning.WITHDRAWN)
        assert asked is not None
        assert asked == Requirement(frozenset({"qm"}), Assurance.UNSIGNED, distinct_people=True)

    def test_an_unknown_type_has_none(self) -> None:
        assert requirement(SETTINGS, replace(DOCUMENT, id="FRM-001"), Meaning.APPROVED) is None


class TestWhenItIsSatisfied:
    def test_one_signature_from_each_role(self) -> None:
        asked = Requirement(frozenset({"a", "b"}))
        assert asked.missing([]) == {"a", "b"}
        assert asked.missing([by("jane", "a"), by("max", "a")]) == {"b"}
        assert asked.satisfied([by("jane", "a"), by("jane", "b")])

    def test_a_role_that_is_not_asked_serves_nothing(self) -> None:
        assert not Requirement(frozenset({"a"})).satisfied([by("jane", "b")])

    @pytest.mark.parametrize("weak", [Assurance.WITNESSED, Assurance.UNSIGNED, Assurance.LEGACY])
    def test_weaker_than_asked_does_not_count(self, weak: Assurance) -> None:
        assert not Requirement(frozenset({"a"})).satisfied([by("jane", "a", weak)])

    def test_legacy_never_counts(self) -> None:
        asked = Requirement(frozenset({"a"}), Assurance.LEGACY)
        assert not asked.satisfied([by("jane", "a", Assurance.LEGACY)])
        assert asked.satisfied([by("jane", "a", Assurance.UNSIGNED)])

    def test_distinct_people_are_found_whatever_the_order(self) -> None:
        asked = Requirement(frozenset({"a", "b", "c"}), distinct_people=True)
        signed = [by("jane", "a"), by("jane", "b"), by("max", "a"), by("anna", "c"), by("jane", "c")]
        assert all(asked.satisfied(order) for order in permutations(signed))
        assert not asked.satisfied([by("jane", "a"), by("jane", "b"), by("anna", "c")])

    @given(st.sets(st.tuples(st.sampled_from("pqrs"), st.sampled_from("abcd"))))
    def test_distinct_people_equals_trying_all(self, pairs: set[tuple[str, str]]) -> None:
        roles = ("a", "b", "c", "d")
        asked = Requirement(frozenset(roles), distinct_people=True)
        tried = any(
            all((person, role) in pairs for person, role in zip(order, roles, strict=True))
            for order in permutations("pqrs")
        )
        assert asked.satisfied([by(person, role) for person, role in pairs]) == tried
