"""Where product and brute reading were found to differ: the smallest history of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from history import compare
from history.brute import sha256
from history.company import Company, text
from history.objects import Objects
from support.gitrepo import Repo

if TYPE_CHECKING:
    from pathlib import Path

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


@pytest.mark.xfail(strict=True, reason="statements that independence voids excuse at first, and then no more")
def test_the_writers_on_record_are_those_by_whom_it_was_judged(tmp_path: Path) -> None:
    company = Company()
    one = {PLACE: text()}
    content = company.content(company.root, "WI-001", one)
    anna = company.approval(content, "anna", "process-owner", writers=("max", "olga"))
    olga = company.approval(content, "olga", "process-owner")
    tip = company.commit([company.root], {**one, **anna, **olga}, "stranger")
    assert differences(company.world, [tip], tmp_path) == []
