"""The SSH wire format."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isodocs.signing.wire import Malformed, Reader, mpint, string

# RFC 4251, section 5, its examples of mpint that are not negative.
RFC_4251 = {
    0x9A378F9B2E332A7: "0000000809a378f9b2e332a7",
    0x80: "000000020080",
}


@pytest.mark.parametrize("value", RFC_4251)
def test_numbers_of_the_rfc(value: int) -> None:
    assert mpint(value).hex() == RFC_4251[value]
    assert Reader(mpint(value)).mpint() == value


def test_zero_is_written_and_never_read() -> None:
    assert mpint(0).hex() == "00000000"
    with pytest.raises(Malformed):
        Reader(mpint(0)).mpint()


@given(st.integers(1, 2**4000))
def test_every_number_comes_back(value: int) -> None:
    reader = Reader(mpint(value))
    assert reader.mpint() == value
    reader.end()


OTHER_FORMS = ("0000000180", "000000020001", "0000000100", "00000003000080", "00000002ff80")


@pytest.mark.parametrize("encoded", OTHER_FORMS)
def test_numbers_in_another_form_are_refused(encoded: str) -> None:
    with pytest.raises(Malformed, match="one right form"):
        Reader(bytes.fromhex(encoded)).mpint()


@given(st.lists(st.binary()))
def test_every_string_comes_back(values: list[bytes]) -> None:
    reader = Reader(b"".join(map(string, values)))
    assert [reader.string() for _ in values] == values
    reader.end()


@pytest.mark.parametrize("encoded", ["", "000000", "00000001", "ffffffff00", "0000000201"])
def test_what_ends_too_early_is_refused(encoded: str) -> None:
    with pytest.raises(Malformed, match="too early"):
        Reader(bytes.fromhex(encoded)).string()


def test_what_goes_on_is_refused() -> None:
    with pytest.raises(Malformed, match="after its end"):
        Reader(b"x").end()
