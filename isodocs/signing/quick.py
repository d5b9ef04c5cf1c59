"""A quicker yes to Ed25519 signatures, where PyNaCl is installed (``isodocs[fast]``).

libsodium answers about twice as fast as OpenSSL. Its yes implies OpenSSL's: both compute the same equation
and compare the same bytes, and libsodium refuses more points and scalars beforehand. Its no says nothing:
then OpenSSL is asked, so that no verdict depends on what is installed.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    Yes = Callable[[bytes, bytes, bytes], bool]


@cache
def quick_yes() -> Yes | None:
    """What says whether a signature surely fits: given it, the signed bytes, the key; None without PyNaCl."""
    try:
        from nacl.bindings import crypto_sign_open  # noqa: PLC0415 - an extra
        from nacl.exceptions import CryptoError  # noqa: PLC0415
    except ImportError:
        return None

    def fits(signature: bytes, data: bytes, key: bytes) -> bool:
        try:
            return crypto_sign_open(signature + data, key) == data
        except CryptoError:
            return False

    return fits
