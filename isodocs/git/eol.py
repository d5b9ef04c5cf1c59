"""Which line ends git would store: the rules of gitattributes(5), End-of-line conversion, without filters.

Only files that hold CR LF on disk are ever asked about, so usually no git process is needed at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isodocs.git.names import to_bytes, to_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from isodocs.core.history import Entry
    from isodocs.git.repository import Repository

KEEP, TEXT, AUTO = "keep", "text", "auto"
_PRINTABLE = bytes({*b"\b\t\x1b\x0c", *range(32, 127), *range(128, 256)})


class LineEnds:
    """What attributes and configuration say about line ends, asked for when first needed."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._settings: dict[str, str] | None = None

    @property
    def modes_count(self) -> bool:
        """Whether the executable bit of a file on disk means something (``core.fileMode``)."""
        return self._configured().get("core.filemode", "true") == "true"

    def converted(self, files: Mapping[str, Entry | None], read: Callable[[str], bytes]) -> set[str]:
        """Which of these files, all with CR LF in them, git would store with LF alone.

        Args:
            files: the paths, each with its entry in the index, if it has one.
            read: gives the bytes of a path as they are on disk.
        """
        rules = self._rules(list(files))
        guessed = {path for path, rule in rules.items() if rule == AUTO and not _binary(read(path))}
        # where the index has CR LF already, git leaves a text that it only guessed alone
        stored = {path: entry.oid for path in guessed if (entry := files[path]) is not None and entry.regular}
        kept = {oid for oid, content in self._repository.blobs(stored.values()) if _crlf_text(content)}
        guessed -= {path for path, oid in stored.items() if oid in kept}
        return guessed | {path for path, rule in rules.items() if rule == TEXT}

    def _rules(self, paths: Sequence[str]) -> dict[str, str]:
        """For each path: keep what is on disk, store text with LF, or do so where it looks like text."""
        asked = b"".join(to_bytes(path) + b"\0" for path in paths)
        answer = self._repository.run("check-attr", "--stdin", "-z", "text", "eol", "crlf", stdin=asked)
        fields = answer.split(b"\0")[:-1]
        values: dict[str, dict[str, str]] = {path: {} for path in paths}
        for path, name, value in zip(fields[::3], fields[1::3], fields[2::3], strict=True):
            values[to_text(path)][name.decode("ascii")] = value.decode("utf-8", "replace")
        return {path: self._rule(value) for path, value in values.items()}

    def _rule(self, values: dict[str, str]) -> str:
        text = values.get("text", "unspecified")
        if text == "unspecified":
            text = values.get("crlf", "unspecified")  # its name before git 1.7.2
        if text == "unset":
            return KEEP
        if text == AUTO:
            return AUTO
        if text in ("set", "input") or values.get("eol") in ("lf", "crlf"):
            return TEXT
        return KEEP if self._configured().get("core.autocrlf", "false") == "false" else AUTO

    def _configured(self) -> dict[str, str]:
        if self._settings is None:
            wanted = r"^core\.(filemode|autocrlf)$"
            output = self._repository.run("config", "-z", "--get-regexp", wanted, check=False)
            pairs = (item.partition("\n")[::2] for item in output.decode("utf-8", "replace").split("\0"))
            self._settings = {name: _boolean(value) for name, value in pairs}
        return self._settings


def _boolean(value: str) -> str:
    """A boolean as git-config(1) writes it, made ``true`` or ``false``; another word stays itself."""
    word = value.lower()
    if word in ("false", "no", "off", "0"):
        return "false"
    return "true" if word in ("", "true", "yes", "on", "1") else word


def _binary(content: bytes) -> bool:
    """Whether git takes these bytes for no text: a NUL, a lone CR, or many control characters (convert.c)."""
    if b"\0" in content or content.count(b"\r") != content.count(b"\r\n"):
        return True
    counted = content.removesuffix(b"\x1a").translate(None, b"\r\n")
    odd = len(counted.translate(None, _PRINTABLE))
    return (len(counted) - odd) >> 7 < odd


def _crlf_text(content: bytes) -> bool:
    return b"\r\n" in content and not _binary(content)
