"""Private key files: signing in this process, and making one."""

from __future__ import annotations

import base64
import errno
import os
import stat
import subprocess
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, NoReturn

import pytest
from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from signing import forge

from isodocs.core.problem import CannotRun
from isodocs.signing import verify
from isodocs.signing.keys import parse_line
from isodocs.signing.signer import KeyFile, Signer, generate

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MESSAGE = b"the statement\n"
CIPHERS = ("aes256-ctr", "aes256-cbc", "aes256-gcm@openssh.com")


def _asked(answer: str, questions: list[str]) -> Callable[[str], str]:
    def ask(question: str) -> str:
        questions.append(question)
        return answer

    return ask


def _nobody(question: str) -> NoReturn:
    pytest.fail(f"asked {question!r}")


def _is_accepted(armour: bytes, line: str) -> bool:
    theirs = verify.second_opinion(MESSAGE, armour, forge.allowed(line), "jane")
    return theirs.ok and verify.check(MESSAGE, armour).ok


@pytest.mark.parametrize("name", forge.KINDS)
def test_every_kind_signs_and_ssh_keygen_accepts_it(name: str, keys: dict[str, Path]) -> None:
    signer: Signer = KeyFile(keys[name], _nobody)
    line = forge.public_line(keys[name])
    assert signer.public_key == parse_line(line)
    assert _is_accepted(signer.sign(MESSAGE), line)


@pytest.mark.parametrize("name", ["ed25519", "rsa3072", "rsa4096"])
def test_signatures_are_those_of_ssh_keygen_byte_for_byte(name: str, keys: dict[str, Path]) -> None:
    """These algorithms use no chance; ECDSA does, and its form is held by the strict reading."""
    assert KeyFile(keys[name]).sign(MESSAGE) == forge.keygen_sign(keys[name], MESSAGE)


@pytest.mark.parametrize("name", [name for name in forge.KINDS if name != "ed25519"])
@pytest.mark.parametrize("layout", ["PEM", "PKCS8"])
@pytest.mark.parametrize("passphrase", ["", "right one"])
def test_older_formats_sign_too(
    name: str, layout: str, passphrase: str, keys: dict[str, Path], tmp_path: Path
) -> None:
    path = tmp_path / "key"
    path.write_bytes(keys[name].read_bytes())
    path.chmod(0o600)
    command = ["ssh-keygen", "-q", "-p", "-m", layout, "-P", "", "-N", passphrase, "-f", str(path)]
    subprocess.run(command, check=True, capture_output=True)
    assert b"OPENSSH" not in path.read_bytes()
    questions: list[str] = []
    signer = KeyFile(path, _asked(passphrase, questions))
    assert signer.encrypted == bool(passphrase)
    line = forge.public_line(keys[name])
    assert signer.public_key == parse_line(line)
    assert _is_accepted(signer.sign(MESSAGE), line)
    assert len(questions) == bool(passphrase)


def test_ed25519_in_pkcs8(keys: dict[str, Path], tmp_path: Path) -> None:
    private = forge.soft(keys["ed25519"]).private
    path = tmp_path / "key"
    for encryption in (NoEncryption(), BestAvailableEncryption(b"right one")):
        path.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption))
        path.chmod(0o600)
        signer = KeyFile(path, lambda _: "right one")
        assert _is_accepted(signer.sign(MESSAGE), forge.public_line(keys["ed25519"]))


@pytest.mark.parametrize("cipher", CIPHERS)
def test_an_encrypted_file_asks_once_and_only_for_signing(cipher: str, tmp_path: Path) -> None:
    path = forge.keygen(tmp_path / "key", "ed25519", 0, "right one", "-Z", cipher)
    questions: list[str] = []
    signer = KeyFile(path, _asked("right one", questions))
    assert signer.encrypted
    assert signer.public_key == parse_line(forge.public_line(path))
    assert questions == []
    for _ in range(2):
        assert _is_accepted(signer.sign(MESSAGE), forge.public_line(path))
    assert questions == [f"Passphrase for {path}: "]


@pytest.mark.parametrize("cipher", CIPHERS)
@pytest.mark.parametrize("answer", ["wrong", "", "right one ", "ü" * 500])
def test_a_wrong_passphrase_is_one_clear_sentence(cipher: str, answer: str, tmp_path: Path) -> None:
    path = forge.keygen(tmp_path / "key", "ed25519", 0, "right one", "-Z", cipher)
    with pytest.raises(CannotRun, match="the passphrase is wrong, or the file is damaged"):
        KeyFile(path, lambda _: answer).sign(MESSAGE)


