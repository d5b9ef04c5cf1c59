"""The tree of a commit as the fold keeps it."""

from __future__ import annotations

import pytest
from support.library import LINK, MODE, oid, text
from support.statements import canonical, content_of, statement, statement_path

from isodocs.core.document import read
from isodocs.core.history import ABSENT_MODE, Change
from isodocs.core.tree import AUTHORITY_ID, StatementFile, TreeIndex, is_statement

DOC = "documents/WI-001.md"
NONE = "0" * 40


def signed(identity: str | None = "WI-001") -> tuple[str, bytes]:
    """The path and the bytes of a statement."""
    value = statement(
        content=content_of(b"text" if identity else None, {}),
        identity=identity,
        revision="1" if identity else None,
        meaning="approved" if identity else "authority",
        person="jane",
        role="quality-manager",
        time="2026-02-02T09:00:00Z",
    )
    return statement_path(value), canonical(value)


class Files:
    """A tree index with what was put into it."""

    def __init__(self) -> None:
        self.documents: dict[str, object] = {}
        self.readings: dict[str, StatementFile] = {}
        self.tree = TreeIndex(self.documents, self.readings)  # type: ignore[arg-type]

    def put(self, path: str, data: str | bytes | None, mode: str = MODE) -> set[str]:
        """Write or (None) remove a file; the ids that differ now."""
        old = self.tree.files.get(path)
        was, name = (old.mode, old.oid) if old else (ABSENT_MODE, NONE)
        if data is None:
            return self.tree.apply([Change(path, was, ABSENT_MODE, name, NONE)])
        content = data.encode() if isinstance(data, str) else data
        if path.endswith(".md"):
            self.documents[oid(content)] = read(content)
        if is_statement(path):
            self.readings[oid(content)] = StatementFile.from_bytes(content)
        return self.tree.apply([Change(path, was, mode, name, oid(content))])


@pytest.fixture
def files() -> Files:
    return Files()


def test_a_document_comes_changes_moves_and_goes(files: Files) -> None:
    assert files.put(DOC, text("WI-001")) == {"WI-001"}
    assert files.put(DOC, text("WI-001", "2")) == {"WI-001"}
    assert files.put(DOC, text("WI-002")) == {"WI-001", "WI-002"}
    assert files.tree.find("WI-001") is None
    assert files.put(DOC, None) == {"WI-002"}
    assert files.tree.paths == {}


def test_two_files_with_one_id_are_not_the_one_file(files: Files) -> None:
    files.put(DOC, text("WI-001"))
    files.put("documents/b.md", text("WI-001"))
    assert files.tree.find("WI-001") is None
    assert files.tree.content("WI-001", {}) is None
    assert files.put("documents/b.md", None) == {"WI-001"}
    found = files.tree.find("WI-001")
    assert found is not None
    assert found[0] == DOC


@pytest.mark.parametrize("mode", [LINK, "160000"])
def test_a_link_or_submodule_is_no_document(files: Files, mode: str) -> None:
    files.put(DOC, text("WI-001"))
    assert files.put(DOC, text("WI-001"), mode) == {"WI-001"}
    assert files.tree.document_at(DOC) is None
    assert files.put(DOC, None) == set()


def test_a_broken_document_has_no_id(files: Files) -> None:
    assert files.put(DOC, "no front matter") == set()
    assert files.tree.document_at(DOC) is None
    assert files.put(DOC, None) == set()
    assert files.tree.document_at("README.md") is None


def test_a_statement_is_known_by_its_bytes_wherever_it_lies(files: Files) -> None:
    path, data = signed()
    (digest,) = {StatementFile.from_bytes(data).digest}
    assert files.put(path, data) == {"WI-001"}
    assert files.put("signatures/aside.json", data) == {"WI-001"}
    assert files.tree.about == {"WI-001": {digest: frozenset({path, "signatures/aside.json"})}}
    assert files.put(path, None) == {"WI-001"}
    found = files.tree.statement(digest)
    assert found is not None
    assert found[0] == "signatures/aside.json"
    files.put("signatures/aside.json", None)
    assert files.tree.statement(digest) is None
    assert (dict(files.tree.about), files.tree.statements) == ({}, {})


def test_a_statement_on_settings_is_about_authority(files: Files) -> None:
    path, data = signed(None)
    assert files.put(path, data) == {AUTHORITY_ID}
    assert files.put(path, None) == {AUTHORITY_ID}


@pytest.mark.parametrize("identity", ["WI-001", None])
def test_a_signature_concerns_the_statement_beside_it(files: Files, identity: str | None) -> None:
    path, data = signed(identity)
    assert files.put(f"{path}.sig", "armour") == set()
    files.put(path, data)
    assert files.put(f"{path}.sig", "other armour") == {identity or AUTHORITY_ID}
    assert files.put(f"{path}.sig", None) == set()


def test_what_is_no_statement_is_about_nothing(files: Files) -> None:
    assert files.put("signatures/x.json", "{}") == set()
    assert files.put("signatures/x.json.sig", "armour") == set()
    assert files.put("signatures/x.json", None) == set()
    assert files.put("signatures/README.md", "words") == set()
    path, data = signed()
    assert files.put(path, data, LINK) == set()
    assert StatementFile.from_bytes(b"{}").why


def test_a_fork_goes_its_own_way(files: Files) -> None:
    files.put(DOC, text("WI-001"))
    copy = files.tree.fork()
    files.put(DOC, None)
    assert copy.find("WI-001") is not None
    assert files.tree.find("WI-001") is None
