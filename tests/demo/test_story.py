"""The story fits the example company, and its people keep the company's own rules."""

from __future__ import annotations

from datetime import date

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from isodocs.core import document, policy
from isodocs.core.reading import read_document, read_register, read_settings
from isodocs.core.statement import Meaning
from isodocs.demo.files import example_files, own_files
from isodocs.demo.story import STORY_FILE, Calendar, Edit, Story, When, read_story
from isodocs.demo.texts import MisfittingEdit, Texts, edited

STORY = read_story()
EXAMPLE = example_files()
DAYS = Calendar(STORY.today, STORY.zone)
TEXTS = Texts(STORY, EXAMPLE, DAYS)
SETTINGS, _ = read_settings(EXAMPLE["isodocs.yml"])
REGISTER, _ = read_register(EXAMPLE["people.yml"])
COMMITS = [step.commit for step in STORY.steps() if step.commit]
SIGNED = [(commit, signing) for commit in COMMITS for signing in commit.sign]


@pytest.mark.parametrize("name", STORY.texts)
class TestTexts:
    def test_it_is_a_readable_document(self, name: str) -> None:
        assert SETTINGS is not None
        path = TEXTS.path(name)
        reading = read_document(path, TEXTS.files(name)[path], SETTINGS.fields)
        assert reading.problems == ()
        assert reading.document.id == name.partition("@")[0]
        assert reading.document.revision == name.partition("@")[2].partition("-")[0]
        assert bool(reading.document.change) == (reading.document.revision != "1")

    def test_what_it_embeds_comes_with_it(self, name: str) -> None:
        files, path = TEXTS.files(name), TEXTS.path(name)
        embeds = document.read(files[path]).embeds
        assert {document.resolve(path, one) for one in embeds} == files.keys() - {path}

    def test_it_is_written_once(self, name: str) -> None:
        assert [name for commit in COMMITS for one in commit.write if one == name] == [name]


@pytest.mark.parametrize("name", STORY.expected.effective | STORY.expected.upcoming)
def test_the_last_approved_text_has_the_words_of_the_example(name: str) -> None:
    number = (STORY.expected.effective | STORY.expected.upcoming)[name]
    path = TEXTS.path(f"{name}@{number}")
    ours, theirs = (document.read(data) for data in (TEXTS.files(f"{name}@{number}")[path], EXAMPLE[path]))
    assert ours.body_digest == theirs.body_digest
    assert (ours.revision, ours.change) == (theirs.revision, theirs.change)


class TestPeople:
    def test_nobody_approves_what_they_wrote(self) -> None:
        for commit, signing in SIGNED:
            if signing.meaning in {Meaning.APPROVED, Meaning.RETURNED} and signing.text:
                assert commit.by not in STORY.authors(signing.text), signing.text

    def test_all_roles_sign_that_the_policy_asks(self) -> None:
        assert SETTINGS is not None
        roles: dict[str, set[str | None]] = {}
        for _, signing in SIGNED:
            if signing.meaning is Meaning.APPROVED and signing.text:
                roles.setdefault(signing.text, set()).add(signing.role)
        for name, signed in roles.items():
            facts = document.read(TEXTS.files(name)[TEXTS.path(name)])
            asked = policy.requirement(SETTINGS, facts, Meaning.APPROVED)
            assert asked is not None
            assert asked.roles == signed

    def test_everybody_is_in_the_register(self) -> None:
        assert REGISTER is not None
        acting = {step.when.by for step in STORY.steps()} | {STORY.visitor, *STORY.identity_checked_by}
        assert acting <= REGISTER.people.keys()

    def test_nobody_checks_their_own_identity(self) -> None:
        assert REGISTER is not None
        assert all(STORY.checker(person) != person for person in REGISTER.people)

    def test_authors_include_those_of_a_first_go(self) -> None:
        assert STORY.authors("SOP-012@2") == ("tomas-wiklund",)
        assert STORY.authors("MAN-001@9") == ()


class TestTime:
    def test_steps_follow_each_other(self) -> None:
        times = [DAYS.moment(step.when) for step in STORY.steps()]
        assert times == sorted(times)

    def test_days_and_times_are_those_of_the_company(self) -> None:
        summer = Calendar(date(2025, 6, 2), STORY.zone)
        assert summer.moment(When(by="x", day=0, time="10:00")) == 1748851200
        assert summer.git_date(1748851200) == "@1748851200 +0200"
        assert summer.day(-1) == date(2025, 6, 1)

    def test_at_most_a_week_between_a_signature_and_its_fast_forward(self) -> None:
        """HX104: later it would have to be merged, or rebased."""
        for event in STORY.events:
            last = event.steps[-1].merge
            if last and last.kind == "ff":
                signed = [step.commit.day for step in event.steps if step.commit and step.commit.sign]
                assert last.day - min(signed) <= 7


class TestModel:
    def test_a_step_is_one_thing(self) -> None:
        value = yaml.safe_load(STORY_FILE.read_text("utf-8"))
        value["events"][0]["steps"][0]["merge"] = {"kind": "ff", "by": "x", "day": 0, "time": "10:00"}
        with pytest.raises(ValidationError, match="either a commit or a merge"):
            Story.model_validate(value)

    def test_a_misspelt_key_is_refused(self) -> None:
        value = yaml.safe_load(STORY_FILE.read_text("utf-8"))
        value["events"][0]["steps"][0]["commit"]["sing"] = []
        with pytest.raises(ValidationError, match="sing"):
            Story.model_validate(value)


class TestEdits:
    def test_places_are_exact(self) -> None:
        edits = [Edit(old="two", new="2"), Edit(old="one", new="")]
        assert edited("one two three", edits, "here") == " 2 three"

    @pytest.mark.parametrize(
        ("text", "old"), [("a a", ["a"]), ("b", ["a"]), ("abc", ["ab", "bc"]), ("abc", ["abc", "b"])]
    )
    def test_misfits(self, text: str, old: list[str]) -> None:
        with pytest.raises(MisfittingEdit, match="here"):
            edited(text, [Edit(old=one, new="x") for one in old], "here")

    @given(st.lists(st.text("ab", min_size=1, max_size=3), min_size=1, max_size=4))
    def test_an_edit_back_restores(self, words: list[str]) -> None:
        text = "".join(f"<{number}:{word}>" for number, word in enumerate(words))
        there = [Edit(old=f"<{number}:", new=f"[{number}:") for number in range(len(words))]
        back = [Edit(old=one.new, new=one.old) for one in there]
        assert edited(edited(text, there, ""), back, "") == text


class TestFiles:
    def test_the_example_comes_without_what_is_made_from_it(self) -> None:
        assert not [path for path in EXAMPLE if path.startswith(("signatures/", "site/"))]
        assert {"isodocs.yml", "people.yml", "mkdocs.yml", ".gitattributes"} <= EXAMPLE.keys()

    def test_hooks_are_local_and_run_what_runs_here(self) -> None:
        value = yaml.safe_load(own_files()[".pre-commit-config.yaml"])
        (repo,) = value["repos"]
        assert repo["repo"] == "local"
        assert {hook["language"] for hook in repo["hooks"]} == {"system"}
        assert value["default_install_hook_types"] == ["pre-commit", "pre-merge-commit", "pre-push"]
