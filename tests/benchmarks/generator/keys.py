"""Keys that follow from a seed, and signatures that follow from key and message.

So the same shape gives the same commits. Such keys guard nothing: anybody can derive them.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from functools import cached_property

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from isodocs.signing import sshsig
from isodocs.signing.wire import Reader, mpint, string

APPLICATION = b"ssh:"
PRESENT_ONCE = b"\x01\x00\x00\x00\x07"  # somebody touched the hardware key; its counter stood at 7
SMALL_PRIMES = [
    number for number in range(3, 2000, 2) if all(number % one for one in range(3, 45, 2) if one < number)
]
PUBLIC_EXPONENT = 65537


@dataclass(frozen=True)
class Key:
    """A key of a kind, as OpenSSH names it, that follows from a seed."""

    kind: str
    seed: str

    @cached_property
    def _private(self) -> Ed25519PrivateKey | ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey:
        digest = hashlib.sha256(self.seed.encode()).digest()
        if self.kind == "ssh-rsa":
            return _rsa(self.seed)
        if self.kind.startswith("ecdsa"):
            return ec.derive_private_key(int.from_bytes(digest) >> 1, ec.SECP256R1())
        return Ed25519PrivateKey.from_private_bytes(digest)

    @cached_property
    def blob(self) -> bytes:
        """The public key in SSH wire format."""
        line = self._private.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
        plain = base64.b64decode(line.split()[1])
        if not self.kind.startswith("sk-"):
            return plain
        rest = plain[4 + len(Reader(plain).string()) :]
        return string(self.kind.encode()) + rest + string(APPLICATION)

    @property
    def line(self) -> str:
        """The public key as a register holds it."""
        return f"{self.kind} {base64.b64encode(self.blob).decode()}"

    def sign(self, message: bytes) -> bytes:
        """The signature file over a message; always the same one."""
        data = sshsig.signed_data(sshsig.NAMESPACE, "sha512", message)
        algorithm, hardware = self.kind, b""
        if isinstance(self._private, rsa.RSAPrivateKey):
            algorithm = "rsa-sha2-512"
            blob = self._private.sign(data, padding.PKCS1v15(), hashes.SHA512())
        elif isinstance(self._private, ec.EllipticCurvePrivateKey):
            der = self._private.sign(data, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
            blob = b"".join(map(mpint, decode_dss_signature(der)))
        else:
            if self.kind.startswith("sk-"):
                hardware = PRESENT_ONCE
                data = hashlib.sha256(APPLICATION).digest() + hardware + hashlib.sha256(data).digest()
            blob = self._private.sign(data)
        made = sshsig.Signature(self.blob, sshsig.NAMESPACE, "sha512", algorithm, blob, hardware)
        return sshsig.write(made)


def _rsa(seed: str) -> rsa.RSAPrivateKey:
    """A key of 3072 bits."""
    first, second = (_prime(f"{seed}/{which}") for which in "pq")
    private = pow(PUBLIC_EXPONENT, -1, (first - 1) * (second - 1))
    numbers = rsa.RSAPrivateNumbers(
        first,
        second,
        private,
        rsa.rsa_crt_dmp1(private, first),
        rsa.rsa_crt_dmq1(private, second),
        rsa.rsa_crt_iqmp(first, second),
        rsa.RSAPublicNumbers(PUBLIC_EXPONENT, first * second),
    )
    return numbers.private_key()


def _prime(seed: str) -> int:
    """The first prime of 1536 bits after where the seed points; its two highest bits are set."""
    number = int.from_bytes(hashlib.shake_256(seed.encode()).digest(192)) | (3 << 1534) | 1
    while any(number % one == 0 for one in SMALL_PRIMES) or pow(2, number - 1, number) != 1:
        number += 2
    return number
