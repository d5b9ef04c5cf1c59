"""The chain of authority as values: who stands behind each set, what it changed, and what governed when."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.company import Held, Person, Register, Settings, usual_register
from support.library import Mainline, founded, text
from support.statements import Key

from isodocs.core import authority, reading, settings
from isodocs.core.library import Judged, Library
from isodocs.registers import chain
from isodocs.registers.protected import register_changes, settings_changes

ZOE = Person(("zoe@ex.org",), (("process-owner", "2026-01-01"),), (Held("zoe"),))
MORE_ROLES = ("process-owner", "quality-manager", "auditor")


def grown(*, quorum: int = 1) -> Mainline:
    """A trust root and two sets after it: max gets a role, and the title changes."""
    line = founded(quorum=quorum)
    adopt(line, "jane", "bob", day="2026-02-02", register=usual_register().granting("max", "process-owner"))
    adopt(line, "jane", "bob", day="2026-03-02", title="Renamed")
    return line


def grown_once() -> Mainline:
    """A trust root and one set after it."""
    line = founded()
    adopt(line, "jane", day="2026-02-02", register=usual_register().granting("max", "process-owner"))
    return line


def adopt(
    line: Mainline, *people: str, day: str, register: Register | None = None, **changed: object
) -> None:
    before = line.authority()
    line.settings = replace(line.settings, **changed)  # type: ignore[arg-type]
    line.register = register or line.register
    line.company()
    for person in people:
        line.sign_authority(person, predecessor=before)
    line.commit(day=day)


def mainline(line: Mainline, moment: str = "") -> Library:
    return line.library(Judged.MAINLINE, base=None, moment=moment)


class TestLinks:
    def test_from_the_trust_root_to_the_set_that_governs(self) -> None:
        library = mainline(grown())
        found = chain.links(library)
        assert [link.number for link in found] == [0, 1, 2]
        assert [link.is_root for link in found] == [True, False, False]
        assert [link.settings.title for link in found] == [
            "Quality management system",
            "Quality management system",
            "Renamed",
        ]
        assert library.state.authority is not None
        assert found[-1].adoption.digest == library.state.authority.digest
        assert all(link.holds for link in found)

    def test_each_follows_the_one_before(self) -> None:
        found = chain.links(mainline(grown()))
        digests = [link.adoption.digest for link in found]
        assert [link.adoption.predecessor for link in found[1:]] == digests[:-1]

    def test_of_a_push_the_sets_before_it(self) -> None:
        assert len(chain.links(grown().library())) == 2

    @pytest.mark.parametrize(("step", "number"), [(0, 0), (1, 0), (2, 1), (3, 2), (9, 2)])
    def test_what_enters_with_a_set_is_judged_under_the_one_before(self, step: int, number: int) -> None:
        assert chain.governing(chain.links(mainline(grown())), step).number == number

    def test_a_quorum_needs_as_many(self) -> None:
        row = chain.rows(mainline(grown(quorum=2)), named=None)[1]
        assert (row["quorum"], row["reached"]) == (2, 2)
        assert {one["person"] for one in row["signatures"]} == {"jane", "bob"}


class TestChallenged:
    """bob's key is revoked in a later set; what it signed since it was lost is in doubt."""

    def lost(self, since: str, *, quorum: int = 1) -> list[chain.Link]:
        line = grown(quorum=quorum)
        bob = Held("bob", revoked=("2026-04-01", since))
        register = line.register.with_keys("bob", bob).granting("tom", "quality-manager")
        adopt(line, "jane", "bob", day="2026-03-20", register=register)
        return chain.links(mainline(line, "2026-05-01"))

    def test_one_of_two_is_enough_where_one_is_asked(self) -> None:
        found = self.lost("2026-02-15")
        assert [bool(link.doubted) for link in found] == [False, False, True, True]
        assert all(link.holds for link in found)

    def test_where_two_are_asked_it_does_not_hold(self) -> None:
        found = self.lost("2026-02-15", quorum=2)
        assert [link.holds for link in found] == [True, True, False, False]

    def test_the_trust_root_needs_nobody(self) -> None:
        assert self.lost("2025-01-01", quorum=2)[0].holds

    def test_the_row_says_why(self) -> None:
        line = grown(quorum=2)
        both = line.register.with_keys("bob", Held("bob", revoked=("2026-04-01", "2026-02-15")))
        both = both.with_keys("jane", Held("jane", revoked=("2026-04-01", "2026-02-15")))
        adopt(line, "jane", "bob", day="2026-03-20", register=both)
        row = chain.rows(mainline(line, "2026-05-01"), named=None)[2]
        assert (row["holds"], row["challenged"]) == (False, True)
        assert row["why"] == (
            "it was signed with keys that may have been in other hands; "
            "without them 0 of 2 people have signed"
        )

    def test_what_is_signed_twice_by_one_person_counts_once(self) -> None:
        line = grown(quorum=2)
        bob = line.register.with_keys("bob", Held("bob", revoked=("2026-04-01", "2026-02-15")))
        adopt(line, "jane", "bob", day="2026-03-20", register=bob)
        before = chain.links(mainline(line))[-1].adoption.predecessor
        line.commit(day="2026-03-21")
        line.sign_authority("jane", predecessor=before, role="quality-manager")
        line.commit(day="2026-03-22")
        assert not chain.links(mainline(line))[-1].holds


