"""File names as text and back, the same in every locale.

git's names are bytes, most often UTF-8. Bytes that are not become surrogates (PEP 383), so each name comes
back exactly as it was.
"""

from __future__ import annotations


def to_text(name: bytes) -> str:
    """The text of a name."""
    return name.decode("utf-8", "surrogateescape")


def to_bytes(path: str) -> bytes:
    """The bytes of a name."""
    return path.encode("utf-8", "surrogateescape")
