"""Checking signatures: tampering, speed, and the second opinion."""

from __future__ import annotations

import base64
import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from signing import forge, vectors

from isodocs.core.problem import CannotRun
from isodocs.signing import openssh, verify
from isodocs.signing.keys import parse_line

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MESSAGE = vectors.MESSAGE
WAYS: tuple[Callable[[int], int], ...] = (
    lambda byte: byte ^ 1,
    lambda byte: byte ^ 0x80,
    lambda byte: (byte + 1) % 256,
)


def test_a_right_signature_names_its_key(keys: dict[str, Path]) -> None:
    for soft in vectors.soft_keys(keys).values():
        verdict = verify.check(MESSAGE, soft.sign(MESSAGE).armour())
        key = parse_line(soft.line)
        assert verdict == verify.Verdict(ok=True, key=key.line(), fingerprint=key.fingerprint(), why="")


def test_every_byte_three_ways_of_a_signature(keys: dict[str, Path]) -> None:
    for name in ("ed25519", "ecdsa256", "rsa3072"):
        good = forge.soft(keys[name]).sign(MESSAGE).armour()
        for at, byte in enumerate(good):
            for way in WAYS:
                altered = good[:at] + bytes([way(byte)]) + good[at + 1 :]
                assert not verify.check(MESSAGE, altered).ok, (name, at)


def test_every_byte_three_ways_of_a_statement() -> None:
    armour = forge.soft_ed25519().sign(MESSAGE).armour()
    for at, byte in enumerate(MESSAGE):
        for way in WAYS:
            altered = MESSAGE[:at] + bytes([way(byte)]) + MESSAGE[at + 1 :]
            assert not verify.check(altered, armour).ok


def test_every_byte_of_the_packed_signature_with_the_file_right() -> None:
    packed = forge.soft_ecdsa(hardware=True).sign(MESSAGE).packed()
    for at, byte in enumerate(packed):
        for way in WAYS:
            altered = packed[:at] + bytes([way(byte)]) + packed[at + 1 :]
            assert not verify.check(MESSAGE, forge.wrap(base64.b64encode(altered))).ok, at


@pytest.mark.parametrize("make", [forge.soft_ed25519, forge.soft_ecdsa])
def test_a_security_key_must_be_touched_and_may_know_its_user(
    make: Callable[..., forge.SoftKey],
) -> None:
    def judged(flags: int) -> verify.Verdict:
        return verify.check(MESSAGE, make(hardware=True, flags=flags).sign(MESSAGE).armour())

    assert (judged(forge.PRESENT).ok, judged(forge.PRESENT).user_verified) == (True, False)
    known = judged(forge.PRESENT | forge.VERIFIED)
    assert (known.ok, known.user_verified) == (True, True)
    for flags in (0, forge.VERIFIED):
        untouched = judged(flags)
        assert (untouched.ok, untouched.user_verified) == (False, False)
        assert untouched.why == "nobody touched the security key when it signed"


def test_user_verification_cannot_be_claimed_afterwards() -> None:
    signed = forge.soft_ed25519(hardware=True).sign(MESSAGE)
    claimed = replace(signed, tail=bytes([forge.PRESENT | forge.VERIFIED]) + signed.tail[1:])
    verdict = verify.check(MESSAGE, claimed.armour())
    assert (verdict.ok, verdict.user_verified) == (False, False)


def test_an_ordinary_key_says_nothing_about_its_user() -> None:
    assert not verify.check(MESSAGE, forge.soft_ed25519().sign(MESSAGE).armour()).user_verified


def test_a_hardware_keys_signature_is_not_taken_for_a_plain_keys() -> None:
    """The same curve and the same private half: kind and application are part of what was signed."""
    device = forge.soft_ed25519(hardware=True)
    plain = replace(device, hardware=False)
    mixed = replace(device.sign(MESSAGE), public_key=plain.blob)
    assert verify.check(MESSAGE, mixed.armour()).why.startswith("a key of kind ssh-ed25519 cannot have made")
    bare = replace(plain.sign(MESSAGE), public_key=device.blob, algorithm=device.kind, tail=b"\1\0\0\0\0")
    assert not verify.check(MESSAGE, bare.armour()).ok


