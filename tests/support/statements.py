"""Statements and SSH signatures, written by the tests' own code.

Nothing of the product is used here: what the product reads must have been written by somebody else.
The layout of a statement is that of FORMATS.md; the layout of a signature is OpenSSH's PROTOCOL.sshsig.
"""

from __future__ import annotations

import base64
import hashlib
import json
import struct
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

QMS = "3f0c6a52-6f0e-4b53-9f6e-0d7d3b1f2a10"
NAMESPACE = "isodocs"
ARMOUR_WIDTH = 70
APPLICATION = b"ssh:"
VERIFIED = "+uv"

Content = dict[str, object]


def canonical(value: Mapping[str, object]) -> bytes:
    """The canonical bytes of a statement, or of a content whose digest is wanted (FORMATS.md)."""
    return (json.dumps(value, sort_keys=True, indent=2, ensure_ascii=True) + "\n").encode("ascii")


def sha256(data: bytes) -> str:
    """The SHA-256 of `data`, in small hexadecimal letters."""
    return hashlib.sha256(data).hexdigest()


def content_of(document: bytes | None, embedded: Mapping[str, bytes]) -> Content:
    """What a statement says was signed: the document's digest and those of the files it embeds."""
    return {
        "document": None if document is None else sha256(document),
        "embedded": {path: sha256(data) for path, data in embedded.items()},
    }


def content_digest(content: Mapping[str, object]) -> str:
    """The digest by which a later statement names `content` as its predecessor."""
    return sha256(canonical(content))


def _string(data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + data


@dataclass(frozen=True)
class Key:
    """One ed25519 key. It follows from its name, so that a failing seed fails again.

    A name such as `sk-jane` is a hardware key, made in software here (OpenSSH's PROTOCOL.u2f): `sk-jane`
    signs as touched, `sk-jane+uv` is the same key and signs as one that knew its user.
    """

    name: str

    @property
    def hardware(self) -> bool:
        """Whether it stands for a device."""
        return self.name.startswith("sk-")

    @property
    def kind(self) -> bytes:
        """Its kind, as OpenSSH calls it."""
        return b"sk-ssh-ed25519@openssh.com" if self.hardware else b"ssh-ed25519"

    @property
    def _private(self) -> Ed25519PrivateKey:
        return _private_key(self.name.removesuffix(VERIFIED))

    @property
    def blob(self) -> bytes:
        """The public key as the SSH protocol writes it."""
        raw = self._private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return _string(self.kind) + _string(raw) + (_string(APPLICATION) if self.hardware else b"")

    @property
    def public(self) -> str:
        """The public key as one line of people.yml."""
        return f"{self.kind.decode()} {base64.b64encode(self.blob).decode('ascii')}"

    def sign(self, message: bytes, namespace: str = NAMESPACE) -> bytes:
        """An armoured SSHSIG over `message`, as `ssh-keygen -Y sign` would write it."""
        space = namespace.encode("ascii")
        hashed = _string(hashlib.sha512(message).digest())
        signed = b"SSHSIG" + _string(space) + _string(b"") + _string(b"sha512") + hashed
        signature = _string(self.kind) + self._proof(signed)
        head = b"SSHSIG" + struct.pack(">I", 1) + _string(self.blob)
        return _armour(head + _string(space) + _string(b"") + _string(b"sha512") + _string(signature))

    def _proof(self, signed: bytes) -> bytes:
        if not self.hardware:
            return _string(self._private.sign(signed))
        flags = b"\5" if self.name.endswith(VERIFIED) else b"\1"  # 1: touched, 4: knew its user
        tail = flags + struct.pack(">I", 7)
        told = hashlib.sha256(APPLICATION).digest() + tail + hashlib.sha256(signed).digest()
        return _string(self._private.sign(told)) + tail


@cache
def _private_key(name: str) -> Ed25519PrivateKey:
    seed = hashlib.sha256(f"isodocs test key of {name}".encode()).digest()
    return Ed25519PrivateKey.from_private_bytes(seed)


def _armour(blob: bytes) -> bytes:
    text = base64.b64encode(blob).decode("ascii")
    lines = [text[start : start + ARMOUR_WIDTH] for start in range(0, len(text), ARMOUR_WIDTH)]
    whole = ["-----BEGIN SSH SIGNATURE-----", *lines, "-----END SSH SIGNATURE-----", ""]
    return "\n".join(whole).encode("ascii")


def statement(
    *,
    content: Mapping[str, object],
    identity: str | None,
    revision: str | None,
    meaning: str,
    person: str,
    role: str | None,
    time: str,
    predecessor: str | None = None,
    writers: Sequence[str] = (),
    next_review: str | None = None,
    reason: str | None = None,
    signer: str | None = None,
    assurance: str = "signed",
    register: str = "0" * 64,
    qms: str = QMS,
) -> dict[str, object]:
    """Every key of a statement; `identity` and `revision` are null for `authority`."""
    return {
        "assurance": assurance,
        "content": dict(content),
        "format": 1,
        "id": identity,
        "meaning": meaning,
        "name": person.title()
        if signer in {None, person}
        else f"{(signer or person).title()} for {person.title()}",
        "next_review": next_review,
        "person": person,
        "predecessor": predecessor,
        "qms": qms,
        "reason": reason,
        "register": register,
        "revision": revision,
        "role": role,
        "signer": signer or person,
        "source": None,
        "time": time,
        "writers": sorted(writers),
    }


def statement_path(value: Mapping[str, object]) -> str:
    """Where a statement lies: `signatures/<ID>/<revision>/…`, or `signatures/_authority/<set>/…`."""
    name = f"{value['meaning']}.{value['person']}.{sha256(canonical(value))[:12]}.json"
    if value["meaning"] != "authority":
        return f"signatures/{value['id']}/{value['revision']}/{name}"
    content = value["content"]
    assert isinstance(content, dict)
    return f"signatures/_authority/{content_digest(content)[:16]}/{name}"
