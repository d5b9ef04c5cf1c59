"""More than a thousand signature files, right and wrong, with what is expected of each.

No security key was at hand: whatever is called ``sk`` here was made in software (``forge.SoftKey``), by a key
in this process that writes the flags and the counter of a device as PROTOCOL.u2f of OpenSSH has them. That
ssh-keygen accepts them shows that they are as a device would have made them; no device has shown it.

``stricter`` names the entry of the written list because of which we refuse what ssh-keygen accepts; it is
empty where both must agree.
"""

from __future__ import annotations

import base64
import random
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from signing import forge

from isodocs.signing.wire import Reader, mpint, string

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MESSAGE = b'{\n  "assurance": "signed"\n}\n'
MESSAGES = (b"", b"x", MESSAGE, b"a\r\nb\r\n", b"\0\xff" * 500, "Prüfung\n".encode() * 3000)
ED25519_ORDER = 2**252 + 27742317777372353535851937790883648493
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
NEUTRAL = b"\1" + bytes(31)

STRICTER = {
    "line breaks": "lines of another length, blank lines, white space within the text, CRLF",
    "end": "no line break at the end, several, or text after the end marker",
    "version 0": "a format version below 1",
    "NUL": "a NUL behind the base64 text or the namespace, where a string of C ends",
    "reserved": "a reserved field that is not empty",
    "S": "an Ed25519 S that is not below the order of the group",
    "needless zeros": "an ECDSA number with zeros in front that it does not need",
    "short RSA signature": "an RSA signature shorter than the modulus",
    "weak key": "RSA below 3072 bits, DSA, and an Ed25519 point of small order",
    "key form": "an RSA key whose numbers have needless zeros in front",
    "untouched": "a security key that nobody touched",
}


@dataclass(frozen=True)
class Vector:
    """A signature file over a message, and the one key that ssh-keygen is told to allow."""

    label: str
    line: str
    message: bytes
    armour: bytes
    stricter: str = ""


def all_vectors(keys: dict[str, Path], folder: Path) -> list[Vector]:
    """Every vector, the same ones for the same keys."""
    softs = soft_keys(keys)
    pick = random.Random(9001)  # noqa: S311 - picks test cases, the same ones each run
    return [
        *_genuine(keys, softs),
        *_other_messages(softs),
        *_file_forms(softs["ed25519"]),
        *_flipped_file(softs["ed25519"], pick),
        *_flipped_content(softs, pick),
        *_packed_forms(softs),
        *_other_purposes(softs),
        *_exchanged(softs),
        *_numbers(softs),
        *_devices(),
        *_weak_keys(folder, softs),
    ]


def soft_keys(keys: dict[str, Path]) -> dict[str, forge.SoftKey]:
    """All kinds of keys in this process."""
    softs = {name: forge.soft(path) for name, path in keys.items()}
    softs["sk-ed25519"] = forge.soft_ed25519(hardware=True)
    softs["sk-ecdsa"] = forge.soft_ecdsa(hardware=True)
    return softs


def _genuine(keys: dict[str, Path], softs: dict[str, forge.SoftKey]) -> Iterator[Vector]:
    for name, key in softs.items():
        for number, message in enumerate(MESSAGES):
            for digest in ("sha256", "sha512"):
                signed = key.sign(message, hash_algorithm=digest)
                yield Vector(f"genuine {name} {digest} {number}", key.line, message, signed.armour())
    for name, path in keys.items():
        armour = forge.keygen_sign(path, MESSAGE, "-O", "hashalg=sha256")
        yield Vector(f"made by ssh-keygen {name}", softs[name].line, MESSAGE, armour)
    rsa = softs["rsa3072"]
    for digest in ("sha256", "sha512"):
        signed = rsa.sign(MESSAGE, hash_algorithm=digest, rsa_algorithm="rsa-sha2-256")
        yield Vector(f"rsa-sha2-256 over {digest}", rsa.line, MESSAGE, signed.armour())


def _other_messages(softs: dict[str, forge.SoftKey]) -> Iterator[Vector]:
    others = (
        MESSAGE[:-1],
        MESSAGE + b"\n",
        MESSAGE.replace(b"\n", b"\r\n"),
        b"",
        MESSAGE.upper(),
        b"\0" + MESSAGE,
    )
    for name, key in softs.items():
        armour = key.sign(MESSAGE).armour()
        for number, message in enumerate(others):
            yield Vector(f"other message {name} {number}", key.line, message, armour)


