"""The staged tree: what is in it, and how it comes into a folder."""

from __future__ import annotations

import json
import os
import random
from dataclasses import replace
from pathlib import Path

import pytest
from support import editions

from isodocs.core.problem import CannotRun
from isodocs.edition import stage
from isodocs.edition.model import Attachment

PICTURE = Attachment.of(editions.PICTURE)
FORM = Attachment.of(b"PK\x03\x04 a form")
EXPECTED = {
    "index.md",
    "edition.json",
    "rules.md",
    "register/master-list.md",
    "register/withdrawn.md",
    "pol/index.md",
    "pol/POL-001.md",
    "sop/index.md",
    "sop/SOP-001.md",
    "sop/SOP-002.md",
    "wi/index.md",
    "wi/WI-001.md",
    "frm/index.md",
    "frm/FRM-001.md",
    f"attachments/{PICTURE.digest[:16]}/label.svg",
    f"attachments/{FORM.digest[:16]}/FRM-001.xlsx",
}


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_the_tree_holds_the_edition_and_nothing_else(tmp_path: Path) -> None:
    count = stage.stage(editions.company(), tmp_path / "out")
    assert set(tree(tmp_path / "out")) == EXPECTED | {stage.MANIFEST}
    assert count == len(EXPECTED)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_links_and_pictures_point_to_what_is_there(tmp_path: Path) -> None:
    stage.stage(editions.company(), tmp_path)
    text = (tmp_path / "sop/SOP-001.md").read_text("utf-8")
    assert "[records](SOP-002.md#keeping)" in text
    assert "[the policy](../pol/POL-001.md)" in text
    assert "(not in force)" in text
    address = text.partition("![label](")[2].partition(")")[0]
    assert (tmp_path / "sop" / address).resolve().read_bytes() == editions.PICTURE


def test_registers_come_only_where_there_is_something_to_list() -> None:
    paths = {file.path for file in stage.files(editions.edition(editions.document()))}
    assert paths == {"index.md", "edition.json", "sop/index.md", "sop/SOP-001.md", "register/master-list.md"}


def test_the_order_of_documents_changes_nothing() -> None:
    edition = editions.company()
    shuffled = list(edition.documents)
    random.Random(1).shuffle(shuffled)  # noqa: S311 - any order will do
    again = replace(edition, documents=tuple(shuffled))
    assert [(file.path, file.read()) for file in stage.files(edition)] == [
        (file.path, file.read()) for file in stage.files(again)
    ]


def test_staging_again_removes_what_is_no_longer_in_force(tmp_path: Path) -> None:
    edition = editions.company()
    stage.stage(edition, tmp_path / "out")
    stage.stage(replace(edition, documents=edition.documents[:1]), tmp_path / "out")
    assert "sop/SOP-001.md" not in tree(tmp_path / "out")
    assert not (tmp_path / "out/sop").exists()


def test_staging_twice_gives_the_same(tmp_path: Path) -> None:
    stage.stage(editions.company(), tmp_path / "one")
    stage.stage(editions.company(), tmp_path / "two")
    stage.stage(editions.company(), tmp_path / "two")
    assert tree(tmp_path / "one") == tree(tmp_path / "two")


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    stage.stage(editions.company(), tmp_path / "out")
    assert (tmp_path / "out/index.md").exists()


def test_parents_are_made(tmp_path: Path) -> None:
    stage.stage(editions.company(), tmp_path / "a/b/out")
    assert (tmp_path / "a/b/out/index.md").exists()


def refused(folder: Path) -> str:
    before = tree(folder) if folder.is_dir() else {}
    with pytest.raises(CannotRun) as error:
        stage.stage(editions.company(), folder)
    assert (tree(folder) if folder.is_dir() else {}) == before
    return str(error.value)


def test_a_folder_with_something_of_the_users_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    assert "is not empty" in refused(tmp_path)


@pytest.mark.parametrize("name", ["new.txt", "sop/new.md", ".hidden"])
def test_a_file_put_in_later_is_not_lost(tmp_path: Path, name: str) -> None:
    stage.stage(editions.company(), tmp_path / "out")
    (tmp_path / "out" / name).write_text("mine")
    assert name in refused(tmp_path / "out")


