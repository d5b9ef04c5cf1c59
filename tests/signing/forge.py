"""Makes keys and signatures for the tests: with real ssh-keygen, and by hand where it would refuse.

Hardware keys are made in software here: no device was at hand. What a device signs is written down in
OpenSSH's PROTOCOL.u2f, and ssh-keygen verifies it without a device, which the tests use.
"""

from __future__ import annotations

import base64
import hashlib
import os
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_ssh_private_key,
)

from isodocs.signing.wire import Reader, mpint, string

if TYPE_CHECKING:
    from pathlib import Path

APPLICATION = b"ssh:"
PRESENT, VERIFIED = 0x01, 0x04
KINDS = {
    "ed25519": ("ed25519", 256),
    "ecdsa256": ("ecdsa", 256),
    "ecdsa384": ("ecdsa", 384),
    "ecdsa521": ("ecdsa", 521),
    "rsa3072": ("rsa", 3072),
    "rsa4096": ("rsa", 4096),
}


@dataclass(frozen=True)
class Raw:
    """Every field of a signature file, free to be wrong."""

    public_key: bytes
    algorithm: bytes
    blob: bytes
    tail: bytes = b""
    magic: bytes = b"SSHSIG"
    version: int = 1
    namespace: bytes = b"isodocs"
    reserved: bytes = b""
    hash_algorithm: bytes = b"sha512"
    after: bytes = b""

    def packed(self) -> bytes:
        """The signature without its armour."""
        return (
            self.magic
            + self.version.to_bytes(4, "big")
            + string(self.public_key)
            + string(self.namespace)
            + string(self.reserved)
            + string(self.hash_algorithm)
            + string(string(self.algorithm) + string(self.blob) + self.tail)
            + self.after
        )

    def armour(self, line: int = 70, end: bytes = b"\n") -> bytes:
        """The file, with lines of this length."""
        return wrap(base64.b64encode(self.packed()), line, end)


def wrap(text: bytes, line: int = 70, end: bytes = b"\n") -> bytes:
    """Base64 text between the markers."""
    lines = [text[at : at + line] for at in range(0, len(text), line)]
    marked = [b"-----BEGIN SSH SIGNATURE-----", *lines, b"-----END SSH SIGNATURE-----"]
    return end.join(marked) + end


def unwrap(armour: bytes) -> bytes:
    """The decoded content of a well-formed file."""
    return base64.b64decode(b"".join(armour.splitlines()[1:-1]))


def raw(armour: bytes) -> Raw:
    """Take a well-formed file apart."""
    reader = Reader(unwrap(armour))
    magic, version, public_key = reader.take(6), reader.uint32(), reader.string()
    namespace, reserved, hash_algorithm = reader.string(), reader.string(), reader.string()
    inner = reader.string()
    parts = Reader(inner)
    algorithm, blob = parts.string(), parts.string()
    tail = inner[8 + len(algorithm) + len(blob) :]
    return Raw(public_key, algorithm, blob, tail, magic, version, namespace, reserved, hash_algorithm)


def to_sign(namespace: bytes, hash_algorithm: str, message: bytes, reserved: bytes = b"") -> bytes:
    """The bytes under a signature, written from the specification and not from the code."""
    digest = hashlib.new(hash_algorithm, message).digest()
    return b"SSHSIG" + b"".join(map(string, (namespace, reserved, hash_algorithm.encode(), digest)))


