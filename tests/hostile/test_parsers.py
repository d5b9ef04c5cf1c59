"""Whatever git prints, its readers end in a value or in ``CannotRun``: mutated streams, a slice and all."""

from __future__ import annotations

import contextlib
import io
import random
from typing import TYPE_CHECKING

import pytest

from isodocs.core.problem import CannotRun
from isodocs.git.log import arguments, parse
from isodocs.git.objects import BadAnswer, Forged, answers
from isodocs.git.tree import parse_tree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from hostile.calls import Company

FEW, MANY = 1_500, 100_000
PIECES = (
    b"\0",
    b"\n",
    b"\n\n:",
    b"commit ",
    b" ",
    b"parent ",
    b"\xff",
    b"9" * 5000,
    b"-1",
    b"<",
    b">",
    b":",
    b"",
)


def of_log(data: bytes) -> None:
    """Read a log, in one chunk or in many."""
    for _ in parse([data[at : at + 4096] for at in range(0, len(data), 4096)]):
        pass


def of_objects(data: bytes) -> None:
    """Read what ``cat-file --batch`` prints."""
    with contextlib.suppress(BadAnswer, Forged):
        for _ in answers(io.BytesIO(data), "sha1"):
            pass


def of_tree(data: bytes) -> None:
    """Read what ``ls-tree -r -t -z`` prints."""
    parse_tree(data, "main")


READERS: dict[str, Callable[[bytes], None]] = {"log": of_log, "objects": of_objects, "tree": of_tree}


@pytest.fixture(scope="module")
def streams(company: Company) -> dict[str, bytes]:
    """What git really prints of the company."""
    repo = company.office.play.repo
    names = repo.run("rev-list", "--objects", "--no-object-names", "draft").stdout
    return {
        "log": repo.run("-c", "core.commitGraph=false", *arguments(repo.git("rev-parse", "draft"))).stdout,
        "objects": repo.run("cat-file", "--batch", "--buffer", stdin=names).stdout,
        "tree": repo.run("ls-tree", "-r", "-t", "-z", "draft").stdout,
    }


def mutants(data: bytes, count: int) -> Iterator[bytes]:
    """The stream with one to three places altered, the same ones each time."""
    pick = random.Random(20261123)  # noqa: S311 - picks test cases
    for _ in range(count):
        altered = data
        for _ in range(pick.randint(1, 3)):
            at = pick.randrange(len(altered) + 1)
            end = min(len(altered), at + pick.choice((0, 0, 1, 1, 4, 60, 100_000)))
            altered = altered[:at] + pick.choice(PIECES) + altered[end:]
        yield altered


def survives(name: str, data: bytes) -> None:
    """The reader ends in a value or in ``CannotRun``."""
    with contextlib.suppress(CannotRun):
        READERS[name](data)


@pytest.mark.parametrize("name", READERS)
def test_a_slice_of_mutants(name: str, streams: dict[str, bytes]) -> None:
    READERS[name](streams[name])
    for data in mutants(streams[name], FEW):
        survives(name, data)


@pytest.mark.slow
@pytest.mark.parametrize("name", READERS)
def test_all_mutants(name: str, streams: dict[str, bytes]) -> None:
    for data in mutants(streams[name], MANY):
        survives(name, data)


def test_most_mutants_of_objects_are_noticed(streams: dict[str, bytes]) -> None:
    """Each object's bytes are held against its name: hardly a change passes for the stream itself."""
    passed = 0
    for data in mutants(streams["objects"], 300):
        with contextlib.suppress(BadAnswer, Forged):
            found = [one.content for one in answers(io.BytesIO(data), "sha1")]
            passed += all(content in streams["objects"] for content in found) is False
    assert passed == 0


@pytest.mark.parametrize(
    "committer", [b"9" * 5000, b"-5", b"99999999999999999999", b"abc", b"", b"1e9", "١٢".encode()]
)
def test_odd_times_of_commits(company: Company, committer: bytes, tmp_path: Path) -> None:
    """Such commits can be pushed where the server does not check objects."""
    repo = company.copy(tmp_path / "copy").office.play.repo
    tree = repo.git("rev-parse", "main^{tree}").encode()
    text = b"tree %s\nauthor J <j@x> 1 +0000\ncommitter J <j@x> %s +0000\n\nx\n" % (tree, committer)
    oid = repo.git("hash-object", "--literally", "-t", "commit", "-w", "--stdin", stdin=text)
    ((commit, _),) = parse([repo.run(*arguments(oid)).stdout])
    assert 0 <= commit.time <= 253402300799
