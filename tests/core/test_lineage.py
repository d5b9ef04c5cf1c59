"""Who wrote what: the content of a document at commits of every shape, and the commits that brought it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from support.library import LINK, MODE, changes, oid, text

from isodocs.core.document import read
from isodocs.core.history import Commit, Entry, Identity, Step
from isodocs.core.lineage import Lineage, content_of, present_content_of
from isodocs.core.statement import Content, sha256

if TYPE_CHECKING:
    from collections.abc import Mapping

DOC, IMG = "documents/WI-001.md", "documents/a.png"
PICTURED = "![Label](a.png)"


@dataclass
class Graph:
    """Commits by name; ``m0``, ``m1``, … are the mainline."""

    commits: dict[str, Commit] = field(default_factory=dict)
    trees: dict[str, dict[str, Entry]] = field(default_factory=dict)
    blobs: dict[str, bytes] = field(default_factory=dict)

    def commit(
        self, name: str, *parents: str, files: Mapping[str, str | None] | None = None, mode: str = MODE
    ) -> Graph:
        """A commit: the tree of its first parent with these files changed or (None) removed."""
        tree = dict(self.trees[parents[0]]) if parents else {}
        for path, words in (files or {}).items():
            tree.pop(path, None)
            if words is not None:
                data = words.encode()
                self.blobs[oid(data)] = data
                tree[path] = Entry(mode, oid(data))
        self.trees[name] = tree
        diffs = tuple(changes(self.trees[parent], tree) for parent in parents) or (changes({}, tree),)
        nobody = Identity("", "")
        self.commits[name] = Commit(name, parents, nobody, nobody, 0, diffs=diffs)
        return self

    def lineage(self) -> Lineage:
        """All of it, by steps."""
        taken: set[str] = set()
        steps = []
        for name, commit in self.commits.items():
            if name.startswith("m"):
                arrivals = [one for one in self.commits.values() if one.oid in self._reach(name) - taken]
                taken |= {one.oid for one in arrivals}
                steps.append(Step(commit, tuple(arrivals)))
        return Lineage(
            steps,
            {name: read(data) for name, data in self.blobs.items()},
            {name: sha256(data) for name, data in self.blobs.items()},
        )

    def _reach(self, name: str) -> set[str]:
        return {name}.union(*(self._reach(parent) for parent in self.commits[name].parents))

    def writing(self, *, after: int = 0, until: int = 9, substantive: bool = False) -> list[str]:
        """The commits that wrote WI-001 after a step; the content of ``m0`` is the approved one."""
        lineage = self.lineage()
        start = next((content for content, _ in lineage.contents("m0", "WI-001")), None)
        found = lineage.writing("WI-001", after, until, start, substantive=substantive)
        return [commit.oid for commit in found]


def words(revision: str, body: str = "We do it.", **front: str) -> str:
    return text("WI-001", revision, body, **front)


@pytest.fixture
def graph() -> Graph:
    return Graph().commit("m0", files={DOC: words("1"), IMG: "first"})


def test_a_branch_writes_and_its_merge_does_not(graph: Graph) -> None:
    graph.commit("a", "m0", files={DOC: words("2")})
    graph.commit("m1", "m0", "a", files={DOC: words("2")})
    assert graph.writing() == ["a"]


def test_only_the_steps_asked_about(graph: Graph) -> None:
    graph.commit("m1", "m0", files={DOC: words("2")}).commit("m2", "m1", files={DOC: words("3")})
    assert graph.writing(until=1) == ["m1"]
    assert graph.writing(after=1) == ["m2"]
    assert graph.writing(after=-1) == ["m1", "m2"]


def test_nothing_approved_yet_everything_counts() -> None:
    graph = Graph().commit("m0", files={DOC: words("1")})
    found = graph.lineage().writing("WI-001", -1, 0, None, substantive=False)
    assert [commit.oid for commit in found] == ["m0"]


def test_an_evil_merge_writes(graph: Graph) -> None:
    graph.commit("a", "m0", files={DOC: words("2")})
    graph.commit("m1", "m0", "a", files={DOC: words("2", "Other words.")})
    assert graph.writing() == ["a", "m1"]


def test_a_merge_that_mixes_text_and_picture_anew_writes(graph: Graph) -> None:
    """It changes no file that neither parent has, and yet nobody had this text with this picture."""
    graph.commit("a", "m0", files={DOC: words("2", PICTURED)})
    graph.commit("b", "a", files={IMG: "second"})
    graph.commit("c", "a", files={DOC: words("2", f"Better. {PICTURED}")})
    graph.commit("d", "c", "b", files={IMG: "second"})
    graph.commit("m1", "m0", "d", files={DOC: words("2", f"Better. {PICTURED}"), IMG: "second"})
    assert graph.writing() == ["a", "b", "c", "d"]


def test_a_revert_brings_nothing_new(graph: Graph) -> None:
    graph.commit("a", "m0", files={DOC: words("2")}).commit("b", "a", files={DOC: words("1")})
    graph.commit("c", "b", files={DOC: words("2")}).commit("m1", "m0", "c", files={DOC: words("2")})
    assert graph.writing() == ["a"]


def restored(graph: Graph, *, merged: bool) -> list[str]:
    """Who wrote since step 1, where the text of step 0 returns, which an old branch still has."""
    graph.commit("x", "m0", files={"README.md": "x"})
    graph.commit("m1", "m0", files={DOC: words("2")})
    if merged:
        graph.commit("m2", "m1", "x", files={"README.md": "x"})
    else:
        graph.commit("m2", "m1", files={"README.md": "y"})
    graph.commit("m3", "m2", files={DOC: words("1")})
    lineage = graph.lineage()
    (approved,) = (content for content, _ in lineage.contents("m1", "WI-001"))
    return [one.oid for one in lineage.writing("WI-001", 1, 9, approved, substantive=False)]


@pytest.mark.parametrize("merged", [True, False])
def test_who_brings_back_a_text_from_before_the_last_approval_writes(graph: Graph, *, merged: bool) -> None:
    """Also where a branch that left before it still had the text: its writer is not looked for any more."""
    assert restored(graph, merged=merged) == ["m3"]


def test_a_copy_that_keeps_an_old_text_excuses_nobody(graph: Graph) -> None:
    """A branch from before adds a second file with the id: that touches the document, no more."""
    graph.commit("x", "m0", files={"documents/WI-001-copy.md": words("7")})
    graph.commit("m1", "m0", files={DOC: words("2")})
    graph.commit("m2", "m1", "x", files={"documents/WI-001-copy.md": words("7")})
    graph.commit("m3", "m2", files={DOC: words("1"), "documents/WI-001-copy.md": None})
    lineage = graph.lineage()
    (approved,) = (content for content, _ in lineage.contents("m1", "WI-001"))
    found = lineage.writing("WI-001", 1, 9, approved, substantive=False)
    assert [one.oid for one in found] == ["x", "m3"]


def test_an_old_branch_that_did_not_come_in_lends_no_text(graph: Graph) -> None:
    """It is merged only afterwards."""
    restored(graph, merged=False)
    graph.commit("m4", "m3", "x", files={})
    lineage = graph.lineage()
    (approved,) = (content for content, _ in lineage.contents("m1", "WI-001"))
    found = lineage.writing("WI-001", 1, 9, approved, substantive=False)
    assert [one.oid for one in found] == ["m3"]


def test_the_same_text_on_two_branches_has_two_writers(graph: Graph) -> None:
    graph.commit("a", "m0", files={DOC: words("2")}).commit("b", "m0", files={DOC: words("2")})
    graph.commit("m1", "m0", "a", "b", files={DOC: words("2")})
    assert graph.writing() == ["a", "b"]


def test_a_move_writes_nothing_but_a_new_picture_does(graph: Graph) -> None:
    moved = {DOC: None, "documents/deep/WI-001.md": words("1")}
    graph.commit("m1", "m0", files=moved)
    assert graph.writing() == []
    graph.commit("m2", "m1", files={DOC: words("2", PICTURED), "documents/deep/WI-001.md": None})
    graph.commit("m3", "m2", files={IMG: "second"})
    assert graph.writing() == ["m2", "m3"]


def test_a_missing_or_linked_picture_does_not_hide_the_words(graph: Graph) -> None:
    graph.commit("m1", "m0", files={DOC: words("2", PICTURED), IMG: None})
    graph.commit("m2", "m1", files={IMG: "elsewhere.png"}, mode=LINK)
    graph.commit("m3", "m2", files={IMG: "second"})
    assert graph.writing() == ["m1", "m3"]


def test_a_linked_or_broken_document_is_no_content(graph: Graph) -> None:
    graph.commit("m1", "m0", files={DOC: "elsewhere.md"}, mode=LINK)
    graph.commit("m2", "m1", files={DOC: "no front matter"})
    graph.commit("m3", "m2", files={DOC: words("1")})
    assert graph.writing() == []
    assert graph.lineage().contents("m2", "WI-001") == frozenset()


def test_a_second_file_with_the_id_is_content_too(graph: Graph) -> None:
    copy = "documents/WI-001-copy.md"
    graph.commit("m1", "m0", files={copy: words("2")}).commit("m2", "m1", files={DOC: words("2"), copy: None})
    assert graph.writing() == ["m1"]


def test_another_document_in_the_same_place_is_not_this_one(graph: Graph) -> None:
    graph.commit("m1", "m0", files={DOC: text("WI-002")})
    assert graph.writing() == []


@pytest.mark.parametrize(
    ("body", "front", "expected"),
    [("We   do\nit.", {}, []), ("We do it.", {"owner": "tom"}, []), ("We do more.", {}, ["m1"])],
)
def test_under_substantive_author_words_count(
    graph: Graph, body: str, front: dict[str, str], expected: list[str]
) -> None:
    graph.commit("m1", "m0", files={DOC: words("2", body, **front)})
    assert graph.writing(substantive=True) == expected
    assert graph.writing() == ["m1"]


def test_under_substantive_author_a_picture_is_substance(graph: Graph) -> None:
    graph.commit("m1", "m0", files={DOC: words("2", PICTURED)}).commit("m2", "m1", files={IMG: "second"})
    assert graph.writing(substantive=True) == ["m1", "m2"]


def test_a_branch_from_before_the_last_step_still_counts(graph: Graph) -> None:
    graph.commit("a", "m0", files={DOC: words("3")}).commit("m1", "m0", files={DOC: words("2")})
    graph.commit("m2", "m1", "a", files={DOC: words("3")})
    assert graph.writing(after=1) == ["a"]


def test_a_history_of_its_own_is_read_to_its_root(graph: Graph) -> None:
    graph.commit("x", files={"documents/WI-009.md": text("WI-009")}).commit("y", "x", files={"README": "y"})
    graph.commit("m1", "m0", "y", files={"documents/WI-009.md": text("WI-009"), "README": "y"})
    lineage = graph.lineage()
    assert [len(lineage.contents(name, "WI-009")) for name in ("x", "y", "m0", "m1")] == [1, 1, 0, 1]
    assert lineage.entry("y", DOC) is None
    assert lineage.entry("nowhere", DOC) is None
    assert lineage.entry(None, DOC) is None


def test_what_a_branch_removed_is_gone_there(graph: Graph) -> None:
    graph.commit("a", "m0", files={IMG: None}).commit("m1", "m0", "a", files={IMG: None})
    lineage = graph.lineage()
    assert lineage.entry("a", IMG) is None
    assert lineage.entry("m0", IMG) is not None
    assert lineage.entry("m1", IMG) is None


def test_embedders_are_those_of_any_version(graph: Graph) -> None:
    graph.commit("a", "m0", files={DOC: words("2", f"{PICTURED} ![x](../../../out.png)")})
    graph.commit("m1", "m0", "a", files={DOC: words("2")})
    assert graph.lineage().embedders(IMG) == {"WI-001"}
    assert graph.lineage().embedders("README.md") == set()


def test_a_picture_outside_the_repository() -> None:
    document = read(words("1", "![x](../../../out.png)").encode())
    assert content_of(document, DOC, lambda _: None, {}) is None
    assert present_content_of(document, DOC, lambda _: None, {}) == Content(document.sha256)
