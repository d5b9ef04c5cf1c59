"""How large a repository is made, and of what kind."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar

T = TypeVar("T")
SIGNATURES = ("ed25519", "mixed", "none")


def _about(default: T, text: str) -> T:
    """A parameter with what is said of it on the command line."""
    value: T = field(default=default, metadata={"about": text})
    return value


@dataclass(frozen=True)
class Shape:
    """The parameters of a repository; the same ones make the same commits, to the last byte.

    Each says what it means. Shares are numbers from 0 to 1.
    """

    documents: int = _about(100, "how many")
    revisions: int = _about(10, "of each document")
    merges: float = _about(
        0.0, "share of revisions that come as a merged branch of three commits, not as one"
    )
    criss_cross: float = _about(
        0.0, "share of merged branches that merge the next one first, as it does them"
    )
    renames: float = _about(0.0, "share of later revisions that give the file a new name")
    moves: float = _about(
        0.0, "share of squashed or merged revisions after which the file changes its folder"
    )
    pictures: float = _about(0.0, "share of documents that embed a picture")
    rewrites: float = _about(0.0, "share of later revisions whose text is all new, not one section of it")
    crlf: float = _about(0.0, "share of documents whose lines end in CR LF")
    drafts: float = _about(0.0, "share of documents of which a branch holds a draft that nobody has signed")
    signatures: str = _about(
        "ed25519", "of which kind; mixed: some ECDSA, RSA, hardware; none: statements alone"
    )
    size: int = _about(5000, "bytes of a document, about")
    sections: int = _about(4, "folders below documents")
    seed: int = _about(1, "of everything that is left to chance, keys included")

    def __str__(self) -> str:
        return f"{self.documents:,} documents, {self.documents * self.revisions:,} revisions"
