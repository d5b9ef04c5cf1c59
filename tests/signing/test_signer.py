"""Finding who signs, agents, and security keys."""

from __future__ import annotations

import base64
import subprocess
from typing import TYPE_CHECKING

import pytest
from signing import forge
from signing.conftest import add_to_agent

from isodocs.core.problem import CannotRun
from isodocs.signing import agent as agents
from isodocs.signing import signer, verify
from isodocs.signing.keyfile import checked
from isodocs.signing.keys import parse_line
from isodocs.signing.signer import Agent, HardwareKey, KeyFile, find
from isodocs.signing.wire import string

if TYPE_CHECKING:
    from pathlib import Path

    from isodocs.signing.signer import Signer

MESSAGE = b"the statement\n"


def _accepted(found: Signer, line: str) -> bool:
    armour = found.sign(MESSAGE)
    theirs = verify.second_opinion(MESSAGE, armour, forge.allowed(line), "jane")
    return theirs.ok and verify.check(MESSAGE, armour).ok and found.public_key == parse_line(line)


def _refusal(key: Path | str | None, config: dict[str, str] | None = None) -> str:
    with pytest.raises(CannotRun) as caught:
        find(key, config or {}).sign(MESSAGE)
    assert str(caught.value).isprintable()
    return str(caught.value)


@pytest.mark.usefixtures("agent")
def test_the_agent_signs_with_every_kind(keys: dict[str, Path]) -> None:
    for path in keys.values():
        add_to_agent(path)
        line = forge.public_line(path)
        assert _accepted(Agent(parse_line(line)), line)


@pytest.mark.usefixtures("agent")
def test_the_agents_signature_is_the_key_files(keys: dict[str, Path]) -> None:
    add_to_agent(keys["ed25519"])
    key = parse_line(forge.public_line(keys["ed25519"]))
    assert Agent(key).sign(MESSAGE) == KeyFile(keys["ed25519"]).sign(MESSAGE)


@pytest.mark.usefixtures("agent")
def test_a_key_that_the_agent_does_not_hold(keys: dict[str, Path]) -> None:
    key = parse_line(forge.public_line(keys["ed25519"]))
    with pytest.raises(CannotRun, match=r"does not hold the key SHA256:.*add it with ssh-add"):
        Agent(key).sign(MESSAGE)


