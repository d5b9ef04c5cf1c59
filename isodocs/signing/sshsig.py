"""OpenSSH signature files, read strictly: one signature has exactly one file.

Source: OpenSSH's PROTOCOL.sshsig; the line length of 70 is what ssh-keygen writes (``sshbuf_dtob64``),
whatever that page says. The package's own first lines list where ssh-keygen is more generous.
"""

from __future__ import annotations

import binascii
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from isodocs.signing.wire import Malformed, Reader, string

NAMESPACE: Final = "isodocs"
HASHES: Final = ("sha256", "sha512")
_DIGESTS: Final = {"sha256": hashlib.sha256, "sha512": hashlib.sha512}
ALGORITHMS: Final = frozenset(
    {
        "ssh-ed25519",
        "ecdsa-sha2-nistp256",
        "ecdsa-sha2-nistp384",
        "ecdsa-sha2-nistp521",
        "rsa-sha2-256",
        "rsa-sha2-512",
        "sk-ssh-ed25519@openssh.com",
        "sk-ecdsa-sha2-nistp256@openssh.com",
    }
)
_BEGIN = b"-----BEGIN SSH SIGNATURE-----\n"
_END = b"-----END SSH SIGNATURE-----\n"
_LINE = 70
_MAGIC = b"SSHSIG"
_VERSION = 1
_HARDWARE_SIZE = 5
_LONGEST = 16_384  # an RSA key and signature of 16,384 bits need about 6,000 bytes


class BadSignature(ValueError):
    """The bytes are not a signature file as we accept it; the text says why."""


@dataclass(frozen=True)
class Signature:
    """What a signature file says. Nothing of it is verified.

    Attributes:
        public_key: the signing key in SSH wire format.
        namespace: what the signature is for.
        hash_algorithm: ``sha256`` or ``sha512``, the digest of the message that was signed.
        algorithm: the signature algorithm, such as ``ssh-ed25519``.
        blob: the signature itself, as its algorithm writes it.
        hardware: a hardware key's flags (1 byte) and counter (4 bytes); empty for other keys.
    """

    public_key: bytes
    namespace: str
    hash_algorithm: str
    algorithm: str
    blob: bytes
    hardware: bytes = b""


def read(data: bytes, namespace: str = NAMESPACE) -> Signature:
    """Read a signature file that was made for a purpose, its namespace.

    Raises:
        BadSignature: it is not, byte for byte, what ``ssh-keygen -Y sign -n NAMESPACE`` could have written.
    """
    found = _framed(data, namespace)
    if found is not None:
        return found
    packed = _unwrap(data)
    try:
        signature = _parse(packed, namespace)
    except Malformed as fault:
        raise BadSignature(f"the signature {fault}") from None
    if write(signature) != data:
        raise BadSignature("the signature is not written the way ssh-keygen writes it")
    if signature.algorithm == "ssh-ed25519" and len(signature.blob) == _FRAMED:
        if len(_FRAMES) == _MOST_FRAMES:
            _FRAMES.clear()
        _FRAMES[packed[:-_FRAMED], namespace] = signature
    return signature


def _framed(data: bytes, namespace: str) -> Signature | None:
    """The signature, where it differs in its blob only from one that was read, and is written as it must."""
    try:
        packed = binascii.a2b_base64(data[len(_BEGIN) : -len(_END)])
    except binascii.Error:
        return None
    known = _FRAMES.get((packed[:-_FRAMED], namespace))
    if known is None or _wrap(packed) != data:
        return None
    return Signature(
        known.public_key, namespace, known.hash_algorithm, known.algorithm, packed[-_FRAMED:], known.hardware
    )


_FRAMED: Final = 64
_MOST_FRAMES: Final = 1024
_FRAMES: Final[dict[tuple[bytes, str], Signature]] = {}
"""Signatures by all that stands before their last 64 bytes, the blob: a key changes nothing else from one to
the next."""


