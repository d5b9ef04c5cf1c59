"""Adding to a YAML file by slice: what is added is there, and all else stays byte for byte."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from isodocs.core.frontmatter import bare, parse_yaml
from isodocs.core.placing import CannotPlace, Value, add_entry, add_item

ITEM: Value = {"key": "ssh-ed25519 AAAA", "from": "2026-01-01"}


def read(data: bytes) -> object:
    node, problems = parse_yaml(data)
    assert not problems
    return bare(node)


def lines_kept(before: bytes, after: bytes) -> bool:
    """Whether every line of the old file is in the new one, in order and unchanged."""
    rest = iter(after.splitlines(keepends=True))
    return all(any(line == other for other in rest) for line in before.splitlines(keepends=True))


BLOCK = b"""\
# The register
format: 1
people:   # everybody
  jane-doe:
    name: "Jane Doe"   # since 2019
    keys:
      - {key: a b, from: 2025-01-01}   # laptop
      - key: c d
        from: 2025-06-01
        # until: next year

  # Bob comes last
  bob:
    name: 'Bob'
    keys: [{key: e f, from: 2025-01-01}]  # one
# the end
"""


class TestItems:
    def test_below_the_last_one_of_a_block_and_its_own_comment(self) -> None:
        after = add_item(BLOCK, ("people", "jane-doe", "keys"), ITEM)
        added = b"      - key: ssh-ed25519 AAAA\n        from: 2026-01-01\n"
        assert after == BLOCK.replace(b"next year\n", b"next year\n" + added)

    def test_inside_the_brackets_of_a_list_on_one_line(self) -> None:
        after = add_item(BLOCK, ("people", "bob", "keys"), ITEM)
        added = b", {key: ssh-ed25519 AAAA, from: 2026-01-01}]  # one"
        assert after == BLOCK.replace(b"]  # one", added)

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("a:\n  k: []\n", "a:\n  k:\n    - x\n"),
            ("a:\n  k: []   # none\n", "a:\n  k:   # none\n    - x\n"),
            ("a:\n  k: [ ]", "a:\n  k:\n    - x\n"),
            ("a:\n  k:\n", "a:\n  k:\n    - x\n"),
            ("a:\n  k:  # none\nb: 1\n", "a:\n  k:  # none\n    - x\nb: 1\n"),
            ("a:\n  k:", "a:\n  k:\n    - x\n"),
            ("a:\n  k:\n  - y\n", "a:\n  k:\n  - y\n  - x\n"),
            ("a:\n  k:\n  - y", "a:\n  k:\n  - y\n  - x\n"),
            ("a:\n    k:\n        - y\n", "a:\n    k:\n        - y\n        - x\n"),
            ("a: {k: [y]}\n", "a: {k: [y, x]}\n"),
            ("a: {k: []}\n", "a: {k: [x]}\n"),
            ("a: {k: }\n", "a: {k: [x]}\n"),
            ("a: {k: [y,]}\n", "a: {k: [y, x,]}\n"),
            ("a:\n  k: [\n    y,  # why\n    z\n  ]\n", "a:\n  k: [\n    y,  # why\n    z, x\n  ]\n"),
            ("a:\r\n  k:\r\n    - y\r\n", "a:\r\n  k:\r\n    - y\r\n    - x\r\n"),
            ("a:\n  k:\n    - y\n\n\n# end\n", "a:\n  k:\n    - y\n    - x\n\n\n# end\n"),
            (
                "a:\n  k:\n    - |\n      long\n      text\n\nb: 1\n",
                "a:\n  k:\n    - |\n      long\n      text\n    - x\n\nb: 1\n",
            ),
        ],
    )
    def test_each_way_of_writing_a_list(self, old: str, new: str) -> None:
        assert add_item(old.encode(), ("a", "k"), "x").decode() == new


class TestEntries:
    def test_at_the_end_of_a_group(self) -> None:
        after = add_entry(BLOCK, ("people",), "eve", {"name": "Eve", "emails": ["eve@ex.org"]})
        added = b"  eve:\n    name: Eve\n    emails: [eve@ex.org]\n"
        assert after == BLOCK.replace(b"# the end\n", added + b"# the end\n")

    def test_at_the_end_of_the_file(self) -> None:
        assert add_entry(b"a: 1", (), "b", {"c": "d"}) == b"a: 1\nb:\n  c: d\n"

    def test_into_a_group_in_brackets(self) -> None:
        assert add_entry(b"a: {b: 1}\n", ("a",), "c", ["d"]) == b"a: {b: 1, c: [d]}\n"

    @pytest.mark.parametrize("empty", ["people: {}", "people:", "people: # nobody yet"])
    def test_into_an_empty_group(self, empty: str) -> None:
        after = add_entry(f"{empty}\n".encode(), ("people",), "eve", {"name": "Eve"})
        assert read(after) == {"people": {"eve": {"name": "Eve"}}}
        assert after.endswith(b"\n  eve:\n    name: Eve\n")

    def test_a_text_of_several_lines_becomes_a_block(self) -> None:
        armour = "-----BEGIN-----\nabc=\n-----END-----\n"
        after = add_entry(b"a:\n  b: 1\n", ("a",), "proof", armour)
        assert after == b"a:\n  b: 1\n  proof: |\n    -----BEGIN-----\n    abc=\n    -----END-----\n"

    def test_long_lists_of_groups_become_blocks(self) -> None:
        value: Value = [{"key": "x" * 90, "from": "2026-01-01"}]
        after = add_entry(b"a:\n  b: 1\n", ("a",), "keys", value)
        assert after == b"a:\n  b: 1\n  keys:\n    - key: " + b"x" * 90 + b"\n      from: 2026-01-01\n"


class TestRefusals:
    @pytest.mark.parametrize(
        ("data", "where", "words"),
        [
            (b"a: 1\n", ("b",), "there is no 'b'"),
            (b"a: 1\n", ("a",), "'1' stands there"),
            (b"a: ''\n", ("a",), "stands there"),
            (b"a: 1\n", ("a", "b"), "there is no 'b'"),
            (b"a: [\n", ("a",), "cannot be read"),
            (b"", ("a",), "it is empty"),
            (b"\xef\xbb\xbfa: []\n", ("a",), "cannot be read"),
            (b"a: {b: c}\n", ("a",), "no safe place"),
        ],
    )
    def test_no_place(self, data: bytes, where: tuple[str, ...], words: str) -> None:
        with pytest.raises(CannotPlace, match=words):
            add_item(data, where, "x")

    def test_a_key_that_is_there(self) -> None:
        with pytest.raises(CannotPlace, match="'b' is there already"):
            add_entry(b"a: {b: 1}\n", ("a",), "b", "2")


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12)
VALUES = st.recursive(
    WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=5,
)
HOSTS = st.sampled_from(
    [BLOCK, BLOCK.replace(b"\n", b"\r\n"), b"people:\n  jane-doe: {keys: [a]}\n", b"people:\n- 1\n"]
)


@given(HOSTS, VALUES)
def test_any_value_is_read_back_or_refused(host: bytes, value: Value) -> None:
    """Whatever is added: it is there, all lines stay, and another YAML reader sees the same keys."""
    try:
        after = add_item(host, ("people", "jane-doe", "keys"), value)
    except CannotPlace:
        return
    assert read(after)["people"]["jane-doe"]["keys"][-1] == value  # type: ignore[index]
    if b"keys:\n" in host or b"keys:\r\n" in host:
        assert lines_kept(host, after)


@given(st.text(st.characters(codec="ascii", categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=12))
def test_another_reader_of_yaml_takes_every_text_for_a_text(text: str) -> None:
    after = add_entry(b"a:\n  b: c\n", ("a",), "new", text)
    other = YAML(typ="safe").load(after)["a"]["new"]
    assert str(other) == text