@dataclass(frozen=True)
class SoftKey:
    """A key of any kind in this process, hardware kinds included."""

    private: Ed25519PrivateKey | ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
    hardware: bool = False
    application: bytes = APPLICATION
    flags: int = PRESENT
    counter: int = 7

    @property
    def kind(self) -> bytes:
        """The key's kind as OpenSSH names it."""
        plain = Reader(self._plain_blob()).string()
        return b"sk-" + plain + b"@openssh.com" if self.hardware else plain

    def _plain_blob(self) -> bytes:
        line = self.private.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
        return base64.b64decode(line.split()[1])

    @property
    def blob(self) -> bytes:
        """The public key in SSH wire format."""
        plain = self._plain_blob()
        if not self.hardware:
            return plain
        rest = plain[4 + len(Reader(plain).string()) :]
        return string(self.kind) + rest + string(self.application)

    @property
    def line(self) -> str:
        """The public key's line."""
        return f"{self.kind.decode()} {base64.b64encode(self.blob).decode()}"

    def sign(
        self,
        message: bytes,
        namespace: bytes = b"isodocs",
        hash_algorithm: str = "sha512",
        rsa_algorithm: str = "rsa-sha2-512",
    ) -> Raw:
        """A right signature, field by field."""
        data = to_sign(namespace, hash_algorithm, message)
        tail = b""
        if self.hardware:
            tail = bytes([self.flags]) + self.counter.to_bytes(4, "big")
            data = hashlib.sha256(self.application).digest() + tail + hashlib.sha256(data).digest()
        algorithm = rsa_algorithm.encode() if self.kind == b"ssh-rsa" else self.kind
        blob = self._sign(data, rsa_algorithm)
        return Raw(self.blob, algorithm, blob, tail, b"SSHSIG", 1, namespace, b"", hash_algorithm.encode())

    def _sign(self, data: bytes, rsa_algorithm: str) -> bytes:
        if isinstance(self.private, Ed25519PrivateKey):
            return self.private.sign(data)
        if isinstance(self.private, rsa.RSAPrivateKey):
            digests: dict[str, hashes.HashAlgorithm] = {
                "rsa-sha2-512": hashes.SHA512(),
                "rsa-sha2-256": hashes.SHA256(),
                "ssh-rsa": hashes.SHA1(),  # noqa: S303 - to be refused
            }
            return self.private.sign(data, padding.PKCS1v15(), digests[rsa_algorithm])
        by_size = {256: hashes.SHA256(), 384: hashes.SHA384(), 521: hashes.SHA512()}
        der = self.private.sign(data, ec.ECDSA(by_size[self.private.curve.key_size]))
        return b"".join(map(mpint, decode_dss_signature(der)))


def soft_ed25519(
    *, hardware: bool = False, flags: int = PRESENT, application: bytes = APPLICATION
) -> SoftKey:
    """A new Ed25519 key."""
    return SoftKey(Ed25519PrivateKey.generate(), hardware, application, flags)


def soft_ecdsa(*, hardware: bool = False, flags: int = PRESENT) -> SoftKey:
    """A new ECDSA key on P-256."""
    return SoftKey(ec.generate_private_key(ec.SECP256R1()), hardware, APPLICATION, flags)


def soft(path: Path) -> SoftKey:
    """An unencrypted key file of ssh-keygen's, in this process."""
    private = load_ssh_private_key(path.read_bytes(), None)
    assert isinstance(private, Ed25519PrivateKey | ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey)
    return SoftKey(private)


def keygen(path: Path, kind: str, bits: int = 0, passphrase: str = "", *extra: str) -> Path:
    """Make a key file with ssh-keygen."""
    size = ["-b", str(bits)] if bits else []
    arguments = ["-q", "-t", kind, *size, "-N", passphrase, "-C", "made for a test", "-f", str(path), *extra]
    subprocess.run(["ssh-keygen", *arguments], check=True, capture_output=True)
    return path


def keygen_sign(key: Path, message: bytes, *extra: str, namespace: str = "isodocs") -> bytes:
    """Sign with ssh-keygen."""
    command = ["ssh-keygen", "-Y", "sign", "-n", namespace, "-f", str(key), *extra]
    environment = {name: value for name, value in os.environ.items() if name != "SSH_AUTH_SOCK"}
    return subprocess.run(command, input=message, check=True, capture_output=True, env=environment).stdout


def public_line(key: Path) -> str:
    """The line of the ``.pub`` file beside a key."""
    return key.with_name(key.name + ".pub").read_text(encoding="utf-8").strip()


def allowed(line: str, identity: str = "jane") -> str:
    """An allowed_signers file with this one key."""
    return f'{identity} namespaces="isodocs" {line}\n'