def write(signature: Signature) -> bytes:
    """The file for a signature, byte for byte as ssh-keygen writes it."""
    packed = b"".join(
        (
            _MAGIC,
            _VERSION.to_bytes(4, "big"),
            string(signature.public_key),
            string(signature.namespace.encode()),
            string(b""),
            string(signature.hash_algorithm.encode()),
            string(string(signature.algorithm.encode()) + string(signature.blob) + signature.hardware),
        )
    )
    return _wrap(packed)


def _wrap(packed: bytes) -> bytes:
    """The file around what is signed and packed."""
    text = binascii.b2a_base64(packed, newline=False)
    lines = [text[start : start + _LINE] for start in range(0, len(text), _LINE)]
    return _BEGIN + b"\n".join([*lines, _END])


def signed_data(namespace: str, hash_algorithm: str, message: bytes) -> bytes:
    """The bytes that the key signs for a message: it sees a digest only, never the message.

    Raises:
        BadSignature: the hash algorithm is neither sha256 nor sha512.
    """
    if hash_algorithm not in HASHES:
        raise BadSignature(f"hash algorithm {hash_algorithm[:40]!a} is neither sha256 nor sha512")
    return _before_digest(namespace, hash_algorithm) + string(_DIGESTS[hash_algorithm](message).digest())


@lru_cache(maxsize=64)
def _before_digest(namespace: str, hash_algorithm: str) -> bytes:
    """What is signed for every message alike."""
    return _MAGIC + string(namespace.encode()) + string(b"") + string(hash_algorithm.encode())


def _unwrap(data: bytes) -> bytes:
    """What stands between the markers, decoded."""
    if len(data) > _LONGEST:
        raise BadSignature(f"the signature file is longer than {_LONGEST} bytes")
    if b"\r" in data:
        raise BadSignature("the signature file has Windows line ends; its lines must end with LF alone")
    if not data.startswith(_BEGIN):
        raise BadSignature("the signature file does not begin with -----BEGIN SSH SIGNATURE-----")
    if not data.endswith(b"\n" + _END):
        raise BadSignature(_wrong_end(data))
    *full, last = data[len(_BEGIN) : -len(_END) - 1].split(b"\n")
    if any(len(line) != _LINE for line in full) or not 0 < len(last) <= _LINE:
        raise BadSignature(f"the lines of the signature file are not {_LINE} characters long")
    try:
        return binascii.a2b_base64(b"".join(full) + last, strict_mode=True)
    except binascii.Error:
        raise BadSignature("the signature file holds characters that are not base64") from None


def _wrong_end(data: bytes) -> str:
    marker = _END.rstrip()
    if b"\n" + marker not in data:
        return "the signature file has no line -----END SSH SIGNATURE-----"
    if data.endswith(b"\n" + marker):
        return "the signature file does not end with a line break"
    return "the signature file has text after -----END SSH SIGNATURE-----"


def _parse(data: bytes, namespace: str) -> Signature:
    reader = Reader(data)
    if reader.take(len(_MAGIC)) != _MAGIC:
        raise BadSignature("the signature does not begin with SSHSIG")
    version = reader.uint32()
    if version != _VERSION:
        raise BadSignature(f"the signature has format version {version}; only version {_VERSION} is read")
    public_key = reader.string()
    _expect(reader.string(), (namespace,), "the signature was made for another purpose: its namespace")
    if reader.string():
        raise BadSignature("the signature has something in its reserved field, which must be empty")
    hash_algorithm = _expect(reader.string(), HASHES, "the signature's hash algorithm")
    inner = Reader(reader.string())
    reader.end()
    algorithm = inner.string().decode("ascii", "replace")
    if algorithm not in ALGORITHMS:
        raise BadSignature(f"the signature was made with {algorithm[:40]!a}, which does not count")
    blob = inner.string()
    hardware = inner.take(_HARDWARE_SIZE) if algorithm.startswith("sk-") else b""
    inner.end()
    return Signature(public_key, namespace, hash_algorithm, algorithm, blob, hardware)


def _expect(found: bytes, wanted: tuple[str, ...], what: str) -> str:
    text = found.decode("ascii", "replace")
    if text not in wanted:
        raise BadSignature(f"{what} is {text[:40]!a}, not {' or '.join(wanted)}")
    return text
