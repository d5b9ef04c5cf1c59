"""``check --shard``, ``export --shard`` and ``--merge``, as the jobs of a CI run them; hostile results."""

from __future__ import annotations

import io
import json
import zipfile
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from support.broken import WHEN, Broken
from support.demo import LONG_AGO
from support.gitrepo import Repo, environment
from support.office import Ended, one_sentence, run

from isodocs.demo.player import play

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from support.office import Office

COUNTS = (2, 3, 7)
FORMATS = ("text", "json", "github")
TODAY = ("--as-of", "2026-02-03")


class Machine:
    """A machine on which isodocs runs, in one folder."""

    def __init__(self, place: Path, work: Path) -> None:
        self.place, self.work = place, work
        work.mkdir(parents=True, exist_ok=True)
        self.env = environment(work / "home")

    def run(self, *words: str) -> Ended:
        return run(*words, env=self.env, cwd=self.place)

    def could_not(self, *words: str) -> str:
        """The one sentence with which it is refused."""
        ended = self.run(*words)
        assert ended.status == 2, ended
        assert ended.out == ""
        return one_sentence(ended)

    def results(self, count: int, *words: str) -> list[str]:
        """The results of all parts of a check, as files."""
        return [self.result(f"{number}/{count}", *words) for number in range(1, count + 1)]

    def result(self, part: str, *words: str, name: str = "") -> str:
        ended = self.run("check", *words, "--shard", part)
        assert ended.status in {0, 1}, ended
        assert f"Part {part} found" in ended.err
        path = self.work / (name or f"part-{part.replace('/', '-of-')}.json")
        path.write_text(ended.out, "utf-8")
        return str(path)

    def exported(self, count: int, *words: str) -> list[str]:
        """All parts of an export, as files."""
        paths = [str(self.work / f"part-{number}.zip") for number in range(1, count + 1)]
        for number, path in enumerate(paths, 1):
            ended = self.run("export", *words, "--shard", f"{number}/{count}", path)
            assert ended.status == 0, ended
        return paths

    def tree(self, *words: str) -> tuple[str, dict[str, bytes]]:
        """What an export says, and the files it writes."""
        target = self.work / "manual"
        ended = self.run("export", *(str(target) if word == "DIR" else word for word in words))
        assert ended.status == 0, ended
        found = {path.relative_to(target).as_posix(): path for path in target.rglob("*") if path.is_file()}
        return ended.out + ended.err, {name: path.read_bytes() for name, path in found.items()}


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Broken:
    """The company in which much is wrong; nobody may change it."""
    return Broken(tmp_path_factory.mktemp("broken") / "qms")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration, played; nobody may change it."""
    folder = tmp_path_factory.mktemp("demo")
    play(folder / "qms", LONG_AGO)
    return folder / "qms"


@pytest.fixture
def wrong(broken: Broken, tmp_path: Path) -> Machine:
    """A machine at the company in which much is wrong."""
    return Machine(broken.path, tmp_path)


@pytest.fixture
def good(office: Office, tmp_path: Path) -> Machine:
    """A machine at the company of the scenarios, where all is in order."""
    return Machine(office.root, tmp_path / "machine")


class TestCheck:
    @pytest.mark.parametrize("count", COUNTS)
    def test_the_merge_prints_what_one_run_prints(self, wrong: Machine, count: int) -> None:
        results = wrong.results(count, *WHEN)
        for form in FORMATS:
            whole = wrong.run("check", *WHEN, "--format", form)
            assert wrong.run("check", "--merge", *results, "--format", form) == whole
            assert whole.status == 1

    def test_in_any_order_and_anywhere(self, wrong: Machine, tmp_path: Path) -> None:
        results = wrong.results(3, *WHEN)
        elsewhere = Machine(tmp_path, tmp_path / "other")
        whole = wrong.run("check", *WHEN)
        assert elsewhere.run("check", "--merge", *results[::-1]) == whole

    @pytest.mark.parametrize("count", COUNTS)
    def test_of_the_demonstration(self, demo: Path, tmp_path: Path, count: int) -> None:
        machine = Machine(demo, tmp_path)
        for profile in ("draft", "release"):
            words = ("--profile", profile, "--as-of", "2025-06-30")
            results = machine.results(count, *words)
            for form in FORMATS:
                whole = machine.run("check", *words, "--format", form)
                assert machine.run("check", "--merge", *results, "--format", form) == whole

    @pytest.mark.parametrize("count", COUNTS)
    def test_of_the_example(self, pytestconfig: pytest.Config, tmp_path: Path, count: int) -> None:
        machine = Machine(pytestconfig.rootpath / "example-qms", tmp_path)
        words = ("--snapshot", "--as-of", "2027-12-31")
        results = machine.results(count, *words)
        for form in FORMATS:
            whole = machine.run("check", *words, "--format", form)
            assert machine.run("check", "--merge", *results, "--format", form) == whole

    def test_all_in_order(self, good: Machine) -> None:
        ended = good.run("check", "--merge", *good.results(2, *TODAY))
        assert ended == good.run("check", *TODAY)
        assert ended.status == 0

    def test_colour_is_there_for_who_asks(self, wrong: Machine) -> None:
        results = wrong.results(2, *WHEN)
        wrong.env["FORCE_COLOR"] = "1"
        ended = wrong.run("check", "--merge", *results)
        assert "\x1b[" in ended.out
        assert ended == wrong.run("check", *WHEN)

    def test_a_part_with_an_error_says_so_by_its_status(self, wrong: Machine, good: Machine) -> None:
        assert {wrong.run("check", *WHEN, "--shard", f"{number}/2").status for number in (1, 2)} == {1}
        assert {good.run("check", *TODAY, "--shard", f"{number}/2").status for number in (1, 2)} == {0}

    def test_a_part_is_the_same_each_time(self, wrong: Machine) -> None:
        words = ("check", *WHEN, "--shard", "1/3")
        assert wrong.run(*words) == wrong.run(*words)

    def test_paths_that_are_no_text_survive(self, office: Office, tmp_path: Path) -> None:
        """A file name that is no UTF-8 stands in the result, and comes out of it."""
        machine = Machine(office.root, tmp_path / "machine")
        (office.root / "documents" / "SOP-009-\udce9.md").write_text("# x\n")
        results = machine.results(2, *TODAY)
        for form in FORMATS:
            whole = machine.run("check", *TODAY, "--format", form)
            assert machine.run("check", "--merge", *results, "--format", form) == whole


class TestRefusals:
    def test_a_part_needs_a_time(self, good: Machine) -> None:
        assert "needs --as-of" in good.could_not("check", "--shard", "1/2")
        assert "needs --as-of" in good.could_not("export", "--shard", "1/2", "part.zip")

    @pytest.mark.parametrize("part", ["0/2", "3/2", "1", "x", "1/2/3", ""])
    def test_what_is_no_part(self, good: Machine, part: str) -> None:
        ended = good.run("check", *TODAY, "--shard", part)
        assert ended.status == 2
        assert "is no part such as 2/4" in ended.err

    def test_a_part_takes_no_paths_and_no_format(self, good: Machine) -> None:
        assert "Leave out PATHS" in good.could_not("check", *TODAY, "--shard", "1/2", "documents")
        assert "Leave out --format" in good.could_not("check", *TODAY, "--shard", "1/2", "--format", "json")

    @pytest.mark.parametrize(
        "words", [("--tip", "HEAD"), TODAY, ("--snapshot",), ("--profile", "draft"), ("--shard", "1/2")]
    )
    def test_a_merge_takes_only_results(self, good: Machine, words: tuple[str, ...]) -> None:
        results = good.results(2, *TODAY)
        assert f"Leave out {words[0]}" in good.could_not("check", "--merge", *results, *words)

    def test_a_merge_of_nothing(self, good: Machine) -> None:
        assert "Name the results" in good.could_not("check", "--merge")
        assert "Name the parts" in good.could_not("export", "--merge", "out")

    def test_a_missing_part(self, good: Machine) -> None:
        results = good.results(7, *TODAY)
        assert "Part 2 of 7 is missing" in good.could_not("check", "--merge", results[0], *results[2:])
        assert "Parts 2, 6 and 7 of 7 are missing" in good.could_not(
            "check", "--merge", results[0], *results[2:5]
        )

    def test_a_part_that_is_there_twice(self, good: Machine) -> None:
        results = good.results(2, *TODAY)
        twin = good.result("1/2", *TODAY, name="again.json")
        sentence = good.could_not("check", "--merge", *results, twin)
        assert "Part 1/2 is there twice: part-1-of-2.json and again.json" in sentence

    def test_parts_of_another_number(self, good: Machine) -> None:
        two, three = good.results(2, *TODAY), good.results(3, *TODAY)
        assert "do not belong together" in good.could_not("check", "--merge", two[0], three[1], three[2])

    def test_another_time(self, good: Machine) -> None:
        results = [
            good.result("1/2", *TODAY),
            good.result("2/2", "--as-of", "2026-02-04", name="later.json"),
        ]
        assert "the time is 2026-02-03T22:59:59Z in one and 2026-02-04" in good.could_not(
            "check", "--merge", *results
        )

    def test_another_profile(self, good: Machine) -> None:
        results = [good.result("1/2", *TODAY), good.result("2/2", *TODAY, "--profile", "draft")]
        assert "the profile is release in one and draft in the other" in good.could_not(
            "check", "--merge", *results
        )

    def test_another_commit(self, good: Machine, office: Office) -> None:
        first = good.result("1/2", *TODAY)
        office.play.repo.commit("Nothing", date="2026-02-02")
        assert "the commit is" in good.could_not("check", "--merge", first, good.result("2/2", *TODAY))

    def test_other_files(self, good: Machine, office: Office) -> None:
        first = good.result("1/2", *TODAY)
        office.play.write("documents/SOP-001-text.md", "# other\n")
        second = good.result("2/2", *TODAY)
        assert "they were made of other files" in good.could_not("check", "--merge", first, second)

    def test_another_committer(self, good: Machine) -> None:
        """Who would commit what is not committed yet is its writer."""
        first = good.result("1/2", *TODAY)
        good.env |= {"GIT_AUTHOR_NAME": "Max", "GIT_AUTHOR_EMAIL": "max@ex.org"}
        second = good.result("2/2", *TODAY)
        assert "for somebody else" in good.could_not("check", "--merge", first, second)

    def test_another_program(self, good: Machine) -> None:
        results = good.results(2, *TODAY)
        changed = altered(results[1], lambda value: value["of"].update(program="0.0.9 abc Python 3.11"))
        assert "was made by isodocs 0.0.9 abc Python 3.11" in good.could_not(
            "check", "--merge", results[0], changed
        )


def altered(path: str, change: Callable[[dict[str, Any]], object]) -> str:
    """A result in which something was changed."""
    with open(path, encoding="utf-8") as stream:  # noqa: PTH123 - it is a word of a command line
        value = json.load(stream)
    change(value)
    with open(path, "w", encoding="utf-8") as stream:  # noqa: PTH123
        json.dump(value, stream)
    return path


def places(value: object, way: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The way to every value inside a value; of a list, to the first one."""
    if way:
        yield way
    if isinstance(value, dict):
        for key, one in value.items():
            yield from places(one, (*way, key))
    if isinstance(value, list) and value:
        yield from places(value[0], (*way, 0))


