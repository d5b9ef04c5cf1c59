"""The SSH wire format: strings, integers and big integers, read strictly.

Source: RFC 4251, section 5. Every value has one encoding; any other one is refused.
"""

from __future__ import annotations


class Malformed(ValueError):
    """The bytes are not what they should be; the text says what is wrong."""


class Reader:
    """Takes values one after the other from the front of some bytes."""

    __slots__ = ("_at", "_data")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, count: int) -> bytes:
        """The next ``count`` bytes.

        Raises:
            Malformed: fewer are left.
        """
        end = self._at + count
        if end > len(self._data):
            raise Malformed("ends too early")
        taken = self._data[self._at : end]
        self._at = end
        return taken

    def uint32(self) -> int:
        """The next unsigned number of four bytes, the highest first."""
        return int.from_bytes(self.take(4), "big")

    def string(self) -> bytes:
        """The next string: its length as ``uint32``, then so many bytes."""
        return self.take(self.uint32())

    def mpint(self) -> int:
        """The next big integer, which must be above zero and written in as few bytes as possible.

        Raises:
            Malformed: it is zero, negative, or has needless zeros in front.
        """
        data = self.string()
        value = int.from_bytes(data, "big")
        if data != _minimal(value) or not value:
            raise Malformed("holds a number that is not written in its one right form")
        return value

    def end(self) -> None:
        """Make sure that nothing is left.

        Raises:
            Malformed: there are bytes after the last value.
        """
        if self._at != len(self._data):
            raise Malformed("has bytes after its end")


def string(data: bytes) -> bytes:
    """``data`` with its length in front."""
    return len(data).to_bytes(4, "big") + data


def mpint(value: int) -> bytes:
    """A number that is not negative, in as few bytes as possible."""
    return string(_minimal(value))


def _minimal(value: int) -> bytes:
    return value.to_bytes(value.bit_length() // 8 + 1, "big") if value else b""