def test_a_page_changed_by_hand_is_not_lost(tmp_path: Path) -> None:
    stage.stage(editions.company(), tmp_path / "out")
    (tmp_path / "out/index.md").write_text("mine")
    assert "index.md was added or changed by hand" in refused(tmp_path / "out")


def test_a_link_put_in_later_is_not_followed(tmp_path: Path) -> None:
    stage.stage(editions.company(), tmp_path / "out")
    (tmp_path / "precious").mkdir()
    (tmp_path / "out/link").symlink_to(tmp_path / "precious")
    assert "link" in refused(tmp_path / "out")
    assert (tmp_path / "precious").exists()


@pytest.mark.parametrize(
    "content", ["", "{}", "[]", '{"format": 2, "files": {}}', '{"format": 1, "files": []}', "\0"]
)
def test_a_manifest_of_somebody_else_counts_for_nothing(tmp_path: Path, content: str) -> None:
    (tmp_path / stage.MANIFEST).write_text(content)
    assert "isodocs did not make it" in refused(tmp_path)


def test_litter_of_the_desktop_is_no_obstacle(tmp_path: Path) -> None:
    stage.stage(editions.company(), tmp_path / "out")
    (tmp_path / "out/.DS_Store").write_text("x")
    stage.stage(editions.company(), tmp_path / "out")
    assert not (tmp_path / "out/.DS_Store").exists()


def test_a_file_in_the_place_of_the_folder_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    assert "is a file" in refused(tmp_path / "out")


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(CannotRun, match="cannot be written"):
        stage.stage(editions.company(), tmp_path / "file" / "out")


def test_a_changed_attachment_stops_everything_and_leaves_the_old_edition(tmp_path: Path) -> None:
    stage.stage(editions.company(), tmp_path / "out")
    before = tree(tmp_path / "out")
    forged = Attachment(PICTURE.digest, lambda: b"<svg/>")
    edition = editions.edition(editions.document(embedded={"a.svg": forged}))
    with pytest.raises(CannotRun, match="not the one that was signed"):
        stage.stage(edition, tmp_path / "out")
    assert tree(tmp_path / "out") == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_two_documents_with_one_id_are_refused() -> None:
    edition = editions.edition(editions.document("SOP-001"), editions.document("SOP-001"))
    with pytest.raises(CannotRun, match="share an id"):
        list(stage.files(edition))


@pytest.mark.parametrize(
    "changes", [{"name": "../../etc/SOP-1"}, {"name": "SOP-001", "type": "../x"}, {"name": ""}]
)
def test_no_name_leads_out_of_the_folder(changes: dict[str, str]) -> None:
    with pytest.raises(CannotRun, match="no id that a page"):
        list(stage.files(editions.edition(editions.document(**changes))))


def test_what_a_killed_run_left_is_removed(tmp_path: Path) -> None:
    dead = 2**22 + 1
    for kind in ("new", "old"):
        (tmp_path / f".out.isodocs-{kind}-{dead}").mkdir()
        (tmp_path / f".out.isodocs-{kind}-{dead}" / "x").write_text("x")
    (tmp_path / ".out.isodocs-new-mine").mkdir()
    (tmp_path / f".out.isodocs-new-{os.getppid()}").mkdir()
    stage.stage(editions.company(), tmp_path / "out")
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == sorted([".out.isodocs-new-mine", f".out.isodocs-new-{os.getppid()}", "out"])


def test_a_failing_swap_puts_the_old_edition_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.stage(editions.company(), tmp_path / "out")
    before = tree(tmp_path / "out")
    rename = Path.rename

    def failing(self: Path, target: Path) -> Path:
        if ".isodocs-new-" in self.name:
            raise OSError(28, "No space left on device")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(CannotRun, match="No space left"):
        stage.stage(editions.company(), tmp_path / "out")
    assert tree(tmp_path / "out") == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_the_manifest_names_every_file(tmp_path: Path) -> None:
    stage.stage(editions.company(), tmp_path)
    manifest = json.loads((tmp_path / stage.MANIFEST).read_text("ascii"))
    assert set(manifest["files"]) == EXPECTED


def test_a_name_with_marks_of_patterns_is_taken_literally(tmp_path: Path) -> None:
    stage.stage(editions.company(), tmp_path / "o[u]t*")
    stage.stage(editions.company(), tmp_path / "o[u]t*")
    assert (tmp_path / "o[u]t*/index.md").exists()
