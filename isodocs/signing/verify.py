"""Whether a signature verifies over a statement's exact bytes, by the key it carries.

Whose key that is, and whether it counted at the time, is for the register to say, not for this module.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, TypeAlias

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from isodocs.signing import openssh, sshsig
from isodocs.signing.keys import Material, PublicKey, parse_blob
from isodocs.signing.quick import quick_yes
from isodocs.signing.sshsig import NAMESPACE, BadSignature, Signature
from isodocs.signing.wire import Malformed, Reader

_USER_PRESENT: Final = 0x01  # flags of a hardware key: OpenSSH's PROTOCOL.u2f
_USER_VERIFIED: Final = 0x04
_RSA_HASHES: Final = {"rsa-sha2-256": hashes.SHA256, "rsa-sha2-512": hashes.SHA512}
_CURVES: Final[dict[str, tuple[type[ec.EllipticCurve], type[hashes.HashAlgorithm]]]] = {
    "nistp256": (ec.SECP256R1, hashes.SHA256),
    "nistp384": (ec.SECP384R1, hashes.SHA384),
    "nistp521": (ec.SECP521R1, hashes.SHA512),
}
_ED25519_SIGNATURE_SIZE = 64
_MISMATCH: Final = "the signature does not fit: the signed text or the signature was altered or exchanged"

Check: TypeAlias = Callable[[Signature, bytes], None]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a signature.

    Attributes:
        ok: whether it verifies.
        key: the key it carries, as ``kind base64``; empty when that could not be read.
        fingerprint: of that key, ``SHA256:…``; empty likewise.
        why: the reason when not ok, a clause without capital and full stop; else empty.
        user_verified: whether a hardware key says that it knew its user (by PIN or finger).
    """

    ok: bool
    key: str
    fingerprint: str
    why: str
    user_verified: bool = False


@dataclass(frozen=True, slots=True)
class _Known:
    """A key read once: how to write it, and how to check with it."""

    line: str
    fingerprint: str
    kind: str
    check: Check


def check(statement: bytes, armour: bytes, namespace: str = NAMESPACE) -> Verdict:
    """Whether ``armour`` is a signature over exactly ``statement`` by the key it carries, for a purpose.

    Never raises, whatever the bytes are. Keys once read are remembered.
    """
    key = fingerprint = ""
    try:
        signature = sshsig.read(armour, namespace)
        known = _known(signature.public_key)
        key, fingerprint = known.line, known.fingerprint
        _check_algorithm(known.kind, signature.algorithm)
        known.check(signature, sshsig.signed_data(namespace, signature.hash_algorithm, statement))
    except InvalidSignature:
        return Verdict(ok=False, key=key, fingerprint=fingerprint, why=_MISMATCH)
    except (ValueError, UnsupportedAlgorithm) as fault:  # BadSignature and BadKey are ValueErrors
        return Verdict(ok=False, key=key, fingerprint=fingerprint, why=str(fault))
    verified = bool(signature.hardware) and bool(signature.hardware[0] & _USER_VERIFIED)
    return Verdict(ok=True, key=key, fingerprint=fingerprint, why="", user_verified=verified)


def second_opinion(statement: bytes, armour: bytes, allowed_signers_text: str, identity: str) -> Verdict:
    """What ``ssh-keygen -Y verify`` says: the signature is right, and its key is one of ``identity``'s.

    The key is that of the armour as we read it; where only ssh-keygen can read it, it stays empty.

    Raises:
        CannotRun: ssh-keygen is missing or too old, or there is no room for its files.
    """
    mine = check(statement, armour)
    with openssh.scratch_folder() as folder:
        allowed, signature = folder / "allowed_signers", folder / "signature"
        allowed.write_text(allowed_signers_text, encoding="utf-8", newline="\n")
        signature.write_bytes(armour)
        options = ("-n", NAMESPACE, "-I", identity, "-f", allowed, "-s", signature)
        done = openssh.run("ssh-keygen", "-Y", "verify", *options, data=statement)
    if done.returncode == 0:
        return replace(mine, ok=True, why="")
    why = openssh.last_words(done) or "it gives no reason"
    return Verdict(ok=False, key=mine.key, fingerprint=mine.fingerprint, why=f"ssh-keygen: {why}")


@lru_cache(maxsize=4096)
def _known(blob: bytes) -> _Known:
    key = parse_blob(blob)
    return _Known(key.line(), key.fingerprint(), key.kind, _checker(key))


def _check_algorithm(kind: str, algorithm: str) -> None:
    fits = algorithm in _RSA_HASHES if kind == "ssh-rsa" else algorithm == kind
    if not fits:
        raise BadSignature(f"a key of kind {kind} cannot have made a signature of kind {algorithm}")


def _checker(key: PublicKey) -> Check:
    """A function that returns if a signature over some bytes is right and raises if not."""
    material = key.material()
    if key.kind == "ssh-rsa":
        return _rsa(material)
    check = _ecdsa(material) if material.curve else _ed25519(material)
    return _hardware(material, check) if key.hardware else check


def _ed25519(material: Material) -> Check:
    public = Ed25519PublicKey.from_public_bytes(material.point)
    fits = quick_yes()

    def check(signature: Signature, data: bytes) -> None:
        if len(signature.blob) != _ED25519_SIGNATURE_SIZE:
            raise BadSignature("an Ed25519 signature has 64 bytes")
        if fits is None or not fits(signature.blob, data, material.point):
            public.verify(signature.blob, data)

    return check


def _ecdsa(material: Material) -> Check:
    curve, digest = _CURVES[material.curve]
    public = ec.EllipticCurvePublicKey.from_encoded_point(curve(), material.point)

    def check(signature: Signature, data: bytes) -> None:
        reader = Reader(signature.blob)
        try:
            numbers = encode_dss_signature(reader.mpint(), reader.mpint())
            reader.end()
        except Malformed as fault:
            raise BadSignature(f"the signature {fault}") from None
        public.verify(numbers, data, ec.ECDSA(digest()))

    return check


def _rsa(material: Material) -> Check:
    public = rsa.RSAPublicNumbers(material.exponent, material.modulus).public_key()
    size = (material.modulus.bit_length() + 7) // 8

    def check(signature: Signature, data: bytes) -> None:
        if len(signature.blob) != size:
            raise BadSignature(f"an RSA signature by this key has {size} bytes")
        public.verify(signature.blob, data, padding.PKCS1v15(), _RSA_HASHES[signature.algorithm]())

    return check


def _hardware(material: Material, check: Check) -> Check:
    """A security key signs its application, flags and counter too; somebody must have touched it."""
    application = hashlib.sha256(material.application).digest()

    def check_with_device(signature: Signature, data: bytes) -> None:
        check(signature, application + signature.hardware + hashlib.sha256(data).digest())
        if not signature.hardware[0] & _USER_PRESENT:
            raise BadSignature("nobody touched the security key when it signed")

    return check_with_device
