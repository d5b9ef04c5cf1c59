"""An edition of kept documents says to the byte what one says for which every document is read."""

from __future__ import annotations

import os
import random
from dataclasses import fields, replace
from hashlib import sha256
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from model.acts import DAY
from model.deeds import life
from support.company import Held, Settings, usual_register
from support.gitrepo import seconds
from support.play import founded

from isodocs.core import dossier
from isodocs.core.identity import format_time
from isodocs.core.moment import AsOf
from isodocs.core.problem import CannotRun
from isodocs.edition import shelf as module
from isodocs.edition.model import PublishedDocument
from isodocs.edition.pages import has_diagram
from isodocs.edition.selection import select
from isodocs.edition.shelf import ANSWERS, FEW, KIND, KeptDocument, Shelf
from isodocs.edition.stage import files
from isodocs.edition.values import to_json
from isodocs.git.cache import OFF, Cache
from isodocs.git.repository import Repository
from isodocs.git.walk import first_parents
from isodocs.workspace.mainline import open_mainline

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from support.play import Play

    from isodocs.core.library import Library
    from isodocs.edition.model import Edition

LATER = 4_000_000_000
SEEDS = int(os.environ.get("ISODOCS_SHELF_SEEDS", "2"))
REVOKED = Held("bob", revoked=("2026-02-14", "2026-01-01"))
SVG = "<svg xmlns='http://www.w3.org/2000/svg'>{}</svg>"


def opened(path: Path, tip: str, moment: int, *, kept: bool = True) -> Library:
    environ = os.environ if kept else {**os.environ, OFF: "1"}
    clock = AsOf(format_time(moment), LATER)
    library = open_mainline(Repository.open(path, environ), tip, clock)
    assert library is not None
    return library


def staged(edition: Edition, page: Callable[..., object] | None = None) -> dict[str, bytes]:
    """Every staged file; what is known without reading one is true."""
    found = {}
    for file in list(files(edition, page) if page else files(edition)):  # type: ignore[arg-type] # a shelf's
        data = found[file.path] = file.read()
        if file.facts is not None:
            assert file.facts.digest == sha256(data).hexdigest(), file.path
            assert file.facts.diagrams == has_diagram(data), file.path
    return found


def compare(path: Path, tip: str, moment: int) -> tuple[int, int]:
    """One moment by a shelf and without; how many documents were kept, and how many there are."""
    library = opened(path, tip, moment, kept=False)
    whole = select(library)
    store = Cache.beside(Repository.open(path).common_dir, os.environ)
    shelf = Shelf(store)
    found = shelf.select(opened(path, tip, moment))
    assert staged(found, shelf.page) == staged(whole), moment
    store.flush()
    for kept, fresh in zip(found.documents, whole.documents, strict=True):
        assert kept.digest == fresh.digest
        assert kept.current == fresh.current
    assert to_json(found, {}) == to_json(whole, {}), moment
    return sum(isinstance(one, KeptDocument) for one in found.documents), len(whole.documents)


def test_random_companies(tmp_path: Path) -> None:
    """At any commit, whatever was built before, from the time of the commit on and before it."""
    taken = 0
    for seed in range(SEEDS):
        company = life(seed, 50)
        repo, written = company.world.write(tmp_path / str(seed), company.world.branches["main"])
        chain = list(first_parents(Repository.open(repo.path), written[company.world.branches["main"]]))
        dice = random.Random(seed)  # noqa: S311 - no secret
        for tip in dice.sample(chain, min(len(chain), 5)):
            time = opened(repo.path, tip, LATER, kept=False).state.time
            for days in (0, 0, 40, 1500, -30, 40):
                kept, there = compare(repo.path, tip, time + days * DAY)
                assert kept <= there
                taken += kept
    assert taken > SEEDS * 8


MOMENTS = tuple(
    seconds(f"{day}T12:00:00Z") for day in ("2026-12-24", "2026-12-23", "2026-02-25", "2029-01-01")
)


def compared(play: Play) -> list[tuple[int, int]]:
    """At some moments, each twice."""
    tip = play.repo.git("rev-parse", "main")
    return [compare(play.repo.path, tip, moment) for moment in MOMENTS for _ in range(2)]


def link(identity: str) -> str:
    return f"See [it]({identity}-text.md#part), [by id](isodocs:{identity}) and [gone](notes.md)."