def test_no_agent(keys: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = parse_line(forge.public_line(keys["ed25519"]))
    (tmp_path / "no socket").touch()
    for socket in (None, str(tmp_path / "gone"), str(tmp_path / "no socket")):
        if socket:
            monkeypatch.setenv("SSH_AUTH_SOCK", socket)
        for attempt in (lambda: Agent(key).sign(MESSAGE), agents.held):
            with pytest.raises(CannotRun, match="No ssh-agent can be reached"):
                attempt()


@pytest.mark.usefixtures("agent")
def test_an_agent_that_declines(keys: dict[str, Path]) -> None:
    """With -c it asks its user each time; here nobody can answer."""
    subprocess.run(["ssh-add", "-q", "-c", str(keys["ed25519"])], check=True, capture_output=True)
    with pytest.raises(CannotRun, match=r"The ssh-agent did not sign: .*refused"):
        Agent(parse_line(forge.public_line(keys["ed25519"]))).sign(MESSAGE)


@pytest.mark.usefixtures("agent")
def test_keys_of_other_kinds_in_the_agent_are_passed_over(keys: dict[str, Path], tmp_path: Path) -> None:
    assert agents.held() == ()
    add_to_agent(forge.keygen(tmp_path / "dsa", "dsa", 1024))
    add_to_agent(keys["ecdsa256"])
    assert agents.held() == (parse_line(forge.public_line(keys["ecdsa256"])),)


def test_agents_need_openssh(keys: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CannotRun, match="ssh-keygen is not installed"):
        Agent(parse_line(forge.public_line(keys["ed25519"]))).sign(MESSAGE)
    assert isinstance(find(keys["ed25519"], {}), KeyFile)
    assert find(keys["ed25519"], {}).sign(MESSAGE)


def test_an_explicit_private_file(keys: dict[str, Path]) -> None:
    for key in (keys["ed25519"], str(keys["ed25519"])):
        found = find(key, {"user.signingkey": "/elsewhere"})
        assert isinstance(found, KeyFile)
        assert _accepted(found, forge.public_line(keys["ed25519"]))


def test_an_explicit_file_under_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    forge.keygen(tmp_path / "key", "ed25519")
    assert isinstance(find("~/key", {}), KeyFile)
    assert "does not exist" in _refusal("~nobody-of-this-name/key")


def test_a_public_file_without_agent_uses_the_private_one_beside_it(keys: dict[str, Path]) -> None:
    public = keys["ecdsa384"].with_name("ecdsa384.pub")
    found = find(public, {})
    assert isinstance(found, KeyFile)
    assert _accepted(found, forge.public_line(keys["ecdsa384"]))


@pytest.mark.usefixtures("agent")
def test_a_public_file_prefers_the_agent(keys: dict[str, Path], tmp_path: Path) -> None:
    public = tmp_path / "jane.pub"
    public.write_text(forge.public_line(keys["ed25519"]) + "\n")
    assert "does not hold the key" in _refusal(public)
    add_to_agent(keys["ed25519"])
    found = find(public, {})
    assert isinstance(found, Agent)
    assert _accepted(found, forge.public_line(keys["ed25519"]))


def test_a_public_file_alone(keys: dict[str, Path], tmp_path: Path) -> None:
    for name in ("jane.pub", "jane"):
        (tmp_path / name).write_text(forge.public_line(keys["ed25519"]))
        said = _refusal(tmp_path / name)
        assert said.startswith("No ssh-agent can be reached")
        assert f"no private key beside {tmp_path / name}" in said
        (tmp_path / name).unlink()


def test_two_files_that_are_not_one_key(keys: dict[str, Path], tmp_path: Path) -> None:
    key = forge.keygen(tmp_path / "key", "ed25519")
    (tmp_path / "key.pub").write_text(forge.public_line(keys["ed25519"]))
    assert "not the two halves of one key" in _refusal(tmp_path / "key.pub")
    assert find(key, {}).public_key != parse_line(forge.public_line(keys["ed25519"]))


@pytest.mark.usefixtures("agent")
def test_an_encrypted_file_spares_the_passphrase_where_the_agent_holds_it(tmp_path: Path) -> None:
    key = forge.keygen(tmp_path / "key", "ed25519", 0, "right one")
    line = forge.public_line(key)
    found = find(key, {}, lambda _: "right one")
    assert isinstance(found, KeyFile)
    assert _accepted(found, line)
    plain = forge.soft(_decrypted(key, tmp_path / "plain"))
    assert plain.line == " ".join(line.split()[:2])
    add_to_agent(tmp_path / "plain")
    found = find(key, {}, lambda _: pytest.fail("asked"))
    assert isinstance(found, Agent)
    assert _accepted(found, line)


def _decrypted(key: Path, path: Path) -> Path:
    path.touch(mode=0o600)
    path.write_bytes(key.read_bytes())
    command = ["ssh-keygen", "-q", "-p", "-P", "right one", "-N", "", "-f", str(path)]
    subprocess.run(command, check=True, capture_output=True)
    return path


@pytest.mark.usefixtures("agent")
@pytest.mark.parametrize("form", ["key::{}", "{}", "key::{} comment"])
def test_a_literal_key_as_git_knows_it(form: str, keys: dict[str, Path]) -> None:
    line = " ".join(forge.public_line(keys["ed25519"]).split()[:2])
    add_to_agent(keys["ed25519"])
    for found in (
        find(form.format(line), {}),
        find(None, {"gpg.format": "ssh", "user.signingkey": form.format(line)}),
    ):
        assert isinstance(found, Agent)
        assert _accepted(found, line)


def test_a_literal_key_that_does_not_count() -> None:
    assert "DSA keys are too weak" in _refusal("key::ssh-dss AAAA")
    assert "is not base64" in _refusal("ssh-ed25519 AAA")
    assert "not a kind of key" in _refusal("key::nonsense here")


def test_gits_own_signing_key(keys: dict[str, Path]) -> None:
    for path in (keys["ed25519"], f"{keys['ed25519']}.pub"):
        found = find(None, {"gpg.format": "ssh", "user.signingkey": str(path)})
        assert _accepted(found, forge.public_line(keys["ed25519"]))


def test_no_key_at_all_tells_how_to_make_one() -> None:
    for config in ({}, {"gpg.format": "ssh"}, {"user.signingkey": " "}):
        said = _refusal(None, config)
        assert said.startswith("No signing key is known. Make a key with: ssh-keygen -t ed25519")
        assert "git config --global user.signingkey" in said
        assert "--key FILE" in said


@pytest.mark.parametrize("form", [{}, {"gpg.format": "openpgp"}, {"gpg.format": "x509"}])
def test_a_key_of_gpg_is_not_taken_for_one_of_ssh(form: dict[str, str]) -> None:
    said = _refusal(None, {"user.signingkey": "0xDEADBEEF", **form})
    assert "gpg.format is not ssh" in said


def test_programs_named_in_gits_configuration_do_not_run(keys: dict[str, Path], tmp_path: Path) -> None:
    evil = tmp_path / "evil"
    evil.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    evil.chmod(0o755)
    config = {
        "gpg.format": "ssh",
        "gpg.ssh.program": str(evil),
        "gpg.ssh.defaultkeycommand": str(evil),
        "gpg.program": str(evil),
    }
    find(None, {**config, "user.signingkey": str(keys["ed25519"])}).sign(MESSAGE)
    _refusal(None, config)
    assert not (tmp_path / "ran").exists()


def test_files_that_are_no_keys(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("PuTTY-User-Key-File-3: ssh-ed25519\n")
    assert "export it from PuTTYgen" in _refusal(path)
    path.write_bytes(b"\xff\xfe\0")
    assert "cannot be signed with" in _refusal(path)
    path.write_text("ssh-dss AAAA")
    assert "DSA keys are too weak" in _refusal(path)
    assert "does not exist" in _refusal(tmp_path / "none")
    assert "is not a file" in _refusal(tmp_path)


def _handle(path: Path) -> forge.SoftKey:
    """A file as ``ssh-keygen -t ed25519-sk`` makes it, for a device that does not exist."""
    device = forge.soft_ed25519(hardware=True)
    private = device.blob + b"\1" + string(b"handle" * 10) + string(b"") + string(b"comment")
    private = b"\1\2\3\4\1\2\3\4" + private
    private += bytes(range(1, 1 + -len(private) % 8))
    packed = (
        b"openssh-key-v1\0"
        + string(b"none")
        + string(b"none")
        + string(b"")
        + b"\0\0\0\1"
        + string(device.blob)
        + string(private)
    )
    text = base64.encodebytes(packed)
    path.write_bytes(b"-----BEGIN OPENSSH PRIVATE KEY-----\n" + text + b"-----END OPENSSH PRIVATE KEY-----\n")
    path.chmod(0o600)
    path.with_name(path.name + ".pub").write_text(device.line)
    return device


def test_a_security_key_that_is_not_there(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    device = _handle(tmp_path / "key")
    for path in (tmp_path / "key", tmp_path / "key.pub"):
        found = find(path, {})
        assert isinstance(found, HardwareKey)
        assert found.public_key == parse_line(device.line)
        with pytest.raises(CannotRun, match=r"did not sign\. Is it plugged in"):
            found.sign(MESSAGE)
    assert capfd.readouterr().err  # what ssh-keygen says is for the person at the terminal


@pytest.mark.parametrize("flags", [forge.PRESENT, forge.PRESENT | forge.VERIFIED, 0])
def test_a_security_key_in_software(flags: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No device at hand: its answer is made here, and a stand-in for ssh-keygen hands it over."""
    device = _handle(tmp_path / "key")
    device = forge.SoftKey(device.private, hardware=True, flags=flags)
    (tmp_path / "answer").write_bytes(device.sign(MESSAGE).armour())
    real = subprocess.run(["which", "ssh-keygen"], check=True, capture_output=True).stdout.decode().strip()
    stand_in = tmp_path / "bin" / "ssh-keygen"
    stand_in.parent.mkdir()
    stand_in.write_text(
        f'#!/bin/sh\n[ "$2" = sign ] || exec {real} "$@"\ncat >/dev/null\nexec cat {tmp_path}/answer\n'
    )
    stand_in.chmod(0o755)
    monkeypatch.setenv("PATH", f"{stand_in.parent}:/usr/bin:/bin")
    found = find(tmp_path / "key", {})
    if flags:
        assert _accepted(found, device.line)
        with pytest.raises(CannotRun, match="does not stand up to its own check"):
            found.sign(b"another statement")
    else:
        with pytest.raises(CannotRun, match="nobody touched the security key"):
            found.sign(MESSAGE)


def test_a_signature_by_another_key_is_noticed(keys: dict[str, Path]) -> None:
    armour = forge.keygen_sign(keys["ed25519"], MESSAGE)
    other = parse_line(forge.public_line(keys["ecdsa256"]))
    with pytest.raises(CannotRun, match="made with another key"):
        checked(MESSAGE, armour, other)


def test_the_names_others_use_are_here() -> None:
    for name in ("Signer", "KeyFile", "Agent", "find", "generate"):
        assert hasattr(signer, name)
