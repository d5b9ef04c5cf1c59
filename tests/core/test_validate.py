"""From keys and values to a model: what fits, what does not, and where exactly."""

from __future__ import annotations

import time
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, Self

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import Field, model_validator

from isodocs.core import frontmatter
from isodocs.core.authority import Register
from isodocs.core.document import FrontMatter
from isodocs.core.nodes import Mapping
from isodocs.core.problem import Problem, Span
from isodocs.core.settings import Model, Settings
from isodocs.core.validate import M, validate

TOP = Span(1, 1, 9, 1)


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"


class Part(Model):
    name: str
    size: int = Field(default=1, ge=1, le=9)


class Whole(Model):
    """One of each kind."""

    title: str = Field(min_length=1)
    day: date | None = None
    count: int | None = None
    open: bool = False
    colour: Colour = Colour.RED
    word: Literal["one", "two"] = "one"
    short: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")] = "x"
    tags: tuple[str, ...] = ()
    days: tuple[date, ...] = ()
    parts: tuple[Part, ...] = ()
    part: Part | None = None
    named: dict[Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]*$")], Part] = Field(default_factory=dict)
    words: dict[str, str] = Field(default_factory=dict)
    from_: str | None = Field(default=None, alias="from")

    @model_validator(mode="after")
    def _no_clash(self) -> Self:
        if self.title == self.short:
            raise ValueError("title and short are the same")
        return self


def node(text: str) -> Mapping:
    found, problems = frontmatter.parse_yaml(text.encode())
    assert not problems
    assert isinstance(found, Mapping)
    return found


def read(text: str, model: type[M], **more: object) -> tuple[M | None, tuple[Problem, ...]]:
    return validate(node(text), model, span=TOP, **more)  # type: ignore[arg-type]


def one(text: str) -> Problem:
    """The only problem of a Whole with a title."""
    value, problems = read(f"title: t\n{text}\n", Whole)
    assert value is None or problems[0].code == "FM104"
    (found,) = problems
    return found


def test_everything_that_fits() -> None:
    value, problems = read(
        "title: 1.10\nday: 2026-02-28\ncount: 7\nopen: true\ncolour: green\nword: two\nshort: a-1\n"
        "tags: [no, 1, on]\ndays: [2026-01-01]\nparts:\n  - {name: a, size: 9}\npart: {name: b}\n"
        "named: {AB: {name: c}}\nwords: {x: y}\nfrom: here\n",
        Whole,
    )
    assert problems == ()
    assert value is not None
    assert value.title == "1.10"
    assert value.day == date(2026, 2, 28)
    assert (value.count, value.open, value.colour, value.word) == (7, True, Colour.GREEN, "two")
    assert value.tags == ("no", "1", "on")
    assert value.days == (date(2026, 1, 1),)
    assert value.parts == (Part(name="a", size=9),)
    assert value.part == Part(name="b")
    assert value.named == {"AB": Part(name="c")}
    assert value.words == {"x": "y"}
    assert value.from_ == "here"


def test_a_key_with_nothing_behind_it_counts_as_left_out() -> None:
    value, problems = read("title: t\nday:\ntags:\ncolour:\npart:\n", Whole)
    assert problems == ()
    assert value is not None
    assert (value.day, value.tags, value.colour, value.part) == (None, (), Colour.RED, None)


class TestUnknownKeys:
    def test_with_a_near_one(self) -> None:
        found = one("colur: red")
        assert (found.code, found.message, found.fix) == (
            "FM104",
            "The key `colur` is not known.",
            "Did you mean `colour`?",
        )
        assert found.span == Span(2, 1, 2, 6)

    def test_it_alone_does_not_spoil_the_model(self) -> None:
        value, problems = read("title: t\nnobody: x\n", Whole)
        assert value == Whole(title="t")
        assert [problem.code for problem in problems] == ["FM104"]

    def test_what_is_known_is_named(self) -> None:
        assert one("part: {name: x, zzz: y}").fix == "Known here: name, size."

    def test_in_a_document_the_ways_out_are_named(self) -> None:
        _, (found, *_) = read("zzz: x\n", FrontMatter, allow_x=True)
        assert found.fix == "Remove it, declare it under `fields` in isodocs.yml, or call it `x-zzz`."

    def test_declared_ones_are_let_pass_at_the_top_only(self) -> None:
        assert read("title: t\nmachine: [x]\n", Whole, extra=["machine"])[1] == ()
        assert len(read("title: t\npart: {name: x, machine: y}\n", Whole, extra=["machine"])[1]) == 1

    def test_declared_ones_are_suggested(self) -> None:
        _, (found,) = read("title: t\nmashine: x\n", Whole, extra=["machine"])
        assert found.fix == "Did you mean `machine`?"

    def test_extensions_only_where_allowed(self) -> None:
        assert read("title: t\nx-y: z\n", Whole, allow_x=True)[1] == ()
        assert len(read("title: t\nx-y: z\n", Whole)[1]) == 1
        assert len(read("title: t\npart: {name: x, x-y: z}\n", Whole, allow_x=True)[1]) == 1

    def test_the_python_name_of_an_aliased_key_is_unknown(self) -> None:
        assert one("from_: x").code == "FM104"


