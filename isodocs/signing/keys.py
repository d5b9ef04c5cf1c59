"""Public keys as OpenSSH writes them: which kinds count, and reading them strictly.

Pure: no cryptography library is loaded here, so that a register of keys is read fast.
Sources: RFC 4253 section 6.6 (RSA), RFC 5656 section 3.1 (ECDSA), RFC 8709 section 4 (Ed25519),
OpenSSH's PROTOCOL.u2f (hardware keys).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass, field
from typing import Final

from isodocs.signing.curves import NIST_CURVES, is_ed25519_point, is_nist_point
from isodocs.signing.wire import Malformed, Reader

KINDS: Final = (
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "ssh-rsa",
    "sk-ssh-ed25519@openssh.com",
    "sk-ecdsa-sha2-nistp256@openssh.com",
)
RSA_BITS: Final = (3072, 16384)
_EXPONENT_BITS = (2, 64)  # from 3 on; OpenSSL checks no signature with a larger one
_LONGEST_LINE = 8192


class BadKey(ValueError):
    """The text or bytes are not a public key we accept; the text says why."""


@dataclass(frozen=True, slots=True)
class Material:
    """The numbers of a public key.

    Attributes:
        point: the encoded point, of curve keys.
        curve: ``nistp256`` and so on, of ECDSA keys.
        exponent: of RSA keys.
        modulus: of RSA keys.
        application: of hardware keys, usually ``ssh:``.
    """

    point: bytes = b""
    curve: str = ""
    exponent: int = 0
    modulus: int = 0
    application: bytes = b""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key. Make it with ``parse_line`` or ``parse_blob``, which check it.

    Attributes:
        kind: one of ``KINDS``.
        blob: the key in SSH wire format.
        comment: what stands after the key in a ``.pub`` file; says nothing and does not count in comparisons.
    """

    kind: str
    blob: bytes
    comment: str = field(default="", compare=False)

    @property
    def hardware(self) -> bool:
        """Whether the private half lives in a security key."""
        return self.kind.startswith("sk-")

    def line(self) -> str:
        """The one way to write this key: kind and base64, without comment."""
        return f"{self.kind} {base64.b64encode(self.blob).decode()}"

    def fingerprint(self) -> str:
        """The key's fingerprint as ssh-keygen shows it: ``SHA256:`` and base64 without padding."""
        digest = hashlib.sha256(self.blob).digest()
        return "SHA256:" + base64.b64encode(digest).decode().rstrip("=")

    def material(self) -> Material:
        """The numbers in the key.

        Raises:
            BadKey: the key was not made by ``parse_line`` or ``parse_blob`` and is wrong.
        """
        return _read(self.blob)[1]


def parse_line(text: str) -> PublicKey:
    """Read a key from its line, ``ssh-ed25519 AAAA… comment``; white space around it is dropped.

    Raises:
        BadKey: the line is not a key, of a kind or size that does not count, or not in canonical form.
    """
    if text.lstrip().startswith("-----BEGIN"):
        raise BadKey("this is a private key: keep it secret, and give the one line of its .pub file")
    if len(text) > _LONGEST_LINE:
        raise BadKey(f"the key is longer than {_LONGEST_LINE} characters")
    kind, _, rest = text.strip().partition(" ")
    encoded, _, comment = rest.strip().partition(" ")
    if not text.strip().isprintable():
        raise BadKey("the key is not one line of plain text")
    if kind not in KINDS:
        raise BadKey(_why_not(kind))
    key = parse_blob(_decode(encoded), comment.strip())
    if key.kind != kind:
        raise BadKey(f"the key says {kind}, but holds a key of kind {key.kind}")
    return key


def parse_blob(blob: bytes, comment: str = "") -> PublicKey:
    """Read a key from its SSH wire format.

    Raises:
        BadKey: as for ``parse_line``.
    """
    return PublicKey(_read(blob)[0], blob, comment)


def _decode(encoded: str) -> bytes:
    try:
        blob = binascii.a2b_base64(encoded.encode("ascii"), strict_mode=True)
    except ValueError:  # binascii.Error and UnicodeEncodeError are both
        raise BadKey("the key is not base64: was a part lost when it was copied?") from None
    if base64.b64encode(blob).decode() != encoded:
        raise BadKey("the key's base64 is not in canonical form")
    return blob


def _read(blob: bytes) -> tuple[str, Material]:
    reader = Reader(blob)
    try:
        kind = reader.string().decode("ascii", "replace")
        if kind not in KINDS:
            raise BadKey(_why_not(kind))
        material = _read_material(kind, reader)
        reader.end()
    except Malformed as fault:
        raise BadKey(f"the key {fault}") from None
    return kind, material


def _read_material(kind: str, reader: Reader) -> Material:
    if kind == "ssh-rsa":
        return _rsa(exponent=reader.mpint(), modulus=reader.mpint())
    curve = _read_curve(kind, reader)
    point = reader.string()
    good = is_nist_point(NIST_CURVES[curve], point) if curve else is_ed25519_point(point)
    if not good:
        raise BadKey("the key is not a usable point of its curve")
    return Material(point=point, curve=curve, application=_read_application(kind, reader))


def _read_curve(kind: str, reader: Reader) -> str:
    """The curve's name as the key repeats it; empty for Ed25519, which repeats nothing."""
    if "ecdsa" not in kind:
        return ""
    curve = kind.partition("@")[0].rpartition("-")[2]
    if reader.string() != curve.encode():
        raise BadKey("the key names a curve that does not belong to its kind")
    return curve


def _read_application(kind: str, reader: Reader) -> bytes:
    if not kind.startswith("sk-"):
        return b""
    application = reader.string()
    if not application or b"\0" in application:
        raise BadKey("the hardware key names no application")
    return application


def _rsa(exponent: int, modulus: int) -> Material:
    least, most = RSA_BITS
    if not least <= modulus.bit_length() <= most:
        raise BadKey(f"the RSA key has {modulus.bit_length()} bits; {least} to {most} are accepted")
    odd = modulus % 2 and exponent % 2
    if not odd or not _EXPONENT_BITS[0] <= exponent.bit_length() <= _EXPONENT_BITS[1]:
        raise BadKey("the RSA key's numbers cannot be those of an RSA key")
    return Material(exponent=exponent, modulus=modulus)


def _why_not(kind: str) -> str:
    if kind.endswith("-cert-v01@openssh.com"):
        return "this is a certificate: give the plain public key it was made from"
    if kind == "ssh-dss":
        return "DSA keys are too weak and do not count: use ssh-ed25519"
    return f"{kind[:40]!a} is not a kind of key that counts: use ssh-ed25519"