def put(value: Any, way: tuple[str | int, ...], other: object) -> None:  # noqa: ANN401 - JSON
    for key in way[:-1]:
        value = value[key]
    value[way[-1]] = other


JUNK: tuple[object, ...] = (None, True, -1, 1.5, "", "\x1b[31m", [], {}, [[]], 1 << 80)


class TestHostileResults:
    def test_no_result_at_all(self, good: Machine) -> None:
        other = good.work / "other"
        for data in (b"", b"{}", b"[]", b"null", b"\xff", b'{"format": 1}', b"[" * 100_000, b'{"a":1,"a":1}'):
            other.write_bytes(data)
            assert "is no result of 'isodocs check --shard'" in good.could_not("check", "--merge", str(other))

    def test_a_file_that_is_not_there_and_a_folder(self, good: Machine) -> None:
        assert "No such file" in good.could_not("check", "--merge", "nowhere.json")
        assert "Is a directory" in good.could_not("check", "--merge", str(good.work))

    def test_a_later_format(self, good: Machine) -> None:
        path = altered(good.result("1/1", *TODAY), lambda value: value.update(format=2))
        assert "written by a later isodocs (format 2)" in good.could_not("check", "--merge", path)

    def test_any_value_may_be_anything(self, wrong: Machine) -> None:
        """Never a traceback, never a word that the terminal obeys; what can be read is told."""
        path = wrong.result("1/1", *WHEN)
        with open(path, encoding="utf-8") as stream:  # noqa: PTH123
            text = stream.read()
        value = json.loads(text)
        value["found"], value["waiting"] = value["found"][:1], value["waiting"][:1]
        text = json.dumps(value)
        target = wrong.work / "changed.json"
        for way in places(value):
            for junk in JUNK:
                changed = json.loads(text)
                put(changed, way, junk)
                target.write_text(json.dumps(changed))
                ended = wrong.run("check", "--merge", str(target))
                assert ended.status in {0, 1, 2}, (way, junk)
                if ended.status == 2:
                    assert one_sentence(ended)
                assert "\x1b" not in ended.out + ended.err, (way, junk)

    def test_a_key_more_or_less(self, wrong: Machine) -> None:
        path = wrong.result("1/1", *WHEN)
        for change in (
            lambda value: value.update(more=1),
            lambda value: value.pop("waiting"),
            lambda value: value["of"].pop("tree"),
            lambda value: value["found"][0].update(more=1),
        ):
            wrong.result("1/1", *WHEN)
            assert "and no others" in wrong.could_not("check", "--merge", altered(path, change))

    def test_a_file_cut_short(self, wrong: Machine) -> None:
        path = wrong.work / "part.json"
        text = wrong.run("check", *WHEN, "--shard", "1/1").out
        for length in range(0, len(text), len(text) // 25):
            path.write_text(text[:length])
            assert "is no result" in wrong.could_not("check", "--merge", str(path))


class TestExport:
    @pytest.mark.parametrize("count", COUNTS)
    def test_the_merge_writes_what_one_run_writes(self, wrong: Machine, count: int) -> None:
        whole = wrong.tree("DIR", "--as-of", "2031-03-31")
        merged = wrong.tree("--merge", "DIR", *wrong.exported(count, *WHEN))
        assert merged == whole
        assert len(whole[1]) > 64

    @pytest.mark.parametrize("count", COUNTS)
    def test_of_the_demonstration(self, demo: Path, tmp_path: Path, count: int) -> None:
        machine = Machine(demo, tmp_path)
        for day in ("2025-06-30", "2024-12-31"):
            merged = machine.tree("DIR", "--merge", *machine.exported(count, "--as-of", day))
            assert merged == machine.tree("DIR", "--as-of", day)

    @pytest.mark.parametrize("count", COUNTS)
    def test_of_the_example(self, pytestconfig: pytest.Config, tmp_path: Path, count: int) -> None:
        machine = Machine(pytestconfig.rootpath / "example-qms", tmp_path)
        words = ("--snapshot", "--as-of", "2027-12-31")
        merged = machine.tree("DIR", "--merge", *machine.exported(count, *words))
        assert merged == machine.tree("DIR", *words)

    def test_a_part_is_the_same_each_time(self, good: Machine) -> None:
        first, second = (good.exported(1, *TODAY)[0] for _ in range(2))
        with open(first, "rb") as one, open(second, "rb") as other:  # noqa: PTH123
            assert one.read() == other.read()

    def test_a_page_that_was_changed_by_hand_is_kept(self, good: Machine) -> None:
        good.tree("DIR", *TODAY)
        (good.work / "manual" / "index.md").write_text("mine")
        parts = good.exported(2, *TODAY)
        sentence = good.could_not("export", "--merge", str(good.work / "manual"), *parts)
        assert "changed by hand" in sentence

    def test_a_part_is_not_written_over_a_folder(self, good: Machine) -> None:
        assert "cannot be written" in good.could_not("export", *TODAY, "--shard", "1/2", str(good.work))

    def test_two_folders(self, good: Machine) -> None:
        assert "One DIR is enough" in good.could_not("export", "a", "b")


class TestHostileParts:
    @pytest.fixture
    def parts(self, good: Machine) -> list[str]:
        return good.exported(2, *TODAY)

    def refused(self, machine: Machine, *parts: str) -> str:
        sentence = machine.could_not("export", "--merge", str(machine.work / "out"), *parts)
        assert not (machine.work / "out").exists()
        return sentence

    def test_a_missing_part_and_one_that_is_there_twice(self, good: Machine, parts: list[str]) -> None:
        assert "Part 2 of 2 is missing" in self.refused(good, parts[0])
        assert "is there twice" in self.refused(good, parts[0], *parts)

    def test_parts_of_another_time(self, good: Machine, parts: list[str]) -> None:
        other = good.work / "other.zip"
        good.run("export", "--as-of", "2026-02-04", "--shard", "2/2", str(other))
        assert "do not belong together: the time is" in self.refused(good, parts[0], str(other))

    def test_no_part_at_all(self, good: Machine, parts: list[str]) -> None:
        with open(parts[1], "rb") as stream:  # noqa: PTH123
            whole = stream.read()
        empty = io.BytesIO()
        zipfile.ZipFile(empty, "w").close()
        other = good.work / "other.zip"
        for data in (b"", b"PK", empty.getvalue(), whole[:-40], whole[len(whole) // 2 :], b"{}"):
            other.write_bytes(data)
            assert "is no part of 'isodocs export --shard'" in self.refused(good, parts[0], str(other))

    def test_any_byte_may_be_another(self, good: Machine, parts: list[str]) -> None:
        """It is refused, or it makes no difference: texts have digests, and the archive has sums."""
        with open(parts[1], "rb") as stream:  # noqa: PTH123
            whole = stream.read()
        target, other = good.work / "out", good.work / "other.zip"
        _, right = good.tree("DIR", *TODAY)
        for place in range(0, len(whole), max(1, len(whole) // 150)):
            other.write_bytes(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
            ended = good.run("export", "--merge", str(target), parts[0], str(other))
            if ended.status == 2:
                assert one_sentence(ended)
                continue
            assert {path.name: path.read_bytes() for path in target.rglob("*") if path.is_file()} == {
                name.rpartition("/")[2]: data for name, data in right.items()
            }

    def test_any_value_may_be_anything(self, good: Machine) -> None:
        (part,) = good.exported(1, *TODAY)
        value, files = unpacked(part)
        target = good.work / "out"
        for way in places(value):
            for junk in JUNK:
                changed = json.loads(json.dumps(value))
                put(changed, way, junk)
                packed(part, changed, files)
                ended = good.run("export", "--merge", str(target), part)
                assert ended.status in {0, 2}, (way, junk)
                if ended.status == 2:
                    assert one_sentence(ended)
                assert "\x1b" not in ended.out + ended.err, (way, junk)

    def test_what_a_part_says_is_shown_as_text(self, good: Machine) -> None:
        """Pages are made where the parts come together, with all that makes them harmless."""
        (part,) = good.exported(1, *TODAY)
        value, files = unpacked(part)
        for one in value["documents"]:
            one["title"] = one["owner"] = "<script>alert(1)</script>"
        packed(part, value, files)
        _, pages = good.tree("--merge", "DIR", part)
        assert not any(b"<script" in data for name, data in pages.items() if name.endswith(".md"))

    def test_no_document_comes_from_a_wrong_part(self, good: Machine, parts: list[str]) -> None:
        (value, files), (other, more) = map(unpacked, parts)
        value["documents"] += other["documents"]
        packed(parts[0], value, {**files, **more})
        assert "belongs to another part" in self.refused(good, *parts)

    def test_an_id_that_leads_elsewhere(self, good: Machine) -> None:
        (part,) = good.exported(1, *TODAY)
        value, files = unpacked(part)
        for name in ("../../x", "a/b", "SOP-001/../../x"):
            value["documents"][0]["id"] = name
            packed(part, value, files)
            assert "has no id that a page could be named by" in self.refused(good, part)

    def test_a_text_that_is_missing_or_another_one(self, good: Machine) -> None:
        (part,) = good.exported(1, *TODAY)
        value, files = unpacked(part)
        packed(part, value, {})
        assert "lacks the file" in self.refused(good, part)
        packed(part, value, dict.fromkeys(files, b"other"))
        assert "holds another file" in self.refused(good, part)


def unpacked(part: str) -> tuple[Any, dict[str, bytes]]:
    """What a part says, and the files in it."""
    with zipfile.ZipFile(part) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    return json.loads(files.pop("part.json")), files


def packed(part: str, value: object, files: dict[str, bytes]) -> None:
    with zipfile.ZipFile(part, "w") as archive:
        archive.writestr("part.json", json.dumps(value))
        for name, data in files.items():
            archive.writestr(name, data)


def test_help_teaches_it(good: Machine) -> None:
    for verb in ("check", "export"):
        said = good.run(verb, "--help").out
        assert "--shard I/N" in said
        assert f"isodocs {verb} --merge" in said


def test_completion_offers_parts(good: Machine) -> None:
    good.env |= {
        "_ISODOCS_COMPLETE": "bash_complete",
        "COMP_WORDS": "isodocs check --shard 2/",
        "COMP_CWORD": "3",
    }
    offered = good.run().out.split()
    assert offered == ["plain,2/2", "plain,2/3", "plain,2/4", "plain,2/8"]


def test_parts_of_a_fresh_clone_equal_those_of_the_repository(broken: Broken, tmp_path: Path) -> None:
    """As the runners of a CI see it: each has a clone of its own, at another place."""
    clones = []
    for number in (1, 2):
        clone = tmp_path / f"clone-{number}"
        broken.repo.git("clone", "-q", str(broken.path), str(clone))
        Repo(clone, create=False)
        clones.append(Machine(clone, tmp_path / f"machine-{number}"))
    results = [one.result(f"{number}/2", *WHEN) for number, one in enumerate(clones, 1)]
    for one, other in pairwise(clones):
        assert one.run("check", "--merge", *results) == other.run("check", *WHEN)