def test_every_kind_of_change(tmp_path: Path) -> None:
    """A new revision, withdrawn, renamed, with pictures, other settings and people, another date."""
    play = founded(tmp_path / "qms", Settings(drafts=True))

    def sign(identity: str, *people: str, **how: str) -> None:
        for one in people:
            play.sign(identity, one, **how)  # type: ignore[arg-type] # words are words

    def picture(text: str) -> None:
        play.write("documents/img/a.svg", text)
        play.write("documents/img/b.png", text)

    revised = f"{link('WI-002')}\n\n![a](img/a.svg) ![b](img/b.png)\n\n```mermaid\ngraph\n```"
    turns: tuple[Callable[[], object], ...] = (
        lambda: play.doc("WI-001", "2", link("WI-002")),
        lambda: sign("WI-001", "jane"),
        lambda: play.doc("WI-002", "1", effective_date="2026-12-24"),
        lambda: sign("WI-002", "jane"),
        lambda: picture(SVG.format("")),
        lambda: play.doc("WI-001", "3", revised),
        lambda: sign("WI-001", "jane"),
        lambda: picture(SVG.format("<script>x</script>")),
        lambda: play.doc("WI-001", "4", revised),
        lambda: sign("WI-001", "jane"),
        lambda: play.move(play.place("WI-001"), "documents/else/WI-001-other.md"),
        lambda: sign("WI-002", "jane", meaning="withdrawn"),
        lambda: play.configure(register=usual_register().with_keys("bob", REVOKED, Held("bob-new"))),
        lambda: play.authorise("jane"),
        lambda: play.write("isodocs.yml", play.settings.text().replace("Type WI", "Instruction")),
        lambda: play.authorise("jane"),
        lambda: play.write("people.yml", play.register.text().replace("name: Jane", "name: J. Roe, Dr.")),
        lambda: play.authorise("jane"),
    )
    kept, there = 0, 0
    for number, turn in enumerate(turns):
        play.day(f"2026-02-{number + 3:02}")
        turn()
        play.commit("max")
        rows = compared(play)
        assert all(second[0] == second[1] for second in rows[1::2]), number
        kept, there = kept + sum(row[0] for row in rows[::2]), there + sum(row[1] for row in rows[::2])
    assert there / 2 < kept < there


def test_nothing_is_read_for_what_is_kept(tmp_path: Path) -> None:
    play = founded(tmp_path / "qms")
    tip = play.repo.git("rev-parse", "main")
    kept, there = [compare(play.repo.path, tip, LATER) for _ in range(2)][-1]
    assert kept == there > 0
    store = Cache.beside(Repository.open(play.repo.path).common_dir, os.environ)
    shelf = Shelf(store)
    with patch.object(dossier, "from_bytes", side_effect=AssertionError("a dossier was read")):
        edition = shelf.select(opened(play.repo.path, tip, LATER))
        assert [file for file in files(edition, shelf.page) if file.facts]


def test_many_are_read_at_once(tmp_path: Path) -> None:
    """Whoever asks for all of them starts git once, not for each."""
    play = founded(tmp_path / "qms")
    names = [f"WI-{number:03}" for number in range(100, 100 + 2 * FEW)]
    for name in names:
        play.doc(name, "1", link("WI-100"))
        play.sign(name, "jane")
    play.commit("max")
    tip = play.repo.git("rev-parse", "main")
    compare(play.repo.path, tip, LATER)
    library = opened(play.repo.path, tip, LATER)
    asked: list[int] = []
    blobs = library.blobs

    def counted(digests: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        wanted = list(digests)
        asked.append(len(wanted))
        return blobs(wanted)

    store = Cache.beside(Repository.open(play.repo.path).common_dir, os.environ)
    edition = Shelf(store).select(replace(library, blobs=counted))
    assert asked == [0]
    assert all(one.source for one in edition.documents)
    assert len(asked) == 1 + FEW + 1
    assert asked[-1] == len(edition.documents)


@pytest.mark.parametrize("kind", [KIND, "state", "*"])
def test_what_is_lost_is_worked_out_again(tmp_path: Path, kind: str) -> None:
    play = founded(tmp_path / "qms")
    tip = play.repo.git("rev-parse", "main")
    for _ in range(2):
        compare(play.repo.path, tip, LATER)
        for one in (play.repo.path / ".git").glob(f"isodocs/cache/*/{kind}/*"):
            one.unlink()


def test_other_rules_of_the_time_zone_are_another_question(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    play = founded(tmp_path / "qms")
    tip = play.repo.git("rev-parse", "main")
    assert compare(play.repo.path, tip, LATER)[0] == 0
    assert compare(play.repo.path, tip, LATER)[0] > 0
    monkeypatch.setattr(module, "zone_rules", lambda name: f"later {name}".encode())
    assert compare(play.repo.path, tip, LATER)[0] == 0


def test_more_answers_than_are_kept(tmp_path: Path) -> None:
    """A link that comes and goes with each build is found every time, kept or not."""
    play = founded(tmp_path / "qms")
    play.doc("WI-001", "2", "\n\n".join(link(f"WI-{100 + number}") for number in range(ANSWERS + 2)))
    play.sign("WI-001", "jane")
    play.commit("max")
    for number in range(ANSWERS + 2):
        play.doc(f"WI-{100 + number}", "1")
        play.sign(f"WI-{100 + number}", "jane")
        play.commit("max")
        for _ in range(2):
            compare(play.repo.path, play.repo.git("rev-parse", "main"), LATER)


def test_a_text_that_cannot_be_read_is_told_when_it_is_needed(tmp_path: Path) -> None:
    play = founded(tmp_path / "qms")
    tip = play.repo.git("rev-parse", "main")
    compare(play.repo.path, tip, LATER)
    library = replace(opened(play.repo.path, tip, LATER), blobs=lambda _: iter(()))
    store = Cache.beside(Repository.open(play.repo.path).common_dir, os.environ)
    edition = Shelf(store).select(library)
    with pytest.raises(CannotRun, match="in force cannot be read"):
        _ = edition.documents[0].source


def test_every_fact_of_a_document_is_known_at_once_or_read_later() -> None:
    known = {"id", "type", "embedded", *module._AT_ONCE}
    assert known.isdisjoint(module._LATER)
    assert known | module._LATER == {one.name for one in fields(PublishedDocument)}
    with pytest.raises(AttributeError):
        _ = KeptDocument(lambda _: pytest.fail("nothing to read"), id="X-1").nonsense
