"""How the naive model reads a document, a statement, a signature, the settings and the register.

Front matter and settings by PyYAML's string-only loader, pictures by a plain pattern, signatures by
cryptography over a parser of our own. Nothing of the product is used.
"""

from __future__ import annotations

import base64
import json
import posixpath
import re
import struct
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from hashlib import sha256 as _sha256
from hashlib import sha512
from zoneinfo import ZoneInfo

import yaml
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FRONT = re.compile(r"\A---\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|\Z)", re.DOTALL)
PICTURE = re.compile(r"!\[[^\]]*\]\(\s*<?([^)>\s]+)>?[^)]*\)")
SCHEME = re.compile(r"^(?:[A-Za-z][A-Za-z0-9+.-]*:|//)")
DEVICE = b"sk-ssh-ed25519@openssh.com"
KEYS = {
    "assurance", "content", "format", "id", "meaning", "name", "next_review", "person", "predecessor", "qms",
    "reason", "register", "revision", "role", "signer", "source", "time", "writers",
}  # fmt: skip


def digest(data: bytes) -> str:
    """SHA-256, in hexadecimal letters."""
    return _sha256(data).hexdigest()


def encode(value: object) -> bytes:
    """The canonical form of FORMATS.md."""
    return (json.dumps(value, sort_keys=True, indent=2, ensure_ascii=True) + "\n").encode()


@dataclass(frozen=True)
class Text:
    """A readable document: its front matter, the words after it, the digest of its file, what it embeds."""

    path: str
    front: dict[str, object]
    words: str
    document: str
    embeds: tuple[str, ...]

    def said(self, key: str) -> str:
        """A front matter value as text; empty when missing."""
        value = self.front.get(key)
        return value if isinstance(value, str) else ""


