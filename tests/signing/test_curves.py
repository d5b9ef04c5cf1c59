"""Points of the NIST curves whose coordinates are too short: OpenSSH refuses them, and so do we."""

from __future__ import annotations

import pytest

from isodocs.signing.curves import NIST_CURVES, NistCurve, is_nist_point


def point_from(curve: NistCurve, least: int) -> bytes:
    """The point with the smallest x from a number on; its y is as long as most."""
    assert curve.p % 4 == 3  # so that a square root is a power
    size = (curve.bits + 7) // 8
    for x in range(least, least + 100):
        square = (x**3 - 3 * x + curve.b) % curve.p
        y = pow(square, (curve.p + 1) // 4, curve.p)
        if y * y % curve.p == square and y.bit_length() > curve.bits // 2:
            return b"\4" + x.to_bytes(size, "big") + y.to_bytes(size, "big")
    raise AssertionError("the curve is not what its name says")


@pytest.mark.parametrize("name", ["nistp256", "nistp384", "nistp521"])
def test_half_the_length_is_too_short_and_a_bit_more_is_not(name: str) -> None:
    curve = NIST_CURVES[name]
    half = curve.bits // 2
    assert not is_nist_point(curve, point_from(curve, 2 ** (half - 2)))
    assert not is_nist_point(curve, point_from(curve, 2 ** (half - 1)))
    assert is_nist_point(curve, point_from(curve, 2**half))