class TestRows:
    def test_the_trust_root(self) -> None:
        row, *_ = chain.rows(mainline(grown()), named="0" * 40)
        assert (row["root"], row["pinned"], row["role"], row["signatures"]) == (True, True, None, [])
        assert row["changes"] == []
        assert row["see"]["mainline"].startswith("git rev-list --first-parent ")

    @pytest.mark.parametrize("named", [None, "main", "0" * 12, "1" * 40])
    def test_only_the_whole_id_pins_it(self, named: str | None) -> None:
        row, *others = chain.rows(mainline(grown()), named=named)
        assert (row["pinned"], row["named"]) == (False, named)
        assert {one["pinned"] for one in others} == {None}

    def test_a_past_that_was_taken_out_is_told(self) -> None:
        """The first register was made unreadable: the next set is the root, and names what it followed."""
        before, later, adopted = founded().authority(), Mainline(), grown_once()
        later.commit({"isodocs.yml": later.settings.text(), "people.yml": "people: ["})
        later.commit({path: data for path, (_, data) in adopted.files.items()}, day="2026-02-02")
        library = mainline(later)
        assert library.state.number == 1
        root, *more = chain.rows(library, named=None)
        assert not more
        assert (root["holds"], root["challenged"]) == (False, False)
        assert f"as the one after {before}, which this history does not hold" in root["why"]
        pinned = chain.rows(library, named=library.state.root)[0]
        assert (pinned["holds"], pinned["why"]) == (True, "")

    def test_only_the_last_is_current(self) -> None:
        rows = chain.rows(mainline(grown()), named=None)
        assert [row["current"] for row in rows] == [False, False, True]

    def test_a_deputy_is_shown_with_whom_he_signed_for(self) -> None:
        usual = usual_register()
        register = replace(usual, roles=(*usual.roles,)).granting("tom", "deputy-qm")
        text_of = register.text().replace(
            "roles:\n", "roles:\n  deputy-qm: {title: Deputy, deputy_for: quality-manager}\n", 1
        )
        line = founded()
        before = line.authority()
        line.write({"people.yml": text_of})
        line.sign_authority("jane", predecessor=before)
        line.commit(day="2026-02-02")
        before = line.authority()
        line.write({"people.yml": text_of + "\n"})
        line.register = register
        line.sign_authority("jane", predecessor=before, signer="tom")
        line.commit(day="2026-02-03")
        row = chain.rows(mainline(line), named=None)[-1]
        (one,) = row["signatures"]
        assert (one["person"], one["signer"]) == ("jane", "tom")
        assert one["name"].startswith("Tom for Jane")