def test_the_key_is_named_also_when_the_signature_is_wrong() -> None:
    soft = forge.soft_ed25519()
    verdict = verify.check(b"another text", soft.sign(MESSAGE).armour())
    assert (verdict.ok, verdict.key) == (False, soft.line)
    assert "altered or exchanged" in verdict.why


def test_nothing_is_named_when_the_key_cannot_be_read() -> None:
    signed = replace(forge.soft_ed25519().sign(MESSAGE), public_key=b"nonsense")
    verdict = verify.check(MESSAGE, signed.armour())
    assert (verdict.ok, verdict.key, verdict.fingerprint) == (False, "", "")
    assert verdict.why


def test_a_statement_may_be_large() -> None:
    soft = forge.soft_ed25519()
    large = b"x" * 20_000_000
    assert verify.check(large, soft.sign(large).armour()).ok


def test_speed_of_ed25519(capsys: pytest.CaptureFixture[str]) -> None:
    """3,000 a second are asked for (FIGURES.md, design section 7); printed, and held with much room."""
    softs = [forge.soft_ed25519() for _ in range(20)]
    signed = [(str(n).encode(), softs[n % 20].sign(str(n).encode()).armour()) for n in range(2000)]
    started = time.process_time()
    verdicts = [verify.check(message, armour).ok for message, armour in signed]
    rate = len(signed) / (time.process_time() - started)
    with capsys.disabled():
        sys.stdout.write(f"\ned25519 signatures checked: {rate:,.0f} a second\n")
    assert all(verdicts)
    assert rate > 500


def test_second_opinion_agrees_and_names_the_key() -> None:
    soft = forge.soft_ed25519()
    armour = soft.sign(MESSAGE).armour()
    verdict = verify.second_opinion(MESSAGE, armour, forge.allowed(soft.line), "jane")
    assert verdict == verify.check(MESSAGE, armour)


def test_second_opinion_asks_whose_key_it_is() -> None:
    soft = forge.soft_ed25519()
    armour = soft.sign(MESSAGE).armour()
    for allowed, identity in (
        (forge.allowed(soft.line), "max"),
        (forge.allowed(forge.soft_ed25519().line), "jane"),
        (f'jane namespaces="git" {soft.line}\n', "jane"),
        ("", "jane"),
    ):
        verdict = verify.second_opinion(MESSAGE, armour, allowed, identity)
        assert not verdict.ok
        assert verdict.why.startswith("ssh-keygen: ")


def test_second_opinion_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    soft = forge.soft_ed25519()
    verify.second_opinion(MESSAGE, soft.sign(MESSAGE).armour(), forge.allowed(soft.line), "jane")
    assert list(tmp_path.iterdir()) == []


def test_without_ssh_keygen_there_is_no_second_opinion(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CannotRun, match=r"ssh-keygen is not installed: OpenSSH 9\.1 or later is needed"):
        verify.second_opinion(b"", b"", "", "jane")


@pytest.mark.parametrize(
    "complaint", ['Invalid "verify-time" option', "unknown option -- Y", "ssh-keygen: illegal option -- Y"]
)
def test_an_old_ssh_keygen_gives_no_second_opinion(
    complaint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What 8.9, 7.9 and 6.6 say to the question."""
    old = tmp_path / "ssh-keygen"
    old.write_text(f"#!/bin/sh\necho '{complaint}' >&2\nexit 255\n")
    old.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(CannotRun, match="too old"):
        verify.second_opinion(b"", b"", "", "jane")


def test_an_ssh_keygen_that_cannot_be_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "ssh-keygen"
    broken.write_text("no program")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CannotRun, match="could not be started"):
        verify.second_opinion(b"", b"", "", "jane")


def test_no_room_for_temporary_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "absent"))
    with pytest.raises(CannotRun, match="Temporary files cannot be written"):
        verify.second_opinion(b"", b"", "", "jane")


def test_a_program_that_never_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = tmp_path / "ssh-keygen"
    slow.write_text("#!/bin/sh\nexec /bin/sleep 20\n")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(openssh, "_TIMEOUT", 0.2)
    with pytest.raises(CannotRun, match="gave no answer"):
        verify.second_opinion(b"", b"", "", "jane")
