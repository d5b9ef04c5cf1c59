"""The generator makes a sound QMS, the same one from the same shape, and each parameter does what it says."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from dataclasses import fields, replace
from typing import TYPE_CHECKING

import pytest

from benchmarks import generate as command
from benchmarks import generator
from benchmarks.generator import Shape, generate
from benchmarks.generator.keys import Key
from benchmarks.generator.pack import BLOB, Pack, packed
from isodocs.signing import verify

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

EVERYTHING = Shape(
    documents=14,
    revisions=5,
    merges=0.6,
    criss_cross=0.4,
    renames=0.2,
    moves=0.3,
    pictures=0.4,
    rewrites=0.3,
    crlf=0.3,
    drafts=0.3,
    signatures="mixed",
    size=1500,
    sections=3,
)
KINDS = ("ssh-ed25519", "ecdsa-sha2-nistp256", "ssh-rsa", "sk-ssh-ed25519@openssh.com")


def git(place: Path, *words: str) -> str:
    done = subprocess.run(["git", "-C", str(place), *words], check=True, capture_output=True)
    return done.stdout.decode()


def isodocs(place: Path, *words: str) -> str:
    """What the command says; it must find no error."""
    arguments = [sys.executable, "-m", "isodocs", "-C", str(place), *words]
    return subprocess.run(arguments, check=True, capture_output=True, text=True).stdout


def made(place: Path, shape: Shape) -> Path:
    generate(place, shape)
    return place


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with all that there is."""
    return made(tmp_path_factory.mktemp("everything") / "qms", EVERYTHING)


@pytest.mark.parametrize("signatures", ["ed25519", "mixed", "none"])
@pytest.mark.parametrize("merges", [0, 1])
def test_a_release_has_nothing_to_blame(tmp_path: Path, signatures: str, merges: float) -> None:
    shape = Shape(documents=6, revisions=3, merges=merges, signatures=signatures, pictures=0.5, crlf=0.5)
    place = made(tmp_path / "qms", shape)
    found = json.loads(isodocs(place, "check", "--profile", "release", "--format", "json"))
    assert found["items"] == []


def test_with_everything_only_links_to_moved_files_are_mentioned(everything: Path) -> None:
    found = json.loads(isodocs(everything, "check", "--profile", "release", "--format", "json"))
    assert {item["code"] for item in found["items"]} <= {"LN105"}


def test_the_last_revision_of_each_document_is_in_force(everything: Path) -> None:
    items = json.loads(isodocs(everything, "list", "--format", "json"))["items"]
    assert [(item["status"], item["revision"]) for item in items] == [("effective", "5")] * 14


def test_every_revision_was_approved_by_others_than_its_writer(everything: Path) -> None:
    past = json.loads(isodocs(everything, "history", "SOP-00003", "--format", "json"))["items"]
    assert sorted(item["revision"] for item in past) == ["1", "2", "3", "4", "5"]
    for item in past:
        signers = [one["person"] for one in item["signatures"] if one["valid"]]
        assert len(signers) == 2
        assert not set(signers) & set(item["writers"])


def test_git_finds_no_fault_in_the_pack(everything: Path) -> None:
    checked = subprocess.run(
        ["git", "-C", str(everything), "fsck", "--strict", "--full", "--no-dangling"],
        check=True,
        capture_output=True,
        text=True,
    )
    assert (checked.stdout, checked.stderr.replace("notice: HEAD points to an unborn branch\n", "")) == (
        "",
        "",
    )
    assert git(everything, "status", "--porcelain") == ""


def test_the_same_shape_gives_the_same_commits(
    everything: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generator, "FEW", 0)  # now in other processes
    again = made(tmp_path / "again", EVERYTHING)
    assert git(again, "for-each-ref") == git(everything, "for-each-ref")
    other = made(tmp_path / "other", replace(EVERYTHING, seed=2))
    assert git(other, "rev-parse", "main") != git(everything, "rev-parse", "main")


@pytest.mark.parametrize("kind", KINDS)
def test_signatures_of_each_kind_convince_ssh_keygen(kind: str) -> None:
    key, message = Key(kind, "a seed"), b"what is signed"
    signature = key.sign(message)
    assert signature == Key(kind, "a seed").sign(message)
    assert key.line != Key(kind, "another seed").line
    assert verify.check(message, signature).ok
    allowed = f'jane namespaces="isodocs" {key.line}\n'
    assert verify.second_opinion(message, signature, allowed, "jane").ok


def test_the_key_kinds_are_mixed(everything: Path) -> None:
    register = (everything / "people.yml").read_text(encoding="utf-8")
    assert all(kind in register for kind in KINDS)


def commits(place: Path) -> int:
    return int(git(place, "rev-list", "--count", "main"))


def merges(place: Path) -> int:
    return int(git(place, "rev-list", "--count", "--merges", "--first-parent", "main"))


def criss_crosses(place: Path) -> int:
    """Merges that have two merge bases."""
    parents = [line.split() for line in git(place, "log", "--merges", "--format=%P", "main").splitlines()]
    return sum(len(git(place, "merge-base", "--all", *pair).split()) > 1 for pair in parents)


