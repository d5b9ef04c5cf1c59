"""Seals as values: made, written, read strictly, and held against another history."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from support.company import usual_register
from support.library import Mainline, founded, text
from support.statements import canonical, sha256

from isodocs.core.library import Judged
from isodocs.core.seal import FORMAT, Seal, UnreadableSeal, encode, read
from isodocs.core.seal_check import Difference, Kind, compare, step_on_mainline
from isodocs.core.sealing import make

if TYPE_CHECKING:
    from collections.abc import Callable

    from isodocs.core.library import Library

NOW = "2026-10-01"


def story(leave_out: str = "", until: int = 99, days: int = 0) -> Mainline:
    """Two documents over half a year: revisions, a reaffirmation, a withdrawal, a role given and taken back.

    Args:
        leave_out: statements whose path holds this never were, nor their signatures.
        until: how many commits there are at most.
        days: how many days later all but the root happens.
    """
    line = founded()
    acts: list[Callable[[], object]] = [
        lambda: _revised(line),
        lambda: _said(line, "WI-001", "tom", "acknowledged", role=None),
        lambda: _said(line, "SOP-001", "anna", "reaffirmed", role="process-owner"),
        lambda: _said(line, "SOP-001", "jane", "reaffirmed", next_review="2027-06-01"),
        lambda: _register(line, granted=True),
        lambda: _register(line, granted=False),
        lambda: _said(line, "WI-001", "eve", "returned"),
        lambda: _withdrawn(line),
    ]
    for number, act in enumerate(acts[: until - 1], 2):
        line.day = f"2026-{number:02}-{1 + days:02}"
        act()
        if line.waiting:
            for path in [one for one in line.waiting if leave_out and leave_out in one]:
                del line.waiting[path]
            line.commit()
    return line


def _revised(line: Mainline) -> None:
    line.write({"documents/WI-001.md": text("WI-001", "2")})
    line.sign("WI-001", "jane", revision="2")


def _said(line: Mainline, name: str, person: str, meaning: str, **more: Any) -> None:
    approval = line.library(Judged.MAINLINE, base=None).state.life(name).approvals[-1]
    wanted = {"revision": approval.revision, "predecessor": approval.predecessor, **more}
    line.sign(name, person, meaning=meaning, **wanted)


def _withdrawn(line: Mainline) -> None:
    _said(line, "WI-001", "jane", "withdrawn")


def _register(line: Mainline, *, granted: bool) -> None:
    before = line.authority()
    line.register = usual_register().granting("max", "quality-manager") if granted else usual_register()
    line.company()
    line.sign_authority("jane", predecessor=before)


def mainline(line: Mainline) -> Library:
    return line.library(Judged.MAINLINE, base=None, moment=NOW)


def sealed(line: Mainline) -> Seal:
    return make(mainline(line), signer="jane", name="Jane")


def statements(line: Mainline) -> list[str]:
    """The statements of the mainline, by the end of their paths."""
    return [path.removesuffix(".json") for path in line.files if path.endswith(".json")]


class TestMaking:
    def test_what_it_says_of_the_whole(self) -> None:
        line = story()
        seal = sealed(line)
        assert (seal.format, seal.kind, seal.signer, seal.name) == (FORMAT, "seal", "jane", "Jane")
        assert (seal.commit, seal.root, seal.steps) == (
            line.steps[-1].commit.oid,
            line.steps[0].commit.oid,
            9,
        )
        assert (seal.made, seal.time) == ("2026-10-01T09:00:00Z", "2026-09-01T09:00:00Z")
        assert seal.object_format == "sha1"
        assert seal.counts.model_dump() == {
            "documents": 2,
            "revisions": 3,
            "statements": 11,
            "in_force": 1,
            "withdrawn": 1,
            "sets": 3,
        }

    def test_a_document_in_force(self) -> None:
        line = story()
        one = sealed(line).documents["SOP-001"]
        library = mainline(line)
        approval = library.state.life("SOP-001").approvals[0]
        assert one.in_force is not None
        assert (one.in_force.revision, one.in_force.content) == ("1", approval.content.digest)
        assert list(one.in_force.approved_by) == sorted(
            sha256(line.files[f"{path}.json"][1]) for path in statements(line) if "SOP-001/1/approved" in path
        )
        assert one.revisions == {"1": "2026-01-05T09:00:00Z"}
        assert [len(names) for names in one.entered.values()] == [2, 1, 1]

    def test_statements_are_called_as_their_files(self) -> None:
        line = story()
        seal = sealed(line)
        names = {
            f"signatures/{name}/{one.partition(' ')[0]}"
            for name, doc in seal.documents.items()
            for one in doc.names
        }
        assert names == {one for one in statements(line) if "_authority" not in one}

    def test_a_void_one_says_so(self) -> None:
        (name,) = [one for one in sealed(story()).documents["WI-001"].names if "returned.eve" in one]
        assert name.endswith(" void AP106")

    def test_a_withdrawn_document(self) -> None:
        one = sealed(story()).documents["WI-001"]
        assert (one.in_force, one.withdrawn) == (None, "2026-09-01T09:00:00Z")

    def test_what_is_not_in_force_yet(self) -> None:
        line = founded()
        line.approve(
            "WI-001", text("WI-001", "2", effective_date="2026-12-01"), "jane", revision="2", day="2026-02-02"
        )
        one = sealed(line).documents["WI-001"]
        assert one.in_force is not None
        assert one.in_force.revision == "1"
        assert one.revisions["2"] == "2026-11-30T23:00:00Z"

    def test_the_sets_that_governed(self) -> None:
        first, second, third = sealed(story()).authority.sets
        assert (first.signed, first.recovered) == ((), False)
        assert second.signed[0].startswith("authority.jane.")
        assert third.content == first.content
        assert third.signed != second.signed

    def test_a_draft_is_no_part_of_it(self) -> None:
        line = founded(drafts=True)
        line.commit({"documents/WI-002.md": text("WI-002")})
        assert set(sealed(line).documents) == {"SOP-001", "WI-001"}


class TestReading:
    def test_back_and_forth(self) -> None:
        seal = sealed(story())
        data = encode(seal)
        assert read(data) == seal
        assert canonical(json.loads(data)) == data

    def test_every_byte_counts(self) -> None:
        """Altered, left out or doubled anywhere, it is no seal, or another one, which nobody signed."""
        seal = sealed(founded())
        data = encode(seal)
        for place in range(0, len(data), 3):
            for changed in (
                data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :],
                data[:place] + data[place + 1 :],
                data[:place] + data[place : place + 1] + data[place:],
            ):
                if changed == data:
                    continue
                with suppress(UnreadableSeal):
                    assert read(changed) != seal

    @pytest.mark.parametrize(
        ("data", "why"),
        [
            (b"", "is no seal of isodocs: it is not JSON in ASCII"),
            (b"\xff", "is no seal of isodocs: it is not JSON in ASCII"),
            (b"[" * 100_000, "is no seal of isodocs: it is not JSON in ASCII"),
            (b"[]\n", "is no seal of isodocs"),
            (b"{}\n", "is no seal of isodocs"),
            (
                b'{"kind": "seal", "format": 2}',
                "has format 2, and this isodocs reads format 1; use a newer isodocs",
            ),
            (b'{"kind": "seal", "format": true}', "has format True, and this isodocs reads format 1"),
            (b'{"kind": "seal", "format": "1"}', "has format 1, and this isodocs reads format 1"),
            (b'{"kind": "seal"}', "has format None, and this isodocs reads format 1"),
            (b'{"kind": "seal", "format": 1}', "is damaged: qms is missing or makes no sense"),
        ],
    )
    def test_what_is_none(self, data: bytes, why: str) -> None:
        with pytest.raises(UnreadableSeal) as caught:
            read(data)
        assert str(caught.value) == why

    @pytest.mark.parametrize(
        ("key", "value"),
        [
            ("made", "2026-13-01T00:00:00Z"),
            ("made", "yesterday"),
            ("commit", "main"),
            ("root", "0" * 39),
            ("steps", "9"),
            ("object_format", "md5"),
            ("signer", "Jane Doe"),
            ("qms", "x"),
            ("documents", []),
            ("authority", None),
            ("extra", 1),
        ],
    )
    def test_values_that_make_no_sense(self, key: str, value: object) -> None:
        changed = {**json.loads(encode(sealed(founded()))), key: value}
        with pytest.raises(UnreadableSeal, match=f"is damaged: ({key}|it is not in canonical form)"):
            read(canonical(changed))


class TestComparing:
    """The pure mainlines number their commits, so a rebuilt one has the same: only what they hold differs."""

    def test_itself(self) -> None:
        line = story()
        found = compare(sealed(line), mainline(line))
        assert found.holds
        assert (found.stands, found.grown, found.differences) == (True, 0, ())

    @pytest.mark.parametrize("until", range(1, 10))
    def test_every_beginning_holds_in_the_whole(self, until: int) -> None:
        found = compare(sealed(story(until=until)), mainline(story()))
        assert found.holds, found.differences
        assert found.grown == 9 - until

    @pytest.mark.parametrize("until", range(1, 9))
    def test_the_whole_does_not_hold_in_a_beginning(self, until: int) -> None:
        found = compare(sealed(story()), mainline(story(until=until)))
        assert not found.holds
        assert not found.stands
        assert found.differences[0].item == "commit"
        assert {one.kind for one in found.differences} <= {Kind.MISSING, Kind.CHANGED}

    @pytest.mark.parametrize("path", sorted(statements(story())))
    def test_each_statement_that_never_was_is_told(self, path: str) -> None:
        whole = sealed(story())
        if path.endswith(tuple(statements(founded()))):
            line = founded()
            del line.files[f"{path}.json"]
            rest = Mainline(files={}, blobs=line.blobs)
            rest.commit({name: data for name, (_, data) in line.files.items()})
            found = compare(sealed(founded()), mainline(rest))
        else:
            found = compare(whole, mainline(story(leave_out=path.rpartition("/")[2])))
        assert not found.holds
        missing = [one for one in found.differences if one.kind is Kind.MISSING]
        assert any(path.endswith(one.name) for one in missing if one.item == "statement") or any(
            one.item == "document" for one in missing
        )

    def test_what_came_besides_is_new(self) -> None:
        found = compare(sealed(story(leave_out="acknowledged")), mainline(story()))
        assert [(one.kind, one.id, one.item) for one in found.differences] == [
            (Kind.NEW, "WI-001", "statement")
        ]

    def test_other_dates(self) -> None:
        found = compare(sealed(story()), mainline(story(days=3)))
        changed = {(one.id, one.item): (one.sealed, one.found) for one in found.differences}
        assert changed["WI-001", "revision"] == (
            "effective from 2026-02-01T09:00:00Z",
            "effective from 2026-02-04T09:00:00Z",
        )
        assert changed["WI-001", "withdrawal"] == ("2026-09-01T09:00:00Z", "2026-09-04T09:00:00Z")
        _, found_set = changed["_authority", "authority set"]
        assert found_set is not None
        assert found_set.startswith("since 2026-07-04T09:00:00Z, signed authority.")

    def test_the_same_names_and_other_bytes(self) -> None:
        """Twelve digits of a digest name a statement; the digest of them all holds them."""
        line = story()
        seal = sealed(line)
        one = seal.documents["WI-001"]
        other = one.model_copy(update={"digest": "0" * 64})
        forged = seal.model_copy(update={"documents": {**seal.documents, "WI-001": other}})
        found = compare(forged, mainline(line))
        assert found.differences == (
            Difference(Kind.CHANGED, "WI-001", "digest", "of all that entered", "0" * 64, one.digest),
        )
        authority = seal.authority.model_copy(update={"digest": "0" * 64})
        found = compare(seal.model_copy(update={"authority": authority}), mainline(line))
        assert [(one.id, one.item) for one in found.differences] == [("_authority", "digest")]

    def test_what_counted_and_is_void_now(self) -> None:
        line = story()
        seal = sealed(line)
        one = seal.documents["WI-001"]
        entered = {
            time: tuple(name.replace(" void AP106", "") for name in names)
            for time, names in one.entered.items()
        }
        forged = seal.model_copy(
            update={"documents": {**seal.documents, "WI-001": one.model_copy(update={"entered": entered})}}
        )
        (found,) = compare(forged, mainline(line)).differences
        assert (found.kind, found.item) == (Kind.CHANGED, "statement")
        assert found.found == "entered 2026-08-01T09:00:00Z, void (AP106)"

    def test_a_document_that_is_gone_and_one_that_came(self) -> None:
        line = story()
        seal = sealed(line)
        renamed = {("WI-009" if name == "WI-001" else name): one for name, one in seal.documents.items()}
        found = compare(seal.model_copy(update={"documents": renamed}), mainline(line))
        assert [(one.kind, one.id) for one in found.differences] == [
            (Kind.MISSING, "WI-009"),
            (Kind.NEW, "WI-001"),
        ]
        assert found.differences[0].sealed == "statements: 5, revisions: 2"


class TestStepOnMainline:
    def test_each_commit_of_the_chain(self) -> None:
        line = story()
        lineage = line.evidence().lineage
        tip = line.steps[-1].commit.oid
        assert [step_on_mainline(lineage, tip, step.commit.oid) for step in line.steps] == list(range(9))

    def test_one_that_is_not_there(self) -> None:
        line = story()
        assert step_on_mainline(line.evidence().lineage, line.steps[-1].commit.oid, "f" * 40) is None

    def test_one_that_came_with_a_merge_is_not_on_the_chain(self) -> None:
        line = founded()
        line.commit({"x": "y"})
        merged = replace(line.steps[1].commit, oid="a" * 40)
        merge = replace(
            line.steps[1].commit, oid="b" * 40, parents=(line.steps[0].commit.oid, "a" * 40), diffs=((), ())
        )
        line.steps[1] = replace(line.steps[1], commit=merge, arrivals=(merged, merge))
        lineage = line.evidence().lineage
        assert step_on_mainline(lineage, "b" * 40, "a" * 40) is None
        assert step_on_mainline(lineage, "b" * 40, line.steps[0].commit.oid) == 0
