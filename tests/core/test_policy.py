"""Policies: whose signatures are asked, and when they are all there."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, permutations, product

import pytest
from core.test_statement import PLAIN
from hypothesis import given
from hypothesis import strategies as st

from isodocs.core.document import Document
from isodocs.core.life import Judged
from isodocs.core.policy import Requirement, reach, requirement
from isodocs.core.settings import Settings
from isodocs.core.statement import Assurance, Meaning

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


def by(person: str, role: str, assurance: Assurance = Assurance.SIGNED, signer: str = "") -> Judged:
    made = replace(PLAIN, person=person, role=role, assurance=assurance, signer=signer or person)
    return Judged("", made, 0, "", 0)


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


Said = tuple[str, str, str]
"""Signer, person, role."""


def apart(chosen: tuple[Said, ...]) -> bool:
    """Whether no two of them share a signer, and no two a person."""
    signers, persons = ({one[place] for one in chosen} for place in (0, 1))
    return len(signers) == len(persons) == len(chosen)


class TestDeputies:
    @given(
        st.sets(
            st.tuples(st.sampled_from("pqrs"), st.sampled_from("pqrs"), st.sampled_from("abc")), max_size=9
        )
    )
    def test_signers_and_persons_differ_as_trying_all_says(self, said: set[Said]) -> None:
        roles = ("a", "b", "c")
        asked = Requirement(frozenset(roles), distinct_people=True)
        tried = any(map(apart, product(*([one for one in said if one[2] == role] for role in roles))))
        items = [by(person, role, signer=signer) for signer, person, role in said]
        assert asked.satisfied(items) == tried

    @given(st.sets(st.tuples(st.sampled_from("pqrs"), st.sampled_from("pqrs")), max_size=9))
    def test_a_quorum_is_the_most_that_can_be_chosen(self, pairs: set[tuple[str, str]]) -> None:
        said = [(signer, person, "a") for signer, person in pairs]
        most = max(size for size in range(5) if any(map(apart, combinations(said, size))))
        assert reach(by(person, role, signer=signer) for signer, person, role in said) == most

    def test_the_roles_that_miss_are_told_where_one_deputy_filled_all(self) -> None:
        asked = Requirement(frozenset({"a", "b"}), distinct_people=True)
        items = [by("jane", "a", signer="tom"), by("anna", "b", signer="tom")]
        assert asked.missing(items) == {"b"}
        assert asked.satisfied([*items, by("anna", "b")])

    def test_many_people_in_many_roles_take_no_time(self) -> None:
        """Nine people for ten roles, each in all of them: there is no answer, and it is found at once."""
        roles = tuple("abcdefghij")
        asked = Requirement(frozenset(roles), distinct_people=True)
        items = [by(f"p{number}", role) for number in range(9) for role in roles]
        assert asked.missing(items) == {"j"}
        assert asked.satisfied([*items, by("last", "a")])

    def test_a_list_of_people_takes_no_time(self) -> None:
        people = [f"p{number}" for number in range(40)]
        asked = Requirement(frozenset(people), distinct_people=True)
        assert asked.missing([by(one, one) for one in people[1:]]) == {"p0"}


class TestUserVerification:
    def test_only_what_says_so_counts(self) -> None:
        asked = Requirement(frozenset({"a"}), user_verification=True)
        assert not asked.satisfied([by("jane", "a")])
        assert asked.satisfied([replace(by("jane", "a"), user_verified=True)])

    def test_a_device_does_not_make_up_for_what_else_is_asked(self) -> None:
        asked = Requirement(frozenset({"a"}), user_verification=True)
        assert not asked.satisfied([replace(by("jane", "a", Assurance.WITNESSED), user_verified=True)])
        assert not asked.satisfied([replace(by("jane", "b"), user_verified=True)])

    def test_it_is_taken_from_the_meaning_s_own_policy(self) -> None:
        kind = SETTINGS.types["SOP"]
        strict = kind.approved.model_copy(update={"user_verification": True})
        types = {"SOP": kind.model_copy(update={"approved": strict})}
        settings = SETTINGS.model_copy(update={"types": types})
        for meaning in (Meaning.APPROVED, Meaning.REAFFIRMED):
            asked = requirement(settings, DOCUMENT, meaning)
            assert asked is not None
            assert asked.user_verification
        own = requirement(settings, DOCUMENT, Meaning.WITHDRAWN)
        assert own is not None
        assert not own.user_verification
