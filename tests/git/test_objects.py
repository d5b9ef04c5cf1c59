"""Versions are asked for file by file, each once."""

from __future__ import annotations

from isodocs.git.objects import file_by_file


def test_both_ends_of_a_history_come_first() -> None:
    paths = {"a1": "a", "b1": "b", "a2": "a", "a3": "a", "c1": "c", "b2": "b", "a4": "a"}
    assert file_by_file(paths) == ["a1", "a4", "a3", "a2", "b1", "b2", "c1"]
    assert file_by_file({}) == []
