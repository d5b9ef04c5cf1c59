"""The example company is signed by the right people, on one day, and no private key is left."""

from __future__ import annotations

import shutil
from datetime import date
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from isodocs.core.problem import CannotRun
from isodocs.core.reading import read_register
from isodocs.core.statement_reader import read
from isodocs.demo.files import example_files, example_folder
from isodocs.demo.sign_example import main, sign_example, signing_day
from isodocs.demo.story import read_story
from isodocs.workspace import open_snapshot

if TYPE_CHECKING:
    from pathlib import Path

    from isodocs.core.statement import Statement

DAY = date(2026, 3, 2)


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("signed") / "example"
    shutil.copytree(example_folder(), folder)
    (folder / "signatures" / "OLD-001").mkdir(exist_ok=True, parents=True)
    (folder / "signatures" / "OLD-001" / "old.json").write_text("{}")
    sign_example(folder, DAY)
    return folder


def statements(folder: Path) -> list[Statement]:
    return [read(path.read_bytes()) for path in sorted((folder / "signatures").rglob("*.json"))]


class TestSigned:
    def test_every_document_is_effective_on_that_day(self, signed: Path) -> None:
        library = open_snapshot(signed, as_of=DAY.isoformat())
        assert {view.status.value for view in library.views.values()} == {"effective"}
        assert len(library.views) == len(library.readings)

    def test_not_before(self, signed: Path) -> None:
        library = open_snapshot(signed, as_of=f"{DAY}T04:00:00Z")
        assert {view.status.value for view in library.views.values()} == {"approved"}

    def test_all_on_one_day_each_person_in_turn(self, signed: Path) -> None:
        found = statements(signed)
        assert {one.time[:10] for one in found} == {DAY.isoformat()}
        for person in {one.person for one in found}:
            times = [one.time for one in found if one.person == person]
            assert len(set(times)) == len(times)

    def test_nobody_signed_what_they_wrote(self, signed: Path) -> None:
        story = read_story()
        for one in statements(signed):
            assert one.writers
            assert one.writers == story.authors(f"{one.id}@{one.revision}")
            assert one.person not in one.writers

    def test_a_later_revision_follows_another(self, signed: Path) -> None:
        for one in statements(signed):
            assert (one.predecessor is None) == (one.revision == "1"), one.id

    def test_what_was_signed_before_is_gone(self, signed: Path) -> None:
        assert not (signed / "signatures" / "OLD-001").exists()

    def test_only_keys_and_signatures_changed(self, signed: Path) -> None:
        for path, data in example_files().items():
            if path != "people.yml":
                assert (signed / path).read_bytes() == data
        before, after = (
            [line for line in text.splitlines() if "#" in line]
            for text in (example_files()["people.yml"].decode(), (signed / "people.yml").read_text("utf-8"))
        )
        assert before == after

    def test_everybody_has_one_key_from_that_day(self, signed: Path) -> None:
        register, _ = read_register((signed / "people.yml").read_bytes())
        assert register is not None
        for person in register.people.values():
            (key,) = person.keys
            assert key.from_ == DAY

    def test_no_private_key(self, signed: Path) -> None:
        assert not [path for path in signed.rglob("*") if path.is_file() and b"PRIVATE" in path.read_bytes()]


class TestCommand:
    def test_signs_and_says_the_day(self, signed: Path, tmp_path: Path) -> None:
        folder = tmp_path / "again"
        shutil.copytree(signed, folder)
        done = CliRunner().invoke(main, [str(folder), "--today", "2026-04-01"])
        assert done.exit_code == 0
        assert "statements of 2026-04-01" in done.output
        assert CliRunner().invoke(main, [str(folder), "--date"]).output == "2026-04-01\n"
        keys = [(one / "people.yml").read_text("utf-8") for one in (signed, folder)]
        assert keys[0] != keys[1]

    def test_no_date(self, signed: Path) -> None:
        done = CliRunner().invoke(main, [str(signed), "--today", "tomorrow"])
        assert done.exit_code == 2
        assert signing_day(signed) == DAY

    def test_unsigned(self, tmp_path: Path) -> None:
        with pytest.raises(CannotRun, match="not signed"):
            signing_day(tmp_path)

    def test_a_role_that_only_its_writer_holds(self, signed: Path, tmp_path: Path) -> None:
        folder = tmp_path / "alone"
        shutil.copytree(signed, folder)
        people = (folder / "people.yml").read_text("utf-8").replace("role: purchasing,", "role: sales,")
        (folder / "people.yml").write_text(people, "utf-8")
        with pytest.raises(CannotRun, match="purchasing"):
            sign_example(folder, DAY)
        assert (folder / "people.yml").read_text("utf-8") == people.replace(
            "role: purchasing,", "role: sales,"
        )


def test_the_example_is_signed_as_it_stands() -> None:
    """Sign it anew when this fails: python -m isodocs.demo.sign_example."""
    folder = example_folder()
    library = open_snapshot(folder, as_of=signing_day(folder).isoformat())
    assert {
        name: view.status.value for name, view in library.views.items() if view.status != "effective"
    } == {}
    assert all(not view.draft for view in library.views.values())
