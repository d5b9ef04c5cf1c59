"""A check that goes on from kept sheets says what a check says that reads every text."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from unittest.mock import patch

from scenarios import product
from support.company import Settings
from support.play import founded

from isodocs import workers
from isodocs.core.sheet import Sheet
from isodocs.git.cache import OFF, Cache
from isodocs.workspace import bundles

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest
    from support.play import Play


def told(play: Play, *, kept: bool, day: str = "2027-01-01") -> list[str]:
    """What checks of the work tree, the index and a branch print."""
    env = play.repo.env if kept else {**play.repo.env, OFF: "1"}
    with patch.object(play.repo, "env", env):
        asked = (("check",), ("check", "--staged"), ("gate", "--base", "HEAD~1", "--tip", "HEAD"))
        outcomes = [product.ask(play.repo, *words, "--as-of", day) for words in asked]
        assert all(one.status < 2 for one in outcomes), outcomes
        return [f"{one.status} {one.output} {one.errors}" for one in outcomes]


def test_what_was_kept_changes_nothing(tmp_path: Path) -> None:
    play = founded(tmp_path / "qms")
    play.write("documents/x.txt", "x")
    play.commit("max")
    for number in range(4):
        path = play.repo.path / f"documents/sub{number % 2}/WI-00{number + 2}-x.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"---\nid: WI-00{number + 2}\ntilte: x\n---\n\n[a](WI-001.md#no) TODO ![p](p.png)\n")
        for _ in range(2):
            assert told(play, kept=True) == told(play, kept=False)
        play.repo.git("add", "-A")
        assert told(play, kept=True) == told(play, kept=False)
        play.commit("max")
        assert told(play, kept=True) == told(play, kept=False)
    (play.repo.path / "documents/sub0/WI-002-x.md").unlink()
    (play.repo.path / "documents/sub0/WI-002-x.md").symlink_to("WI-004-x.md")
    assert told(play, kept=True) == told(play, kept=False)


WAIVER = "\nwaivers: [{rule: LN101, id: WI-001, until: 2027-06-01, reason: It comes later.}]\n"


def test_every_kind_of_change(tmp_path: Path) -> None:
    """Of what a document says, of what it names, of settings, people, waivers and the day; on any branch."""
    play = founded(tmp_path / "qms", Settings(drafts=True))
    play.write("documents/x.txt", "x")
    play.commit("max")
    links = "[a](b.txt) [b](SOP-001-text.md#no) [c](isodocs:WI-002#scope) ![d](p.png) [e](WI-002-text.md)"
    register = play.register

    def setting(more: str) -> None:
        play.write("isodocs.yml", play.settings.text() + more)

    turns: tuple[Callable[[], object], ...] = (
        lambda: play.doc("WI-001", "2", links, owner="clerk"),
        lambda: play.write("documents/b.txt", "x"),
        lambda: play.doc("WI-002", "1", "## Scope\n\nIt is wide."),
        lambda: play.write("documents/p.png", "x"),
        lambda: play.write("documents/b.txt", None),
        lambda: play.move("documents/WI-002-text.md", "documents/sub/WI-002-text.md"),
        lambda: play.configure(register=replace(register, roles=(*register.roles, "clerk"))),
        lambda: play.authorise("jane"),
        lambda: setting(WAIVER),
        lambda: play.authorise("jane"),
        lambda: setting("\ncontent: {vague: [wide]}\n"),
        lambda: play.authorise("jane"),
        lambda: play.sign("SOP-001", "anna", meaning="withdrawn"),
        lambda: play.sign("SOP-001", "bob", meaning="withdrawn"),
        lambda: play.doc("WI-003", "1", supersedes="[SOP-001]"),
        lambda: play.write("documents/p.png", None),
        lambda: (play.repo.path / "documents/p.png").symlink_to("../isodocs.yml"),
    )
    for number, turn in enumerate(turns):
        play.day(f"2026-02-{number + 3:02}")
        turn()
        assert told(play, kept=True) == told(play, kept=False), number
        play.commit("max")
        if number % 4 == 0:
            assert told(play, kept=True) == told(play, kept=False), number
    for day in ("2027-07-01", "2029-01-01"):
        assert told(play, kept=True, day=day) == told(play, kept=False, day=day)
    play.branch("other", "main~9")
    assert told(play, kept=True) == told(play, kept=False)
    for path in ("mkdocs.yml", "theme/main.html", "documents/x.json.sig", "signatures/x.json.sig"):
        play.write(path, f"It is {path}.")
        assert told(play, kept=True) == told(play, kept=False), path
    play.doc("WI-001", "3", links)
    assert told(play, kept=True) == told(play, kept=False)
    play.sign("WI-001", "jane", after="1")
    assert told(play, kept=True) == told(play, kept=False)


def test_what_is_in_order_is_not_read_again(tmp_path: Path) -> None:
    """A warm check of everything opens the sheet of no document that is in order."""
    play = founded(tmp_path / "qms")
    play.write("documents/x.txt", "x")
    play.commit("max")
    whole = told(play, kept=True)
    with patch.object(Sheet, "from_bytes", side_effect=AssertionError("a sheet was read")):
        assert told(play, kept=True) == whole


def test_workers_keep_and_say_what_one_process_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also of files that are not committed, that git stores otherwise than they stand, and that are gone."""
    play = founded(tmp_path / "qms")
    play.write("documents/x.txt", "x")
    for number in range(2, 90):
        link = f"[a](WI-0{number - 1:02}-x.md#{number % 3 * 'a'})"
        text = f"---\nid: WI-0{number:02}\ntitle: W\n---\n\n# A\n\n{link}\n{'' if number % 7 else '<TODO>'}\n"
        play.write(f"documents/s{number % 5}/WI-0{number:02}-x.md", text)
    play.repo.write({".gitattributes": "documents/s1/** text eol=crlf\n"})
    play.commit("max")
    for path in sorted((play.repo.path / "documents").glob("s*/*.md")):
        number = int(path.name[3:6])
        if path.parent.name == "s1":
            path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
        if number % 11 == 0:
            path.unlink()
        elif number % 13 == 0:
            path.write_text("---\ntilte: y\n---\n")
    kept: dict[tuple[str, bytes], bytes] = {}
    put = Cache.put

    def noted(self: Cache, kind: str, question: bytes, answer: bytes) -> None:
        kept.update({(kind, question): answer} if kind in {"check", "bundles"} else {})
        put(self, kind, question, answer)

    monkeypatch.setattr(Cache, "put", noted)
    monkeypatch.setattr(Cache, "flush", lambda _: None)  # the next one begins anew
    with patch.object(play.repo, "env", {**play.repo.env, OFF: "1"}):
        expected = product.ask(play.repo, "check", "--as-of", "2027-01-01")
    assert not kept
    alone: dict[tuple[str, bytes], bytes] = {}
    for cores, worth_it in ((1, 1000), (1, 0), (2, 0), (20, 0)):
        monkeypatch.setattr(bundles, "WORTH_IT", worth_it)
        monkeypatch.setattr(bundles, "cores", lambda number=cores: number)
        monkeypatch.setattr(workers, "cores", lambda number=cores: number)
        assert product.ask(play.repo, "check", "--as-of", "2027-01-01") == expected
        alone = alone or dict(kept)
        assert kept == alone
        kept.clear()
    assert len(alone) > 80
