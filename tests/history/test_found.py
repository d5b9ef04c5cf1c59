"""Where product and brute reading were found to differ: the smallest history of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from history import compare
from history.brute import sha256
from history.company import Company, text
from history.objects import Objects
from history.product import MOST_TOUCHES, processes
from support.gitrepo import Repo

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from history.world import World

PLACE = "documents/WI-001.md"
LOGO = "shared/logo.png"


def differences(world: World, tips: list[str], folder: Path) -> list[str]:
    repo = Repo(folder / "repo")
    written = world.write(repo, tips)
    objects = Objects(repo.path, written)
    found = list(compare.mainline(repo.path, objects, written, repo.env))
    objects.close()
    return found


def approved_with_a_picture_beside_the_documents(company: Company) -> str:
    page = text(shows="../shared/logo.png")
    one = company.commit([company.root], {LOGO: b"logo", PLACE: page})
    content = sha256(page), (("../shared/logo.png", sha256(b"logo")),)
    return company.commit([one], company.approval(content, "anna", "process-owner"))


def test_a_file_outside_of_the_documents_cannot_be_signed(tmp_path: Path) -> None:
    company = Company()
    tip = approved_with_a_picture_beside_the_documents(company)
    assert differences(company.world, [tip], tmp_path) == []


def test_what_was_judged_does_not_hang_on_later_commits(tmp_path: Path) -> None:
    """The same bytes below documents/, years later, are no reason to approve what was signed before."""
    company = Company()
    approval = approved_with_a_picture_beside_the_documents(company)
    later = company.commit([approval], {"documents/img/logo.png": b"logo"})
    assert differences(company.world, [approval, later], tmp_path) == []


def test_who_returns_a_text_did_not_write_it_also_after_a_kept_state(tmp_path: Path) -> None:
    """Olga wrote it, it was deleted, Max brought it back: Olga may not approve it."""
    company = Company()
    wrote = company.commit([company.root], {PLACE: text()}, "olga")
    gone = company.commit([wrote], {PLACE: None}, "olga")
    back = company.commit([gone], {PLACE: text()}, "max")
    approval = company.approval(company.content(back, "WI-001"), "olga", "process-owner")
    tip = company.commit([back], approval, "olga")
    assert differences(company.world, [gone, tip], tmp_path) == []


def test_what_documents_embed_outlives_a_lost_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MOST_TOUCHES, 0)
    company = Company()
    other = text("SOP-001", shows="img/a.png")
    one = company.commit([company.root], {"documents/SOP-001.md": other, "documents/img/a.png": b"1"})
    two = company.commit([one], {PLACE: text()})
    approval = company.approval(company.content(two, "WI-001"), "anna", "process-owner")
    three = company.commit([two], approval, "anna")
    four = company.commit([three], {"documents/img/a.png": b"2"})
    content = company.content(four, "SOP-001")
    five = company.commit([four], company.approval(content, "anna", "process-owner", name="SOP-001"))
    assert differences(company.world, [two, three, four, five], tmp_path) == []


def test_who_returns_a_text_did_not_write_it_also_after_very_many_commits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MOST_TOUCHES, 1)
    company = Company()
    wrote = company.commit([company.root], {PLACE: text()}, "max")
    gone = company.commit([wrote], {PLACE: None}, "max")
    back = company.commit([gone], {PLACE: text()}, "anna")
    approval = company.approval(company.content(back, "WI-001"), "anna", "process-owner")
    tip = company.commit([back], approval, "anna")
    assert differences(company.world, [back, tip], tmp_path) == []


def test_a_branch_that_is_older_than_the_kept_state_takes_no_more_processes(tmp_path: Path) -> None:
    company = Company()
    main = begin = company.commit([company.root], {PLACE: text()})
    for number in range(12):
        main = company.commit([main], {PLACE: text(words=f"Main {number}.")})
    side = begin
    for number in range(12):
        side = company.commit([side], {PLACE: text(words=f"Side {number}.")})
    tip = company.commit([main, side], {PLACE: text(words="Both.")})
    repo = Repo(tmp_path / "repo")
    kept, end = company.world.write(repo, [main, tip])
    processes(repo.path, kept, repo.env)
    assert processes(repo.path, end, repo.env) < 20
