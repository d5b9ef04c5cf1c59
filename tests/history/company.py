"""Hand-made histories of the generated company, for tests: a few files a commit, one clock, one register."""

from __future__ import annotations

from typing import TYPE_CHECKING

from history import paper
from history.acts import Draft
from history.brute import Blobs, Shelf
from history.world import Told, World

if TYPE_CHECKING:
    from collections.abc import Mapping

    from history.brute import Content

START = 1_600_000_000
MINUTE = 60
ADDRESSES = {person: [f"{person}@example.org"] for person in paper.PEOPLE}


class Company:
    """A world with settings and register in its first commit, ``root``."""

    def __init__(self, *, unknown: str = "refuse") -> None:
        self.world = World()
        settings = paper.settings(unknown)
        self.root = self.commit(
            [], {"isodocs.yml": settings, "people.yml": paper.register(ADDRESSES)}, "jane"
        )

    def commit(
        self,
        parents: list[str],
        files: Mapping[str, bytes | None],
        author: str = "max",
        *,
        helpers: tuple[str, ...] = (),
    ) -> str:
        """A commit: the first parent's files with these over them; None removes one."""
        draft = Draft(dict(self.world.files(parents[0])) if parents else {}, self.world)
        for path, data in files.items():
            if data is None:
                draft.drop(path)
            else:
                draft.put(path, data)
        address = paper.STRANGER if author == "stranger" else f"{author}@example.org"
        time = START + MINUTE * len(self.world.commits)
        trailers = tuple(f"{one}@example.org" for one in helpers)
        return self.world.commit(
            parents, draft.files, Told(address, address, trailers, time, time, "change\n")
        )

    def content(self, commit: str, name: str, more: Mapping[str, bytes] | None = None) -> Content:
        """The content of a document at a commit, with further files over it."""
        draft = Draft(dict(self.world.files(commit)), self.world)
        for path, data in (more or {}).items():
            draft.put(path, data)
        found = Shelf(draft.files, Blobs(self.world)).content(name)
        assert found
        return found

    def approval(
        self,
        content: Content,
        person: str,
        role: str,
        *,
        name: str = "WI-001",
        revision: str = "1",
        writers: tuple[str, ...] = ("max",),
        predecessor: str | None = None,
    ) -> dict[str, bytes]:
        """The file of an unsigned approval."""
        data = paper.statement(
            "approved",
            person,
            role,
            paper.written(content),
            predecessor=predecessor,
            time="2020-09-13T12:00:00Z",
            name=name,
            revision=revision,
            writers=list(writers),
        )
        return {paper.file_name(data, "approved", person, f"{name}/{revision}"): data}


def text(
    name: str = "WI-001", words: str = "One.", *, revision: int = 1, title: str = "T", shows: str = ""
) -> bytes:
    """A document."""
    kind = name.rpartition("-")[0]
    front = f"id: {name}\ntitle: {title}\ntype: {kind}\nowner: process-owner\nrevision: {revision}\n"
    picture = f"\n![p]({shows})\n" if shows else ""
    return f"---\n{front}---\n\n{words}\n{picture}".encode()