def _file_forms(key: forge.SoftKey) -> Iterator[Vector]:
    signed = key.sign(MESSAGE)
    good = signed.armour()
    begin, end = b"-----BEGIN SSH SIGNATURE-----", b"-----END SSH SIGNATURE-----"

    def form(label: str, armour: bytes, stricter: str = "") -> Vector:
        return Vector(f"file: {label}", key.line, MESSAGE, armour, stricter)

    for length in (1, 4, 64, 69, 71, 72, 76, 10_000):
        yield form(f"lines of {length}", signed.armour(length), "line breaks")
    yield form("blank line", good.replace(b"\n", b"\n\n", 2), "line breaks")
    yield form("blank", good.replace(b"U1NI", b"U1 NI"), "line breaks")
    yield form("tab at a line's end", good.replace(b"\n-----END", b"\t\n-----END"), "line breaks")
    yield form("blank line at the end", good.replace(b"\n-----END", b"\n\n-----END"), "line breaks")
    yield form("CRLF in the text", good.replace(b"\n", b"\r\n", 3).replace(b"\r", b"", 1), "line breaks")
    yield form("CRLF everywhere", signed.armour(end=b"\r\n"))
    yield form("CR alone", signed.armour(end=b"\r"))
    yield form("no line break at the end", good[:-1], "end")
    yield form("two line breaks at the end", good + b"\n", "end")
    yield form("text after", good + b"approved by the board\n", "end")
    yield form("text after, in the line", good[:-1] + b" approved\n", "end")
    yield form("NUL after", good + b"\0", "end")
    yield form("twice", good + good, "end")
    yield form("line break before", b"\n" + good)
    yield form("text before", b"Signed:\n" + good)
    yield form("byte order mark", b"\xef\xbb\xbf" + good)
    yield form("blanks before", b"  " + good)
    yield form("empty", b"")
    yield form("markers alone", begin + b"\n" + end + b"\n")
    yield form("markers and a blank line", begin + b"\n\n" + end + b"\n")
    yield form("no begin", good[len(begin) + 1 :])
    yield form("no end", good[: -len(end) - 1])
    yield form("half", good[: len(good) // 2])
    yield form("lower case markers", good.replace(begin, begin.lower()))
    yield form("PGP markers", good.replace(b"SSH SIG", b"PGP SIG"))
    yield form("NUL in the text", good.replace(b"\n-----END", b"\0\n-----END"), "NUL")
    yield form("padding added", good.replace(b"\n-----END", b"=\n-----END"))
    yield form("packed, without markers", signed.packed())
    yield form("base64 for URLs", good.replace(b"+", b"-").replace(b"/", b"_")[:-30] + b"-" + good[-29:])


def _flipped_file(key: forge.SoftKey, pick: random.Random) -> Iterator[Vector]:
    """One character of the file altered; every position is tried in test_tamper, against ourselves."""
    good = key.sign(MESSAGE).armour()
    text = [at for at in range(30, len(good) - 29) if good[at] != 0x0A]
    for at in pick.sample(text, 90):
        altered = good[:at] + bytes([_another_character(good[at], pick)]) + good[at + 1 :]
        yield Vector(f"file: character {at}", key.line, MESSAGE, altered)
    for at in [*range(29), *range(len(good) - 28, len(good) - 1)]:
        altered = good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :]
        yield Vector(f"file: marker character {at}", key.line, MESSAGE, altered)
    for at in pick.sample(text, 30):
        yield Vector(f"file: without character {at}", key.line, MESSAGE, good[:at] + good[at + 1 :])


def _another_character(old: int, pick: random.Random) -> int:
    alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    return pick.choice([character for character in alphabet if character != old])


def _flipped_content(softs: dict[str, forge.SoftKey], pick: random.Random) -> Iterator[Vector]:
    """One bit of the packed signature altered, the file around it right."""
    for name, key in softs.items():
        packed = key.sign(MESSAGE).packed()
        for at in pick.sample(range(len(packed)), 24):
            altered = bytearray(packed)
            altered[at] ^= 1 << pick.randrange(8)
            stricter = "version 0" if altered[6:10] == bytes(4) else ""
            armour = forge.wrap(base64.b64encode(altered))
            yield Vector(f"bit in byte {at} of {name}", key.line, MESSAGE, armour, stricter)


def _packed_forms(softs: dict[str, forge.SoftKey]) -> Iterator[Vector]:
    for name, key in softs.items():
        good = key.sign(MESSAGE)
        forms = [
            ("version 0", replace(good, version=0), "version 0"),
            ("version 2", replace(good, version=2), ""),
            ("version 2**24", replace(good, version=2**24), ""),
            ("reserved", replace(good, reserved=b"for later"), "reserved"),
            ("NUL behind the namespace", replace(good, namespace=b"isodocs\0"), "NUL"),
            ("bytes after", replace(good, after=b"\0"), ""),
            ("bytes after the number", replace(good, tail=good.tail + b"\0"), ""),
            ("other magic", replace(good, magic=b"SSHSIH"), ""),
            ("sha1", replace(good, hash_algorithm=b"sha1"), ""),
            ("sha384", replace(good, hash_algorithm=b"sha384"), ""),
            ("SHA512", replace(good, hash_algorithm=b"SHA512"), ""),
            ("other hash named", replace(good, hash_algorithm=b"sha256"), ""),
            ("empty signature", replace(good, blob=b""), ""),
            ("zeros", replace(good, blob=bytes(len(good.blob))), ""),
            ("five bytes more", replace(good, tail=b"\1\0\0\0\7" + good.tail), ""),
        ]
        for label, form, stricter in forms:
            yield Vector(f"packed: {label} {name}", key.line, MESSAGE, form.armour(), stricter)
        if len(good.packed()) % 3:
            yield Vector(f"stray bits {name}", key.line, MESSAGE, _with_stray_bits(good))


def _with_stray_bits(good: forge.Raw) -> bytes:
    text = base64.b64encode(good.packed())
    alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    at = len(text.rstrip(b"=")) - 1
    return forge.wrap(text[:at] + bytes([alphabet[alphabet.index(text[at]) + 1]]) + text[at + 1 :])


def _other_purposes(softs: dict[str, forge.SoftKey]) -> Iterator[Vector]:
    spaces = (b"", b"git", b"file", b"Isodocs", b"isodocs ", b"isodocs-enrol", b"isodocs\0x", b"\xff")
    for name, key in softs.items():
        for space in spaces:
            other = key.sign(MESSAGE, namespace=space)
            yield Vector(f"namespace {space!r} {name}", key.line, MESSAGE, other.armour())
            renamed = replace(other, namespace=b"isodocs")
            yield Vector(f"namespace {space!r} renamed {name}", key.line, MESSAGE, renamed.armour())


def _exchanged(softs: dict[str, forge.SoftKey]) -> Iterator[Vector]:
    """Parts of one right signature in another."""
    for name, key in softs.items():
        good = key.sign(MESSAGE)
        for other_name, other in softs.items():
            if other_name == name:
                continue
            label = f"{name} with {other_name}'s"
            wrong_key = replace(good, public_key=other.blob)
            yield Vector(f"{label} key", other.line, MESSAGE, wrong_key.armour())
            theirs = other.sign(MESSAGE)
            wrong_number = replace(good, algorithm=theirs.algorithm, blob=theirs.blob, tail=theirs.tail)
            yield Vector(f"{label} signature", key.line, MESSAGE, wrong_number.armour())
            yield Vector(f"{label} whole file, not allowed", key.line, MESSAGE, theirs.armour())


def _numbers(softs: dict[str, forge.SoftKey]) -> Iterator[Vector]:
    def vector(label: str, key: forge.SoftKey, form: forge.Raw, stricter: str = "") -> Vector:
        return Vector(f"numbers: {label}", key.line, MESSAGE, form.armour(), stricter)

    for name in ("ed25519", "sk-ed25519"):
        key = softs[name]
        good = key.sign(MESSAGE)
        s = int.from_bytes(good.blob[32:], "little") + ED25519_ORDER
        yield vector(f"S {name}", key, replace(good, blob=good.blob[:32] + s.to_bytes(32, "little")), "S")
        yield vector(f"63 bytes {name}", key, replace(good, blob=good.blob[:-1]))
        yield vector(f"65 bytes {name}", key, replace(good, blob=good.blob + b"\0"))
    for name in ("ecdsa256", "sk-ecdsa"):
        yield from (
            vector(f"{label} {name}", softs[name], form, why) for label, form, why in _ecdsa(softs[name])
        )
    yield from (vector(label, softs["rsa3072"], form, why) for label, form, why in _rsa(softs["rsa3072"]))


def _ecdsa(key: forge.SoftKey) -> Iterator[tuple[str, forge.Raw, str]]:
    good = key.sign(MESSAGE)
    reader = Reader(good.blob)
    r, s = reader.mpint(), reader.mpint()
    yield "the other S", replace(good, blob=mpint(r) + mpint(P256_ORDER - s)), ""
    for zeros in (1, 2):
        padded = string(bytes(zeros) + r.to_bytes(r.bit_length() // 8 + 1, "big"))
        yield f"{zeros} zeros", replace(good, blob=padded + mpint(s)), "needless zeros"
    yield "R too large", replace(good, blob=mpint(r + P256_ORDER) + mpint(s)), ""
    yield "S too large", replace(good, blob=mpint(r) + mpint(s + P256_ORDER)), ""
    yield "negative", replace(good, blob=string(b"\xff" + r.to_bytes(32, "big")) + mpint(s)), ""
    yield "zero", replace(good, blob=mpint(0) + mpint(0)), ""
    yield "bytes after", replace(good, blob=good.blob + b"\0"), ""
    yield "exchanged", replace(good, blob=mpint(s) + mpint(r)), ""
    yield "R alone", replace(good, blob=mpint(r)), ""


def _rsa(key: forge.SoftKey) -> Iterator[tuple[str, forge.Raw, str]]:
    good = key.sign(MESSAGE)
    yield "RSA: SHA-1", key.sign(MESSAGE, rsa_algorithm="ssh-rsa"), ""
    yield "RSA: other algorithm named", replace(good, algorithm=b"rsa-sha2-256"), ""
    yield "RSA: ssh-rsa named", replace(good, algorithm=b"ssh-rsa"), ""
    yield "RSA: longer", replace(good, blob=b"\0" + good.blob), ""
    yield "RSA: larger than the modulus", replace(good, blob=b"\xff" * len(good.blob)), ""


def _devices() -> Iterator[Vector]:
    for make, name in ((forge.soft_ed25519, "sk-ed25519"), (forge.soft_ecdsa, "sk-ecdsa")):
        for flags in (0, 1, 4, 5, 0x41, 0x44, 0xFF):
            key = make(hardware=True, flags=flags)
            stricter = "" if flags & forge.PRESENT else "untouched"
            good = key.sign(MESSAGE)
            yield Vector(f"{name} flags {flags}", key.line, MESSAGE, good.armour(), stricter)
            raised = replace(good, tail=bytes([flags ^ 4]) + good.tail[1:])
            yield Vector(f"{name} flags {flags} altered", key.line, MESSAGE, raised.armour())
    other = forge.soft_ed25519(hardware=True, application=b"ssh:qms")
    good = other.sign(MESSAGE)
    yield Vector("sk another application", other.line, MESSAGE, good.armour())
    renamed = replace(other, application=b"ssh:")
    wrong = replace(good, public_key=renamed.blob)
    yield Vector("sk application exchanged", renamed.line, MESSAGE, wrong.armour())
    webauthn = replace(good, algorithm=b"webauthn-sk-ecdsa-sha2-nistp256@openssh.com")
    yield Vector("sk as webauthn", other.line, MESSAGE, webauthn.armour())


def _weak_keys(folder: Path, softs: dict[str, forge.SoftKey]) -> Iterator[Vector]:
    for name, kind, bits in (("rsa2048", "rsa", 2048), ("dsa", "dsa", 1024)):
        path = forge.keygen(folder / name, kind, bits)
        armour = forge.keygen_sign(path, MESSAGE)
        yield Vector(f"weak: {name}", forge.public_line(path), MESSAGE, armour, "weak key")
    blob = string(b"ssh-ed25519") + string(NEUTRAL)
    fits_all = forge.Raw(blob, b"ssh-ed25519", NEUTRAL + bytes(32))
    line = f"ssh-ed25519 {base64.b64encode(blob).decode()}"
    for number, message in enumerate(MESSAGES):
        yield Vector(f"weak: neutral point {number}", line, message, fits_all.armour(), "weak key")
    yield from _rsa_forms(softs["rsa3072"])


def _rsa_forms(key: forge.SoftKey) -> Iterator[Vector]:
    number = 0
    while (signed := key.sign(str(number).encode())).blob[0]:
        number += 1
    message, short = str(number).encode(), replace(signed, blob=signed.blob[1:])
    yield Vector("RSA: zero in front", key.line, message, signed.armour())
    yield Vector("RSA: zero left out", key.line, message, short.armour(), "short RSA signature")
    reader = Reader(key.blob)
    kind, e, n = reader.string(), reader.mpint(), reader.mpint()
    padded = string(kind) + mpint(e) + string(b"\0\0" + n.to_bytes((n.bit_length() + 7) // 8, "big"))
    form = replace(key.sign(MESSAGE), public_key=padded)
    yield Vector("RSA: zeros before the modulus", key.line, MESSAGE, form.armour(), "key form")
