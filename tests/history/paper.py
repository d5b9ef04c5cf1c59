"""What the generated company writes: settings, its register, documents, statements and signatures."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from model.reading import digest, encode

from isodocs.signing import sshsig
from isodocs.signing.keys import parse_line

if TYPE_CHECKING:
    import random

    from history.brute import Content

QMS = "3f0c6a52-6f0e-4b53-9f6e-0d7d3b1f2a10"
PEOPLE = {
    "anna": ("process-owner",),
    "jane": ("quality-manager",),
    "max": (),
    "olga": ("process-owner", "quality-manager"),
}
SHARED = "office@example.org"
STRANGER = "stranger@example.com"
WORDS = ("measure", "each", "part", "twice")
TYPES = """\
  SOP:
    title: Procedure
    independence: substantive-author
    approved: {assurance: unsigned, roles: [owner, quality-manager]}
    withdrawn: {assurance: unsigned, roles: [quality-manager]}
  WI:
    title: Work instruction
    independence: any-editor
    approved: {assurance: unsigned, roles: [owner]}
  FRM:
    title: Form
    independence: none
    approved: {assurance: signed, roles: [owner]}
"""


def settings(unknown: str) -> bytes:
    """Settings under which approvals need no keys, but for forms; what to do about unknown writers."""
    text = f"format: 1\nqms: {QMS}\ntitle: Generated\nmainline: main\ntimezone: Europe/Berlin\n"
    text += f"unknown_writers: {unknown}\n"
    text += "authority: {role: quality-manager, quorum: 1, protects: [isodocs.yml, people.yml]}\n"
    return (text + "types:\n" + TYPES).encode()


def register(addresses: dict[str, list[str]]) -> bytes:
    """The register, with the addresses that each person has."""
    lines = ["format: 1", "roles:", "  process-owner: {title: Owner}", "  quality-manager: {title: Manager}"]
    lines.append("people:")
    for person, roles in PEOPLE.items():
        held = ", ".join(f"{{role: {role}, from: 2001-01-01}}" for role in roles)
        lines += [
            f"  {person}:",
            f"    name: {person.title()}",
            f"    emails: [{', '.join(addresses[person])}]",
            f"    roles: [{held}]",
            f"    keys: [{{key: '{public_key(person)}', from: 2001-01-01}}]",
        ]
    return ("\n".join(lines) + "\n").encode()


def private_key(person: str) -> Ed25519PrivateKey:
    """The key of a person, the same in every run."""
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(person.encode()).digest())


def public_key(person: str) -> str:
    """The public key as the register has it."""
    encoding, form = serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH
    return private_key(person).public_key().public_bytes(encoding, form).decode("ascii")


def signature(person: str, message: bytes) -> bytes:
    """An OpenSSH signature over a message."""
    made = private_key(person).sign(sshsig.signed_data("isodocs", "sha512", message))
    blob = parse_line(public_key(person)).blob
    return sshsig.write(sshsig.Signature(blob, "isodocs", "sha512", "ssh-ed25519", made))


def statement(
    meaning: str,
    person: str,
    role: str | None,
    content: dict[str, object],
    *,
    predecessor: str | None,
    time: str,
    name: str | None = None,
    revision: str | None = None,
    writers: list[str] | None = None,
    assurance: str = "unsigned",
) -> bytes:
    """A statement's file."""
    return encode(
        {
            "assurance": assurance,
            "content": content,
            "format": 1,
            "id": name,
            "meaning": meaning,
            "name": person.title(),
            "next_review": None,
            "person": person,
            "predecessor": predecessor,
            "qms": QMS,
            "reason": None,
            "register": "0" * 64,
            "revision": revision,
            "role": role,
            "signer": person,
            "source": None,
            "time": time,
            "writers": sorted(writers or []),
        }
    )


def written(content: Content) -> dict[str, object]:
    """A content as a statement has it."""
    return {"document": content[0], "embedded": dict(content[1])}


def file_name(data: bytes, meaning: str, person: str, folder: str) -> str:
    """Where a statement lies."""
    return f"signatures/{folder}/{meaning}.{person}.{digest(data)[:12]}.json"


def document(name: str, dice: random.Random, pictures: list[str], revision: int = 1) -> bytes:
    """A new document that embeds some files."""
    body = [" ".join(dice.choices(WORDS, k=3)) for _ in range(dice.choice([1, 2, 8]))]
    shown = "".join(f"\n![p]({one})\n" for one in pictures)
    payload = f"payload: {dice.choice(pictures)}\n" if pictures and dice.random() < 0.15 else ""
    front = (
        f"id: {name}\ntitle: T\ntype: {name.rpartition('-')[0]}\nowner: process-owner\nrevision: {revision}\n"
    )
    text = ".\n\n".join(body)
    return f"---\n{front}{payload}---\n\n# T\n\n{text}.\n{shown}".encode()


def revised(data: bytes, number: int) -> bytes:
    """The same text under another revision number."""
    return re.sub(rb"^revision: \d+", b"revision: %d" % number, data, count=1, flags=re.MULTILINE)


def revision(data: bytes) -> int:
    """The number a text bears; 0 if none can be found."""
    found = re.search(rb"^revision: (\d+)", data, re.MULTILINE)
    return int(found[1]) if found else 0


def with_words(data: bytes, dice: random.Random) -> bytes:
    """Another sentence at the end, from few words, so that two people can write the same."""
    return data.rstrip(b"\r\n") + b"\n" + f"\n{dice.choice(WORDS)}.\n".encode()


def rewritten(data: bytes, dice: random.Random) -> bytes:
    """The same front matter over quite another text."""
    front, mark, _ = data.partition(b"---\n\n")
    text = "\n\n".join(" ".join(dice.choices(WORDS, k=9)) for _ in range(dice.choice([1, 3, 30])))
    return front + mark + text.encode() + b"\n" if mark else data


def respaced(data: bytes, dice: random.Random) -> bytes:
    """White space only: another empty line, or blanks at the end of the text."""
    return data + dice.choice([b"\n", b"  \n", b"\n\n"])


def retitled(data: bytes, dice: random.Random) -> bytes:
    """Front matter only."""
    return re.sub(rb"^title: .*$", f"title: {dice.choice('TUV')}".encode(), data, count=1, flags=re.MULTILINE)


def line_ends(data: bytes, dice: random.Random) -> bytes:
    """The same words with CRLF, with LF, or with both."""
    plain = data.replace(b"\r\n", b"\n")
    kind = dice.choice(["crlf", "lf", "mixed"])
    if kind == "lf":
        return plain
    if kind == "crlf":
        return plain.replace(b"\n", b"\r\n")
    head, mark, body = plain.partition(b"---\n\n")
    return head + mark + body.replace(b"\n", b"\r\n", 2)


def renamed(data: bytes, name: str) -> bytes:
    """The same text under another id."""
    return re.sub(rb"^id: \S+", f"id: {name}".encode(), data, count=1, flags=re.MULTILINE)


def with_picture(data: bytes, target: str) -> bytes:
    """The text with one more embedded file."""
    return data + f"\n![p]({target})\n".encode()


def without_pictures(data: bytes) -> bytes:
    """The text without the embedded files it shows."""
    return re.sub(rb"\r?\n!\[p\]\([^)]*\)\r?\n", b"", data)


def broken(data: bytes) -> bytes:
    """Text that cannot be read as a document."""
    return b"---\n" + data


def unreadable_register() -> bytes:
    """A register that cannot be read."""
    return b"format: [\n"