class TestMissingKeys:
    def test_at_the_top(self) -> None:
        value, (found,) = read("count: 1\n", Whole)
        assert value is None
        assert (found.code, found.message, found.fix) == (
            "FM106",
            "The key `title` is missing.",
            "Add a line `title: …`.",
        )
        assert found.span == TOP

    def test_within(self) -> None:
        found = one("part: {size: 2}")
        assert (found.code, found.message) == ("FM106", "The key `name` of `part` is missing.")
        assert found.span == Span(2, 7, 2, 16)

    def test_in_a_list(self) -> None:
        found = one("parts:\n  - name: a\n  - size: 2")
        assert found.message == "The key `name` of `parts[2]` is missing."
        assert found.span.line == 4

    def test_with_nothing_behind_it(self) -> None:
        _, (found,) = read("title:\n", Whole)
        assert (found.code, found.message) == ("FM106", "The key `title` has no value.")
        assert found.span == Span(1, 1, 1, 6)

    def test_the_aliased_name_is_named(self) -> None:
        _, problems = read("people:\n  a: {name: A, roles: [{role: r}]}\n", Register)
        assert problems[0].message == "The key `from` of `people.a.roles[1]` is missing."


class TestWrongTypes:
    @pytest.mark.parametrize(
        ("text", "message", "fix"),
        [
            ("day: 01.02.2026", "`day` must be a date, not `01.02.2026`.", "year, month and day"),
            ("day: 2026-02-30", "`day` must be a date, not `2026-02-30`.", "year, month and day"),
            ("day: 20260201", "`day` must be a date, not `20260201`.", "year, month and day"),
            ("day: 2026-02-01T00:00:00Z", "`day` must be a date", "year, month and day"),
            ("count: 1.5", "`count` must be a whole number, not `1.5`.", "digits"),
            ("count: 1_000", "`count` must be a whole number", "digits"),
            ("count: '٣'", "`count` must be a whole number", "digits"),
            ("open: yes", "`open` must be true or false, not `yes`.", "`true` or `false`"),
            ("open: 1", "`open` must be true or false, not `1`.", "`true` or `false`"),
            ("colour: gren", "`colour` must be one of `red`, `green`, not `gren`.", "Did you mean `green`?"),
            ("word: three", "`word` must be one of `one`, `two`, not `three`.", "Write one of these."),
            ("tags: a", "`tags` must be a list, not `a`.", "Write [a]."),
            ("tags: {a: b}", "`tags` must be a list, not keys with values.", ""),
            ("tags: [[a]]", "`tags[1]` must be a text, not a list.", ""),
            ("days: [x]", "`days[1]` must be a date, not `x`.", ""),
            ("part: a", "`part` must be keys with values, not `a`.", "key: value"),
            ("part: [a]", "`part` must be keys with values, not a list.", "key: value"),
            ("words: a", "`words` must be keys with values, not `a`.", ""),
            ("words: {a: [b]}", "`words.a` must be a text, not a list.", ""),
            ("day: [2026-01-01]", "`day` must be a date, not a list.", ""),
        ],
    )
    def test_kinds(self, text: str, message: str, fix: str) -> None:
        found = one(text)
        assert found.code == "FM105"
        assert found.message.startswith(message)
        assert fix in found.fix

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("short: A b", "`short` is not an id of a person or role."),
            ("part: {name: a, size: 0}", "`part.size` must be 1 or more."),
            ("part: {name: a, size: 10}", "`part.size` must be 9 or less."),
            ("named: {ab: {name: x}}", "`named.ab` cannot name a document type."),
        ],
    )
    def test_constraints(self, text: str, message: str) -> None:
        assert one(text).message == message

    def test_an_empty_text_that_is_meant(self) -> None:
        _, (found,) = read('title: ""\n', Whole)
        assert found.message == "`title` must not be empty."
        assert found.span == Span(1, 8, 1, 10)

    def test_the_place_of_a_key(self) -> None:
        assert one("named: {ab: {name: x}}").span == Span(2, 9, 2, 11)

    def test_the_place_of_a_value_in_a_list(self) -> None:
        assert one("tags: [a, [b], c]").span == Span(2, 11, 2, 14)

    def test_what_the_model_says_as_a_whole(self) -> None:
        _, (found,) = read("title: x\nshort: x\n", Whole)
        assert (found.message, found.span) == ("Title and short are the same.", TOP)

    def test_long_values_are_cut_short(self) -> None:
        assert len(one(f"day: {'9' * 500}").message) < 120

    def test_several_at_once_in_the_order_of_the_file(self) -> None:
        _, problems = read("colur: x\ncount: x\nday: x\n", Whole)
        assert [(problem.code, problem.span.line) for problem in problems] == [
            ("FM104", 1),
            ("FM106", 1),
            ("FM105", 2),
            ("FM105", 3),
        ]