class TestWords:
    """What changed in settings and people, in words."""

    def people(self, old: Register, new: Register) -> list[str]:
        return register_changes(_register(old), _register(new))

    @pytest.mark.parametrize(
        ("new", "words"),
        [
            (usual_register(), []),
            (usual_register().but(tom=None), ["tom is gone"]),
            (
                usual_register().granting("tom", "process-owner", "2026-02-01"),
                ["tom gets the role process-owner from 2026-02-01"],
            ),
            (usual_register().without_role("jane"), ["jane loses the role quality-manager"]),
            (
                usual_register().with_keys("tom", Held("tom", until="2026-03-01")),
                ["tom's key …{tom} now counts from 2025-01-01 until 2026-03-01"],
            ),
            (
                usual_register().with_keys("tom", Held("tom", revoked=("2026-03-01", "2026-02-01"))),
                ["tom's key …{tom} is revoked on 2026-03-01: laptop lost"],
            ),
            (usual_register().with_keys("tom"), ["tom loses the key …{tom}"]),
            (
                usual_register().with_keys("tom", Held("tom"), Held("old")),
                ["tom gets the key …{old} from 2025-01-01"],
            ),
            (
                usual_register().but(tom=Person(("tom@new.org",), (), (Held("tom"),))),
                ["tom: addresses or logins changed"],
            ),
            (
                usual_register().but(
                    zoe=Person(("zoe@ex.org",), (("process-owner", "2026-01-01"),), (Held("zoe"),))
                ),
                [
                    "zoe is new",
                    "zoe gets the role process-owner from 2026-01-01",
                    "zoe gets the key …{zoe} from 2025-01-01",
                ],
            ),
            (
                replace(usual_register(), roles=("process-owner", "quality-manager", "auditor")),
                ["role auditor is new"],
            ),
        ],
    )
    def test_people(self, new: Register, words: list[str]) -> None:
        ends = {name: Key(name).public[-16:] for name in ("tom", "old", "zoe")}
        assert self.people(usual_register(), new) == [word.format(**ends) for word in words]

    def test_people_the_other_way(self) -> None:
        more = replace(usual_register(), roles=MORE_ROLES)
        assert self.people(more, usual_register()) == ["role auditor is gone"]

    @pytest.mark.parametrize(
        ("extra", "words"),
        [
            ("", []),
            ("review: {grace_days: 14}\n", ["review.grace_days: 0, now 14"]),
            (
                "waivers: [{rule: RD101, id: SOP-001, until: 2026-12-31, reason: x}]\n",
                ["RD101 is waived for SOP-001 until 2026-12-31"],
            ),
            ('rules: {CT105: {draft: "off"}}\n', ["rules.CT105: nothing, now something"]),
            (
                "content: {vague: [maybe, soon]}\n",
                ["content.vague: as appropriate, if necessary, now maybe, soon"],
            ),
        ],
    )
    def test_settings(self, extra: str, words: list[str]) -> None:
        old, new = _settings(""), _settings(extra)
        assert settings_changes(old, new) == words

    def test_a_waiver_that_ends(self) -> None:
        waived = "waivers: [{rule: RD101, id: SOP-001, until: 2026-12-31, reason: x}]\n"
        assert settings_changes(_settings(waived), _settings("")) == ["the waiver of RD101 for SOP-001 ends"]

    def test_a_policy(self) -> None:
        strict = Settings().kind("WI", replace(Settings().kinds["WI"], independence="none"))
        assert settings_changes(_settings(""), _read(strict.text())) == [
            "types.WI.independence: any-editor, now none"
        ]


def _settings(extra: str) -> settings.Settings:
    return _read(Settings().text() + extra)


def _read(data: str) -> settings.Settings:
    found, problems = reading.read_settings(data.encode())
    assert found is not None, problems
    return found


def _register(register: Register) -> authority.Register:
    found, problems = reading.read_register(register.text().encode())
    assert found is not None, problems
    return found


def test_documents_do_not_touch_the_chain() -> None:
    line = grown()
    line.approve("WI-001", text("WI-001", "2"), "jane", revision="2", day="2026-04-01")
    assert len(chain.links(mainline(line))) == 3
