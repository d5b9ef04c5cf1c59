"""Which part of a shared check a document belongs to."""

from __future__ import annotations

import hashlib
import re

import pytest

from isodocs.core.shard import Shard, signed_in

NAMES = [f"SOP-{number:03}" for number in range(600)]


@pytest.mark.parametrize("text", ["1/1", "2/4", "7/7", "1000/1000"])
def test_a_part_is_written_as_it_was_read(text: str) -> None:
    assert str(Shard.read(text)) == text


@pytest.mark.parametrize(
    "text",
    ["", "1", "0/4", "5/4", "1/0", "-1/4", "1/1001", "01/4", "1/4 ", "1 / 4", "1/4\n", "one/4", "²/4", "٣/4"],
)
def test_what_is_no_part_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        Shard.read(text)


@pytest.mark.parametrize("count", [1, 2, 3, 7, 16])
def test_every_document_belongs_to_exactly_one_part(count: int) -> None:
    parts = [Shard(number, count) for number in range(1, count + 1)]
    for name in NAMES:
        assert sum(part.has(name) for part in parts) == 1
        assert sum(part.has_file(f"documents/a/{name}-x.md") for part in parts) == 1
    sizes = [sum(map(part.has, NAMES)) for part in parts]
    assert max(sizes) - min(sizes) < len(NAMES) / count, "parts are about equally large"


def test_the_part_is_the_same_on_every_machine_and_for_ever() -> None:
    """By the first eight bytes of the SHA-256 of the id, modulo the number of parts."""
    for name in NAMES:
        first = int(hashlib.sha256(name.encode()).hexdigest()[:16], 16)
        assert Shard(first % 7 + 1, 7).has(name)
    assert Shard(2, 3).has("SOP-001")
    assert not Shard(2, 3).has("SOP-002")


def test_a_file_goes_with_the_document_it_is_named_after() -> None:
    for name in NAMES:
        assert Shard(1, 3).has(name) == Shard(1, 3).has_file(f"documents/sops/{name}-purchasing.md")


def test_what_is_left_out_is_told_by_the_folder() -> None:
    mine, other = (next(name for name in NAMES if Shard(1, 2).has(name) is one) for one in (True, False))
    whole, part = Shard(1, 2), Shard(1, 2, frozenset({"WI-001"}), narrowed=True)
    assert whole.reads(f"signatures/{other}/1/a.json")
    assert whole.knows(other)
    assert part.reads(f"signatures/{mine}/1/a.json")
    assert not part.reads(f"signatures/{other}/1/a.json")
    assert not part.knows(other)
    assert part.reads("signatures/WI-001/1/a.json"), "all parts read it"
    for path in (
        "isodocs.yml",
        f"documents/{other}.md",
        "signatures/_authority/a/b.json",
        "signatures/a.txt",
    ):
        assert part.reads(path)
    assert signed_in("signatures/sop-001/1/a.json") == ""
