"""A list that is made of kept briefs says what a list says that is made of whole lives."""

from __future__ import annotations

import os
import random
from dataclasses import replace
from typing import TYPE_CHECKING
from unittest.mock import patch

from model.acts import DAY
from model.deeds import life
from scenarios import product
from support.company import Held, Kind, Settings, usual_register
from support.play import founded

from isodocs.core import dossier
from isodocs.core.brief import Brief, brief_of
from isodocs.core.identity import format_time
from isodocs.core.moment import AsOf
from isodocs.git.cache import OFF
from isodocs.git.repository import Repository
from isodocs.git.walk import first_parents
from isodocs.registers import documents, progress, waiting
from isodocs.workspace import briefs, open_reading
from isodocs.workspace.mainline import open_mainline

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.play import Play

    from isodocs.core.library import Library

LOST = Held("bob", revoked=("2026-02-14", "2026-01-01"))
SEEDS = int(os.environ.get("ISODOCS_MEMORY_SEEDS", "2"))
LATER = 4_000_000_000


def opened(path: Path, tip: str, moment: int, *, kept: bool = True) -> Library:
    environ = os.environ if kept else {**os.environ, OFF: "1"}
    clock = AsOf(format_time(moment), LATER)
    library = open_mainline(Repository.open(path, environ), tip, clock)
    assert library is not None
    return library


def by_lives(library: Library) -> list[documents.Row]:
    return [documents.row(library.views[name]) for name in sorted(library.views)]


def test_random_companies(tmp_path: Path) -> None:
    """At any commit, whatever was asked before, from the time of the commit on and before it."""
    in_brief = 0
    for seed in range(SEEDS):
        company = life(seed, 50)
        repo, written = company.world.write(tmp_path / str(seed), company.world.branches["main"])
        chain = list(first_parents(Repository.open(repo.path), written[company.world.branches["main"]]))
        dice = random.Random(seed)  # noqa: S311 - no secret
        for tip in dice.sample(chain, min(len(chain), 4)):
            time = opened(repo.path, tip, LATER, kept=False).state.time
            for days in (0, 0, 40, 1500, -30):
                whole = by_lives(opened(repo.path, tip, time + days * DAY, kept=False))
                library = opened(repo.path, tip, time + days * DAY)
                assert documents.master_list(library) == whole, (seed, tip, days)
                assert by_lives(library) == whole, (seed, tip, days)
                in_brief += library.briefs is not None
    assert in_brief > SEEDS * 8


def test_a_brief_is_read_back(tmp_path: Path) -> None:
    for seed in range(SEEDS):
        company = life(seed, 50)
        repo, written = company.world.write(tmp_path / str(seed), company.world.branches["main"])
        state = opened(repo.path, written[company.world.branches["main"]], LATER, kept=False).state
        assert state.authority is not None
        for one in state.lives.values():
            brief = brief_of(one, state.authority)
            assert Brief.from_json(brief.to_json()) == brief


def told(play: Play, *, kept: bool) -> list[str]:
    """What lists print, of the mainline and of the work tree, and all that a status says."""
    asked = (
        ("list", "--as-of", "2027-02-01"),
        ("list", "--as-of", "2027-02-01", "--format", "json"),
        ("list", "--as-of", "2026-02-10"),
        ("status",),
    )
    env = play.repo.env if kept else {**play.repo.env, OFF: "1"}
    with patch.object(play.repo, "env", env):
        outcomes = [product.ask(play.repo, *words) for words in asked]
        library = open_reading(play.repo.path, with_branch=True)
    assert {one.status for one in outcomes} == {0}, outcomes
    assert library is not None
    whole = [documents.row(view) for view in progress.standing(library).values()]
    assert [documents.row(one) for one in progress.lines(library)] == whole
    for meaning in waiting.CAN_WAIT:
        for person in play.register.people:
            found = waiting.waiting(library, meaning, person)
            with patch.object(waiting, "_candidates", lambda *given: given[-1]):
                assert found == waiting.waiting(library, meaning, person), (meaning, person)
    return [one.output for one in outcomes]


def test_every_kind_of_change(tmp_path: Path) -> None:
    """Before it is added, before it is committed, and after."""
    play = founded(tmp_path / "qms", Settings(drafts=True))
    known = usual_register()
    jane = play.register.people["jane"]

    def sign(identity: str, *people: str, **how: str) -> None:
        for one in people:
            play.sign(identity, one, **how)  # type: ignore[arg-type] # words are words

    turns: tuple[Callable[[], object], ...] = (
        lambda: play.doc("WI-001", "2"),
        lambda: sign("WI-001", "jane"),
        lambda: play.doc("WI-002", "1", effective_date="2026-12-24"),
        lambda: sign("WI-002", "jane"),
        lambda: play.write("documents/copy.md", play.read(play.place("WI-002"))),
        lambda: play.write("documents/copy.md", "---\nid: [\n---\n"),
        lambda: play.doc("SOP-001", "2", effective_date="2027-01-15"),
        lambda: sign("SOP-001", "anna"),
        lambda: sign("SOP-001", "bob"),
        lambda: sign("WI-001", "jane", meaning="reaffirmed", next_review="2026-08-01"),
        lambda: sign("WI-002", "jane", meaning="withdrawn"),
        lambda: play.write(play.place("WI-001"), None),
        lambda: play.configure(register=known.with_keys("bob", LOST, Held("bob-new"))),
        lambda: play.authorise("jane"),
        lambda: play.configure(play.settings.kind("WI", Kind(approved=("process-owner",)))),
        lambda: play.authorise("jane"),
        lambda: play.configure(register=play.register.but(jane=replace(jane, keys=()))),
    )
    for number, turn in enumerate(turns):
        play.day(f"2026-02-{number + 3:02}")
        turn()
        assert told(play, kept=True) == told(play, kept=False), number
        if number % 3 == 0:
            play.repo.git("add", "-A")
            assert told(play, kept=True) == told(play, kept=False), number
        play.commit("max")
        assert told(play, kept=True) == told(play, kept=False), number
    play.branch("other", "main~6")
    assert told(play, kept=True) == told(play, kept=False)
    play.doc("WI-001", "7")
    assert told(play, kept=True) == told(play, kept=False)


def test_no_life_is_read_for_a_list(tmp_path: Path) -> None:
    """After one list, the next reads the life of nobody who has no draft; after a change, of one."""
    play = founded(tmp_path / "qms", Settings(drafts=True))
    assert told(play, kept=True)
    with patch.object(dossier, "from_bytes") as read:
        read.side_effect = AssertionError("a dossier was read")
        assert product.ask(play.repo, "list").status == 0


def test_what_is_lost_is_worked_out_again(tmp_path: Path) -> None:
    play = founded(tmp_path / "qms")
    whole = told(play, kept=False)
    for kind in (briefs.KIND, "state", "*"):
        assert told(play, kept=True) == whole
        for one in (play.repo.path / ".git").glob(f"isodocs/cache/*/{kind}/*"):
            one.unlink()
        assert told(play, kept=True) == whole
