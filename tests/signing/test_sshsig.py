"""Reading and writing signature files, without any key."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from signing import forge

from isodocs.signing import sshsig
from isodocs.signing.sshsig import BadSignature, Signature

if TYPE_CHECKING:
    from pathlib import Path

PLAIN = forge.Raw(b"some key", b"ssh-ed25519", b"s" * 64)
DEVICE = forge.Raw(b"some key", b"sk-ssh-ed25519@openssh.com", b"s" * 64, b"\1\0\0\0\7")


def test_what_ssh_keygen_writes_is_read_and_written_again(keys: dict[str, Path]) -> None:
    for path in keys.values():
        armour = forge.keygen_sign(path, b"text")
        assert sshsig.write(sshsig.read(armour)) == armour


def test_the_fields_are_those_of_the_file(keys: dict[str, Path]) -> None:
    armour = forge.keygen_sign(keys["rsa3072"], b"text", "-O", "hashalg=sha256")
    signature = sshsig.read(armour)
    public = base64.b64decode(forge.public_line(keys["rsa3072"]).split()[1])
    assert signature.public_key == public
    assert (signature.namespace, signature.hash_algorithm) == ("isodocs", "sha256")
    assert (signature.algorithm, len(signature.blob)) == ("rsa-sha2-512", 384)
    assert signature.hardware == b""


def test_a_hardware_keys_flags_and_counter_are_kept() -> None:
    signature = sshsig.read(DEVICE.armour())
    assert signature == Signature(
        b"some key", "isodocs", "sha512", "sk-ssh-ed25519@openssh.com", b"s" * 64, b"\1\0\0\0\7"
    )


@pytest.mark.parametrize("size", range(140))
def test_every_length_of_the_last_line(size: int) -> None:
    raw = replace(PLAIN, blob=b"s" * size)
    assert sshsig.write(sshsig.read(raw.armour())) == raw.armour()


REASONS = {
    "longer than": PLAIN.armour() + b"x" * 20_000,
    "Windows line ends": PLAIN.armour(end=b"\r\n"),
    "does not begin with -----BEGIN": b"\n" + PLAIN.armour(),
    "no line -----END": PLAIN.armour()[:-20],
    "text after -----END": PLAIN.armour() + b"x",
    "does not end with a line break": PLAIN.armour()[:-1],
    "not 70 characters": PLAIN.armour(64),
    "not base64": PLAIN.armour().replace(b"U1NI", b"U1N!"),
    "does not begin with SSHSIG": replace(PLAIN, magic=b"SSHSIH").armour(),
    "format version 2;": replace(PLAIN, version=2).armour(),
    "another purpose: its namespace is 'git', not isodocs": replace(PLAIN, namespace=b"git").armour(),
    "reserved field": replace(PLAIN, reserved=b"x").armour(),
    "hash algorithm is 'sha1', not sha256 or sha512": replace(PLAIN, hash_algorithm=b"sha1").armour(),
    "made with 'ssh-dss'": replace(PLAIN, algorithm=b"ssh-dss").armour(),
    "bytes after its end": replace(PLAIN, after=b"x").armour(),
    "the signature has bytes after its end": replace(PLAIN, tail=b"\1\0\0\0\7").armour(),
    "the signature ends too early": replace(DEVICE, tail=b"\1\0\0\0").armour(),
}


@pytest.mark.parametrize("reason", REASONS)
def test_what_is_wrong_is_said(reason: str) -> None:
    with pytest.raises(BadSignature, match=reason.replace("(", r"\(")) as caught:
        sshsig.read(REASONS[reason])
    assert len(str(caught.value)) < 160


def test_foreign_text_reaches_no_terminal_raw() -> None:
    for raw in (
        replace(PLAIN, namespace=b"\x1b[2J" + b"x" * 9000),
        replace(PLAIN, hash_algorithm=b"\x1b[2J\xff"),
        replace(PLAIN, algorithm=b"\x1b[2J\n\n"),
    ):
        with pytest.raises(BadSignature) as caught:
            sshsig.read(raw.armour())
        assert str(caught.value).isascii()
        assert str(caught.value).isprintable()
        assert len(str(caught.value)) < 160


def test_stray_bits_are_refused() -> None:
    good = replace(PLAIN, blob=b"s" * 66).armour()
    assert good.endswith(b"cw==\n-----END SSH SIGNATURE-----\n")
    sshsig.read(good)
    with pytest.raises(BadSignature, match="the way ssh-keygen writes it"):
        sshsig.read(good.replace(b"cw==\n", b"cx==\n"))


def test_every_truncation_is_refused() -> None:
    good = DEVICE.armour()
    packed = DEVICE.packed()
    for size in range(len(good)):
        with pytest.raises(BadSignature):
            sshsig.read(good[:size])
    for size in range(1, len(packed)):
        with pytest.raises(BadSignature):
            sshsig.read(forge.wrap(base64.b64encode(packed[:size])))


@pytest.mark.parametrize("digest", ["sha256", "sha512"])
def test_signed_data_is_that_of_the_specification(digest: str) -> None:
    assert sshsig.signed_data("isodocs", digest, b"text") == forge.to_sign(b"isodocs", digest, b"text")


def test_signed_data_of_another_hash_is_refused() -> None:
    with pytest.raises(BadSignature, match="'md5' is neither"):
        sshsig.signed_data("isodocs", "md5", b"text")
