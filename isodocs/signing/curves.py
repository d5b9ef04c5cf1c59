"""Whether a public key is a usable point of its curve.

A signature library accepts points that OpenSSH, or another library, refuses; and a point of small order
lets one signature fit any message. So the check is made here, once a key, in plain arithmetic.
Sources: RFC 8032 section 5.1.3 (Ed25519), FIPS 186-5 and SEC 1 section 2.3.4 (the NIST curves).
"""

from __future__ import annotations

from dataclasses import dataclass

_P = 2**255 - 19
_D = -121665 * pow(121666, -1, _P) % _P
_ROOT_OF_MINUS_ONE = pow(2, (_P - 1) // 4, _P)
_ED25519_SIZE = 32
_UNCOMPRESSED = 4


@dataclass(frozen=True, slots=True)
class NistCurve:
    """The curve y² = x³ − 3x + b over the prime field p; all have cofactor 1."""

    bits: int
    p: int
    b: int


NIST_CURVES = {
    "nistp256": NistCurve(
        256,
        2**256 - 2**224 + 2**192 + 2**96 - 1,
        0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B,
    ),
    "nistp384": NistCurve(
        384,
        2**384 - 2**128 - 2**96 + 2**32 - 1,
        int(
            "B3312FA7E23EE7E4988E056BE3F82D19181D9C6EFE8141120314088F5013875A"
            "C656398D8A2ED19D2A85C8EDD3EC2AEF",
            16,
        ),
    ),
    "nistp521": NistCurve(
        521,
        2**521 - 1,
        int(
            "51953EB9618E1C9A1F929A21A0B68540EEA2DA725B99B315F3B8B489918EF109"
            "E156193951EC7E937B1652C0BD3BB1BF073573DF883D2C34F1EF451FD46B503F00",
            16,
        ),
    ),
}


def is_nist_point(curve: NistCurve, point: bytes) -> bool:
    """Whether ``point`` is written uncompressed, lies on the curve, and OpenSSH takes it too.

    OpenSSH refuses coordinates of at most half the curve's length (``sshkey_ec_validate_public``).
    """
    size = (curve.bits + 7) // 8
    if len(point) != 1 + 2 * size or point[0] != _UNCOMPRESSED:
        return False
    x = int.from_bytes(point[1 : 1 + size], "big")
    y = int.from_bytes(point[1 + size :], "big")
    if min(x.bit_length(), y.bit_length()) <= curve.bits // 2 or max(x, y) >= curve.p:
        return False
    return (y * y - (x * x * x - 3 * x + curve.b)) % curve.p == 0


def is_ed25519_point(point: bytes) -> bool:
    """Whether ``point`` is the one right encoding of a point on the curve that is not of small order."""
    if len(point) != _ED25519_SIZE:
        return False
    number = int.from_bytes(point, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if y >= _P:
        return False
    x = _ed25519_x(y, sign)
    return x is not None and not _has_small_order(x, y)


def _ed25519_x(y: int, sign: int) -> int | None:
    """The x of the point with this y and sign, None where there is none."""
    u, v = (y * y - 1) % _P, (_D * y * y + 1) % _P
    x = u * v**3 * pow(u * v**7, (_P - 5) // 8, _P) % _P
    if v * x * x % _P != u:
        x = x * _ROOT_OF_MINUS_ONE % _P
    if v * x * x % _P != u or (x == 0 and sign):
        return None
    return x if x & 1 == sign else _P - x


def _has_small_order(x: int, y: int) -> bool:
    """Whether eight times the point is the neutral element (0, 1); in projective coordinates."""
    z = 1
    for _ in range(3):
        xx, yy, zz = x * x, y * y, z * z
        f, g = yy - xx, 2 * zz - (yy - xx)
        x, y, z = 2 * x * y * g % _P, f * (xx + yy) % _P, f * g % _P
    return x == 0 and y == z