class TestRealModels:
    def test_settings(self) -> None:
        value, problems = read(
            "format: 1\nqms: 3f0c6a52-6f0e-4b53-9f6e-0d7d3b1f2a10\ntitle: x\nauthority: {role: qm}\n"
            "types: {SOP: {title: x, approved: {assurance: sined, roles: [owner]}}}\n",
            Settings,
        )
        assert value is None
        assert problems[0].fix == "Did you mean `signed`?"
        assert problems[0].message.startswith("`types.SOP.approved.assurance` must be one of")

    def test_a_time_zone(self) -> None:
        _, problems = read("timezone: Europe/Berln\n", Settings)
        assert "`timezone` is no time zone of the tz database, such as Europe/Berlin." in {
            problem.message for problem in problems
        }

    def test_a_later_format(self) -> None:
        _, problems = read("format: 2\n", Register)
        assert problems[0].message == "`format` must be `1`, not `2`."

    def test_a_key_that_is_none(self) -> None:
        _, problems = read("people: {a: {name: A, keys: [{key: abc, from: 2025-01-01}]}}\n", Register)
        assert problems[0].message.startswith("`people.a.keys[1].key` is not an OpenSSH public key")

    def test_a_name_for_a_role_and_a_person(self) -> None:
        _, problems = read("roles: {a: {title: x}}\npeople: {a: {name: A}}\n", Register)
        assert problems[0].message == "A is both a role and a person; give one of them another id."


def test_many_unknown_keys_take_no_time() -> None:
    text = "".join(f"kez{number}: x\n" for number in range(6000))
    began = time.process_time()
    _, problems = read(f"title: t\n{text}", Whole)
    assert time.process_time() - began < 1
    assert len(problems) == 6000


_scalars = st.sampled_from(
    ["", "x", "1", "true", "2026-01-01", "red", "''", "[", "ä", "- a", "{a: b}", "~", "null"]
)
_keys = st.sampled_from(["title", "day", "tags", "part", "named", "words", "from", "zzz", "x-y", "<<"])


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(_keys, _scalars | st.text(max_size=12)), max_size=6))
def test_never_raises_and_points_into_the_text(pairs: list[tuple[str, str]]) -> None:
    text = "".join(f"{key}: {value}\n" for key, value in pairs)
    found, _ = frontmatter.parse_yaml(text.encode("utf-8", "replace"))
    if not isinstance(found, Mapping):
        return
    value, problems = validate(found, Whole, span=found.span, extra=["zzz"], allow_x=True)
    assert (value is None) == any(problem.code != "FM104" for problem in problems)
    for problem in problems:
        assert problem.code in {"FM104", "FM105", "FM106"}
        assert 1 <= problem.span.line <= text.count("\n") + 1