@pytest.mark.parametrize("cipher", ["aes128-ctr", "chacha20-poly1305@openssh.com"])
def test_a_cipher_that_only_openssh_knows(cipher: str, tmp_path: Path) -> None:
    path = forge.keygen(tmp_path / "key", "ed25519", 0, "right one", "-Z", cipher)
    with pytest.raises(CannotRun, match="encryption is not supported"):
        KeyFile(path, lambda _: "right one").sign(MESSAGE)


def test_a_wrong_passphrase_for_an_older_format(tmp_path: Path) -> None:
    path = forge.keygen(tmp_path / "key", "rsa", 3072, "right one", "-m", "PKCS8")
    with pytest.raises(CannotRun, match="the passphrase is wrong"):
        KeyFile(path, lambda _: "wrong").sign(MESSAGE)


def test_an_encrypted_file_with_nobody_to_ask(tmp_path: Path) -> None:
    path = forge.keygen(tmp_path / "key", "ed25519", 0, "right one")
    with pytest.raises(CannotRun, match="needs a passphrase, and nobody is here"):
        KeyFile(path).sign(MESSAGE)


def test_an_interrupted_question_passes_through(tmp_path: Path) -> None:
    def interrupt(_: str) -> str:
        raise KeyboardInterrupt

    path = forge.keygen(tmp_path / "key", "ed25519", 0, "right one")
    with pytest.raises(KeyboardInterrupt):
        KeyFile(path, interrupt).sign(MESSAGE)


def _refusal(path: Path) -> str:
    with pytest.raises(CannotRun) as caught:
        KeyFile(path, lambda _: "x").sign(MESSAGE)
    assert str(caught.value).isprintable()
    return str(caught.value)