def renames(place: Path) -> int:
    """Files that got a new name in their folder."""
    words = ("log", "-M1%", "--diff-filter=R", "--name-status", "--format=", "main", "--", "documents")
    pairs = [line.split("\t")[1:] for line in git(place, *words).splitlines() if line]
    return sum(old.rpartition("/")[0] == new.rpartition("/")[0] for old, new in pairs)


def moves(place: Path) -> int:
    return git(place, "log", "--format=%s", "main").count("Move ")


def rewritten(place: Path) -> int:
    """Revisions that leave next to nothing of the text before."""
    found = git(place, "log", "-M1%", "--diff-filter=RM", "--numstat", "--format=", "main", "--", "documents")
    return sum(int(line.split("\t")[0]) > 6 for line in found.splitlines() if line)


def crlf(place: Path) -> int:
    return sum(b"\r\n" in path.read_bytes() for path in place.glob("documents/**/*.md"))


def files(pattern: str) -> Callable[[Path], int]:
    return lambda place: len(list(place.glob(pattern)))


def folders(place: Path) -> int:
    return len({path.parent for path in place.glob("documents/**/*.md")})


def largest(place: Path) -> int:
    return max(path.stat().st_size for path in place.glob("documents/**/*.md"))


def branches(place: Path) -> int:
    return len(git(place, "for-each-ref", "refs/heads/draft").splitlines())


PLAIN = Shape(documents=8, revisions=3, size=1200)
# A parameter, a value of it, what is counted, and how much that is without it and with it.
EFFECTS: tuple[tuple[str, object, Callable[[Path], int], object, object], ...] = (
    ("documents", 20, files("documents/**/*.md"), 8, 20),
    ("revisions", 5, commits, 1 + 8 * 3, 1 + 8 * 5),
    ("merges", 1.0, merges, 0, 24),
    ("renames", 1.0, renames, 0, 16),
    ("moves", 1.0, moves, 0, 24),
    ("pictures", 1.0, files("documents/**/img/*.png"), 0, 8),
    ("rewrites", 1.0, rewritten, 0, 16),
    ("crlf", 1.0, crlf, 0, 8),
    ("drafts", 1.0, branches, 0, 8),
    ("signatures", "none", files("signatures/**/*.sig"), 48, 0),
    ("sections", 2, folders, 4, 2),
)


@pytest.mark.parametrize(("name", "value", "count", "without", "having"), EFFECTS)
def test_each_parameter_has_its_effect(
    tmp_path: Path, name: str, value: object, count: Callable[[Path], int], without: object, having: object
) -> None:
    changed = replace(PLAIN, **{name: value})  # type: ignore[arg-type]
    found = count(made(tmp_path / "plain", PLAIN)), count(made(tmp_path / "changed", changed))
    assert found == (without, having)


def test_branches_can_merge_each_other(tmp_path: Path) -> None:
    shape = replace(PLAIN, merges=1.0, criss_cross=1.0)
    assert criss_crosses(made(tmp_path / "crossed", shape)) > 5
    assert criss_crosses(made(tmp_path / "merged", replace(shape, criss_cross=0.0))) == 0


def test_documents_have_about_the_size_asked_for(tmp_path: Path) -> None:
    assert 4000 < largest(made(tmp_path / "usual", replace(PLAIN, size=5000))) < 6500
    assert 16_000 < largest(made(tmp_path / "large", replace(PLAIN, size=20_000))) < 24_000


def test_no_parameter_is_left_out() -> None:
    tried = Counter([row[0] for row in EFFECTS]) + Counter(["criss_cross", "size", "seed"])
    assert tried == Counter(one.name for one in fields(Shape))


def test_the_command_says_what_it_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = tmp_path / "qms"
    command.main([str(place), "--documents", "3", "--revisions", "2", "--merges", "1", "--no-checkout"])
    assert "3 documents, 6 revisions" in capsys.readouterr().out
    assert commits(place) == 1 + 6 * 4
    assert not (place / "documents").exists()
    with pytest.raises(SystemExit):
        command.main([str(place)])
    assert "is not empty" in capsys.readouterr().err


# Sizes at which the formats change: copies of a byte, of 16 MiB; inserts of 127.
STEPS = (
    (b"", b"a"),
    (b"a" * 300, b"a" * 150 + b"b" * 1000 + b"a" * 150),
    (b"a" * 70_000, b"b" + b"a" * 70_000),
    (b"a" * 17_000_000 + b"c", b"a" * 17_000_000 + b"d"),
    (b"some text", b""),
    (b"abab", b"ababab"),
)


@pytest.mark.parametrize(("old", "new"), STEPS)
def test_git_reads_what_was_packed(tmp_path: Path, old: bytes, new: bytes) -> None:
    git(tmp_path, "init", "-q")
    with Pack(tmp_path / ".git" / "objects" / "pack") as pack:
        first = packed(BLOB, old)
        second = packed(BLOB, new, (first, old))
        for one in (first, second, first):
            pack.add(one)
    for one, data in ((first, old), (second, new)):
        done = subprocess.run(
            ["git", "-C", str(tmp_path), "cat-file", "blob", one.oid.hex()], check=True, capture_output=True
        )
        assert done.stdout == data


def test_a_pack_that_was_not_finished_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyError), Pack(tmp_path) as pack:
        pack.add(packed(BLOB, b"new", (packed(BLOB, b"an old one that was never added"), b"")))
    assert list(tmp_path.iterdir()) == []