def read_document(path: str, data: bytes) -> Text | None:
    """A document, or None where it cannot be read as one."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    found = FRONT.match(text)
    if found is None:
        return None
    try:
        front = yaml.load(found[1], Loader=yaml.BaseLoader)  # noqa: S506 — it makes strings only
    except yaml.YAMLError:
        return None
    if not isinstance(front, dict) or not all(isinstance(front.get(key), str) for key in _NEEDED):
        return None
    words = text[found.end() :]
    targets = [target for target in PICTURE.findall(words) if not SCHEME.match(target)]
    if isinstance(front.get("payload"), str):
        targets.append(front["payload"])
    names = {posixpath.normpath(re.split("[?#]", target)[0]) for target in targets}
    return Text(path, front, " ".join(words.split()), digest(data), tuple(sorted(names)))


_NEEDED = ("id", "type", "revision", "owner")


@dataclass(frozen=True)
class Statement:
    """A statement file: its digest, and what it says (nothing where it is no statement).

    `knew_user`: the signature beside it is by a device that knew its user.
    """

    sha: str
    says: dict[str, object]
    knew_user: bool = False

    def said(self, key: str) -> str:
        """A value as text; empty when null."""
        value = self.says.get(key)
        return value if isinstance(value, str) else ""

    @property
    def content(self) -> str:
        """The digest of the content it names."""
        return digest(encode(self.says["content"]))

    @property
    def document(self) -> object:
        """The digest of the document it names."""
        content = self.says["content"]
        return content.get("document") if isinstance(content, dict) else None

    @property
    def hands(self) -> set[str]:
        """Who had a hand in it: who is named, and who signed."""
        return {self.said("person"), self.said("signer")}

    @property
    def writers(self) -> set[str]:
        """The writers frozen into it."""
        names = self.says["writers"]
        return {name for name in names if isinstance(name, str)} if isinstance(names, list) else set()


def read_statement(data: bytes, armour: bytes = b"") -> Statement:
    """A statement; one that cannot be read says nothing."""
    try:
        value = json.loads(data)
    except ValueError:
        value = None
    good = isinstance(value, dict) and set(value) == KEYS and value["format"] == 1 and encode(value) == data
    proof = signed_by(data, armour) if good and value["assurance"] != "unsigned" else None
    return Statement(digest(data), value if good else {}, proof is not None and proof.knew_user)


@dataclass(frozen=True)
class Proof:
    """What a signature tells: the public key, as in people.yml, and whether a device knew its user."""

    key: str
    knew_user: bool = False


@cache
def signed_by(message: bytes, armour: bytes) -> Proof | None:
    """What this signature over `message` tells; None if it is none."""
    lines = armour.decode("ascii", "replace").split("\n")
    if lines[0] != "-----BEGIN SSH SIGNATURE-----" or lines[-2:] != ["-----END SSH SIGNATURE-----", ""]:
        return None
    body = lines[1:-2]
    if any(len(line) != 70 for line in body[:-1]) or not 0 < len(body[-1]) <= 70:
        return None
    try:
        return _verified(message, base64.b64decode("".join(body), validate=True))
    except (ValueError, struct.error, InvalidSignature):
        return None


def _verified(message: bytes, blob: bytes) -> Proof | None:
    if not blob.startswith(b"SSHSIG\0\0\0\1"):
        return None
    public, space, reserved, method, signature = _strings(blob[10:])
    kind, raw, *application = _strings(public)
    tail = signature[-5:] if kind == DEVICE else b""
    how, proof = _strings(signature.removesuffix(tail))
    if (space, reserved, method, how) != (b"isodocs", b"", b"sha512", kind):
        return None
    if kind not in (DEVICE, b"ssh-ed25519"):
        return None
    head = b"".join(struct.pack(">I", len(part)) + part for part in (space, b"", method))
    hashed = sha512(message).digest()
    signed = b"SSHSIG" + head + struct.pack(">I", len(hashed)) + hashed
    if kind == DEVICE:  # OpenSSH's PROTOCOL.u2f
        signed = _sha256(application[0]).digest() + tail + _sha256(signed).digest()
    Ed25519PublicKey.from_public_bytes(raw).verify(proof, signed)
    return Proof(f"{kind.decode()} {base64.b64encode(public).decode()}", bool(tail and tail[0] & 4))


def _strings(data: bytes) -> list[bytes]:
    found = []
    while data:
        (length,) = struct.unpack(">I", data[:4])
        if len(data) < 4 + length:
            raise ValueError(data)
        found.append(data[4 : 4 + length])
        data = data[4 + length :]
    return found


@dataclass(frozen=True)
class Authority:
    """Settings and register as plain data, all scalars strings."""

    settings: dict[str, object]
    people: dict[str, dict[str, object]]
    roles: dict[str, dict[str, str]]

    @property
    def zone(self) -> ZoneInfo:
        """The company's time zone."""
        return ZoneInfo(str(self.settings["timezone"]))

    @property
    def patterns(self) -> tuple[str, ...]:
        """The globs of the protected files."""
        return tuple(self.rule["protects"]) if isinstance(self.rule["protects"], list) else ()

    @property
    def rule(self) -> dict[str, object]:
        """Who changes settings and register."""
        rule = self.settings["authority"]
        assert isinstance(rule, dict)
        return rule

    def kind(self, name: str) -> dict[str, object] | None:
        """A document type; None if unknown."""
        kinds = self.settings["types"]
        assert isinstance(kinds, dict)
        return kinds.get(name)

    def midnight(self, day: str) -> int:
        """00:00 of a day in the company's time zone, in seconds."""
        return int(datetime.combine(date.fromisoformat(day), time(), self.zone).timestamp())

    def local_day(self, moment: int) -> date:
        """The company's date at a time."""
        return datetime.fromtimestamp(moment, UTC).astimezone(self.zone).date()

    def lasts(self, entry: object, moment: int) -> bool:
        """Whether a role or key entry, with `from` and perhaps `until`, counts at a time."""
        assert isinstance(entry, dict)
        until = entry.get("until")
        return self.midnight(entry["from"]) <= moment and (until is None or moment < self.midnight(until))

    def entries(self, person: str, what: str) -> list[dict[str, str]]:
        """A person's roles or keys."""
        found = self.people.get(person, {}).get(what) or []
        assert isinstance(found, list)
        return found

    def holds(self, person: str, role: str, moment: int) -> bool:
        """Whether the person may sign for the role; everybody may sign as themself."""
        if role == person:
            return person in self.people
        return any(one["role"] == role and self.lasts(one, moment) for one in self.entries(person, "roles"))

    def stands_in(self, person: str, role: str, moment: int) -> bool:
        """Whether the person has, at a time, a role that was made to stand in for this one."""
        # Choice: a person has no deputy in his own place, also where a role claims to be one.
        return role not in self.people and any(
            self.roles.get(one["role"], {}).get("deputy_for") == role and self.lasts(one, moment)
            for one in self.entries(person, "roles")
        )

    def changes(self) -> dict[str, int]:
        """Who may change settings and register: role and how many; the usual role and that of recovery."""
        found = {str(self.rule["role"]): int(str(self.rule.get("quorum", "1")))}
        recovery = self.rule.get("recovery")
        if isinstance(recovery, dict):
            found[recovery["role"]] = int(recovery["quorum"])
        return found

    def holder(self, key: str, moment: int) -> str | None:
        """Whose key this is at a time."""
        for person in self.people:
            for one in self.entries(person, "keys"):
                same = " ".join(one["key"].split()[:2]) == key
                if same and self.lasts(one, moment) and not self.lost(one, moment):
                    return person
        return None

    def lost(self, entry: object, moment: int) -> bool:
        """Whether a key is known to have been in other hands at a time, or was revoked by then."""
        assert isinstance(entry, dict)
        revoked = entry.get("revoked")
        days = [revoked["on"], revoked["compromised_since"]] if isinstance(revoked, dict) else []
        return any(self.midnight(day) <= moment for day in days)

    def by_address(self, email: str) -> str | None:
        """Who writes under an address."""
        # Choice: an address that several people share tells nothing of who wrote.
        found = []
        for person, entry in self.people.items():
            emails = entry.get("emails") or []
            assert isinstance(emails, list)
            if email in [one.lower() for one in emails]:
                found.append(person)
        return found[0] if len(found) == 1 else None


def read_authority(settings: bytes, people: bytes) -> Authority | None:
    """Settings and register; None if either cannot be read."""
    try:
        one = yaml.load(settings.decode(), Loader=yaml.BaseLoader)  # noqa: S506 — it makes strings only
        two = yaml.load(people.decode(), Loader=yaml.BaseLoader)  # noqa: S506 — it makes strings only
    except (yaml.YAMLError, UnicodeDecodeError):
        return None
    if not isinstance(one, dict) or not isinstance(two, dict) or not isinstance(two.get("people"), dict):
        return None
    return Authority(one, two["people"], two.get("roles") or {})


def end_of_day(day: str, zone: ZoneInfo) -> int:
    """The last second of a day, as "as of a day" means it."""
    after = date.fromisoformat(day) + timedelta(days=1)
    return int(datetime.combine(after, time(), zone).timestamp()) - 1


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or that month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in range(day.day, 0, -1):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError(day)