def _pem(path: Path, private: dsa.DSAPrivateKey | ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> Path:
    path.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    path.chmod(0o600)
    return path


def test_kinds_that_do_not_count_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "key"
    assert "2048 bits" in _refusal(forge.keygen(tmp_path / "short", "rsa", 2048))
    assert "DSA" in _refusal(forge.keygen(tmp_path / "dsa", "dsa", 1024))
    assert "2048 bits" in _refusal(_pem(path, rsa.generate_private_key(65537, 2048)))
    assert "does not count" in _refusal(_pem(path, dsa.generate_private_key(2048)))
    assert "cannot be signed with" in _refusal(_pem(path, ec.generate_private_key(ec.SECP256K1())))


def test_a_file_whose_halves_differ_is_found_out(keys: dict[str, Path], tmp_path: Path) -> None:
    """The public half stands twice in OpenSSH's files; another one in front must not be believed."""
    other = forge.soft_ed25519().blob
    good = keys["ed25519"].read_bytes()
    packed = base64.b64decode(b"".join(good.splitlines()[1:-1]))
    mixed = packed.replace(forge.soft(keys["ed25519"]).blob, other, 1)
    path = tmp_path / "key"
    path.write_bytes(
        b"-----BEGIN OPENSSH PRIVATE KEY-----\n"
        + base64.encodebytes(mixed)
        + b"-----END OPENSSH PRIVATE KEY-----\n"
    )
    path.chmod(0o600)
    _refusal(path)


@pytest.mark.parametrize("name", ["ed25519", "ecdsa256", "rsa3072"])
def test_a_damaged_file_signs_rightly_or_not_at_all(name: str, keys: dict[str, Path], tmp_path: Path) -> None:
    good = keys[name].read_bytes()
    path = tmp_path / "key"
    path.touch(mode=0o600)
    for at in range(0, len(good), 1 + len(good) // 60):
        path.write_bytes(good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :])
        try:
            armour = KeyFile(path, lambda _: "x").sign(MESSAGE)
        except CannotRun:
            continue
        assert verify.check(MESSAGE, armour).key == " ".join(forge.public_line(keys[name]).split()[:2])


def test_what_is_no_key_file(tmp_path: Path) -> None:
    path = tmp_path / "key"
    assert "does not exist" in _refusal(path)
    assert "is not a file" in _refusal(tmp_path)
    path.touch(mode=0o600)
    for content in (
        b"",
        b"\0" * 100,
        b"-----BEGIN OPENSSH PRIVATE KEY-----\n",
        b"-----BEGIN RSA PRIVATE KEY-----",
    ):
        path.write_bytes(content)
        assert "cannot be" in _refusal(path)
    assert "cannot be read: File name too long" in _refusal(tmp_path / ("x" * 5000))
    path.write_bytes(b"x" * 100_000)
    assert "too large" in _refusal(path)


def test_a_private_key_open_to_others_is_refused(tmp_path: Path) -> None:
    path = forge.keygen(tmp_path / "key", "ed25519")
    for mode in (0o640, 0o604, 0o666, 0o601):
        path.chmod(mode)
        assert f"chmod 600 {path}" in _refusal(path)
    path.chmod(0o400)
    KeyFile(path).sign(MESSAGE)


def test_generate_makes_a_key_that_ssh_keygen_knows(tmp_path: Path) -> None:
    path = tmp_path / "new" / "id_isodocs"
    before = os.umask(0)
    try:
        public = generate(path, "jane@example.org")
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert (public.kind, public.comment) == ("ssh-ed25519", "jane@example.org")
    assert forge.public_line(path) == f"{public.line()} jane@example.org"
    said = subprocess.run(["ssh-keygen", "-y", "-f", str(path)], check=True, capture_output=True)
    assert parse_line(said.stdout.decode()) == public
    assert KeyFile(path).sign(MESSAGE) == forge.keygen_sign(path, MESSAGE)
    assert sorted(file.name for file in path.parent.iterdir()) == ["id_isodocs", "id_isodocs.pub"]


def test_generate_with_a_passphrase(tmp_path: Path) -> None:
    path = tmp_path / "key"
    public = generate(path, "", "correct horse")
    command = ["ssh-keygen", "-y", "-P", "correct horse", "-f", str(path)]
    said = subprocess.run(command, check=True, capture_output=True)
    assert parse_line(said.stdout.decode()) == public
    assert KeyFile(path).encrypted
    assert KeyFile(path, lambda _: "correct horse").sign(MESSAGE)
    assert forge.public_line(path) == public.line()


@pytest.mark.parametrize("taken", ["key", "key.pub"])
@pytest.mark.parametrize("how", ["file", "link", "folder"])
def test_generate_overwrites_nothing(taken: str, how: str, tmp_path: Path) -> None:
    place = tmp_path / taken
    if how == "file":
        place.write_text("mine")
    elif how == "link":
        place.symlink_to(tmp_path / "nowhere")
    else:
        place.mkdir()
    with pytest.raises(CannotRun, match="is there already; it was left as it is"):
        generate(tmp_path / "key", "")
    assert list(tmp_path.iterdir()) == [place]


def test_two_at_once_make_one_key(tmp_path: Path) -> None:
    def attempt(_: int) -> bool:
        try:
            generate(tmp_path / "key", "")
        except CannotRun:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(40))) == 1
    assert KeyFile(tmp_path / "key").public_key == parse_line(forge.public_line(tmp_path / "key"))
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("comment", ["two\nlines", "\x1b[2J", "x" * 9000])
def test_generate_refuses_a_comment_that_would_not_be_read_again(comment: str, tmp_path: Path) -> None:
    with pytest.raises(CannotRun, match="one short line"):
        generate(tmp_path / "key", comment)
    assert list(tmp_path.iterdir()) == []


def test_generate_refuses_a_passphrase_that_cannot_be_used(tmp_path: Path) -> None:
    with pytest.raises(CannotRun, match="cannot be encrypted"):
        generate(tmp_path / "key", "", "x" * 5000)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("call", ["fsync", "link", "fdopen"])
@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("fault", [errno.ENOSPC, errno.EIO])
def test_a_disk_that_fails_leaves_nothing_and_a_rerun_succeeds(
    call: str, number: int, fault: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = getattr(os, call), []

    def failing(*arguments: object, **options: object) -> object:
        calls.append(arguments)
        if len(calls) == number:
            raise OSError(fault, os.strerror(fault))
        return real(*arguments, **options)

    with monkeypatch.context() as patch:
        patch.setattr(os, call, failing)
        with pytest.raises(CannotRun, match="cannot be written"):
            generate(tmp_path / "key", "")
    assert list(tmp_path.iterdir()) == []
    generate(tmp_path / "key", "")


def test_generate_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CannotRun, match="cannot be written"):
        generate(tmp_path / "file" / "key", "")
