"""What is installed makes verdicts quicker and never other ones."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from signing import vectors

from isodocs.signing import verify
from isodocs.signing.quick import quick_yes

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

ORDER = 2**252 + 27742317777372353535851937790883648493
FORMS = 4000


def altered(pick: random.Random, signature: bytes) -> bytes:
    """A signature with something of it changed: bits, the half that is a point, the half that is a number."""
    point, number = signature[:32], int.from_bytes(signature[32:], "little")
    match pick.randrange(6):
        case 0:
            place = pick.randrange(512)
            whole = int.from_bytes(signature, "big") ^ (1 << place)
            return whole.to_bytes(64, "big")
        case 1:
            more = number + ORDER * pick.randrange(1, 15)
            return point + more.to_bytes(32, "little")
        case 2:
            return pick.choice((bytes(32), b"\1" + bytes(31), b"\xff" * 32)) + signature[32:]
        case 3:
            return point + bytes(32)
        case 4:
            return bytes([*point[:31], point[31] ^ 0x80]) + signature[32:]
        case _:
            return signature


def test_a_quick_yes_is_a_yes() -> None:
    """Of altered signatures, numbers beyond the order, and points of small order too."""
    fits = quick_yes()
    assert fits is not None
    pick, accepted = random.Random(4), 0  # noqa: S311 - no secret
    for _ in range(FORMS):
        key = Ed25519PrivateKey.from_private_bytes(pick.randbytes(32))
        text = pick.randbytes(pick.choice((1, 100)))
        signature = altered(pick, key.sign(text))
        public = key.public_key()
        try:
            public.verify(signature, text)
            openssl = True
        except InvalidSignature:
            openssl = False
        quick = fits(signature, text, public.public_bytes_raw())
        assert openssl or not quick
        accepted += quick
    assert accepted > FORMS // 12


def test_verdicts_are_the_same_without_it(
    keys: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = vectors.all_vectors(keys, tmp_path)
    with_it = [verify.check(one.message, one.armour) for one in every]
    monkeypatch.setattr(verify, "quick_yes", lambda: None)
    verify._known.cache_clear()
    assert [verify.check(one.message, one.armour) for one in every] == with_it
    verify._known.cache_clear()
