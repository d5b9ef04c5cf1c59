"""Bad input to every command that signs: one clear sentence, and the repository as it was, to the byte."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest
from support.office import Office, one_sentence
from support.statements import Key, canonical, sha256
from support.untouched import photograph

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from _pytest.mark import ParameterSet

YES = ("--yes",)
WHY = ("--reason", "No.", "--yes")
COMMANDS = {
    "approve": ("approve", "WI-001", *YES),
    "several": ("approve", "WI-001", "SOP-001", *YES),
    "waiting": ("approve", "--waiting", *YES),
    "review": ("review", "WI-001", *YES),
    "author": ("author", "WI-001", *YES),
    "return": ("return", "WI-001", *WHY),
    "reaffirm": ("reaffirm", "WI-001", *YES),
    "acknowledge": ("acknowledge", "WI-001", *YES),
    "withdraw": ("withdraw", "WI-001", *WHY),
    "authorise": ("authorise", *YES),
    "enrol": ("enrol", "tom", *YES),
}


def keygen(path: Path, *words: str) -> str:
    done = subprocess.run(
        ["ssh-keygen", "-q", "-N", "", "-f", path, *words], capture_output=True, check=False
    )
    if done.returncode:
        pytest.skip(f"this ssh-keygen makes no such key: {done.stderr.decode()}")
    return str(path)


def small_rsa(office: Office) -> tuple[list[str], str]:
    return ["--key", keygen(office.home / "small", "-t", "rsa", "-b", "2048")], "the RSA key has 2048 bits"


def dsa(office: Office) -> tuple[list[str], str]:
    """Newer ssh-keygen makes none, so this one is made here."""
    from cryptography.hazmat.primitives.asymmetric import dsa as kind  # noqa: PLC0415 - here alone
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415 - as above
        Encoding,
        NoEncryption,
        PrivateFormat,
    )

    path = office.home / "dsa"
    private = kind.generate_private_key(1024)  # noqa: S505 - it shall be refused
    path.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    path.chmod(0o600)
    return ["--key", str(path)], "holds a kind of key that does not count: use ssh-ed25519."


def certificate(office: Office) -> tuple[list[str], str]:
    subject = keygen(office.home / "held", "-t", "ed25519")
    words: list[str] = ["-s", office.key("bob"), "-I", "held", "-n", "jane", f"{subject}.pub"]
    subprocess.run(["ssh-keygen", "-q", *words], check=True, capture_output=True)
    return ["--key", f"{subject}-cert.pub"], "certificate"


def no_key(office: Office) -> tuple[list[str], str]:
    path = office.home / "noise"
    path.write_bytes(b"\x00\xff" * 50)
    return ["--key", str(path)], "cannot be signed with"


def truncated(office: Office) -> tuple[list[str], str]:
    path = office.home / "half"
    path.write_bytes((office.home / "jane").read_bytes()[:150])
    path.chmod(0o600)
    return ["--key", str(path)], str(path)


def missing(_office: Office) -> tuple[list[str], str]:
    return ["--key", "no/such/key"], "does not exist"


def no_agent(office: Office) -> tuple[list[str], str]:
    path = office.home / "alone.pub"
    path.write_text(Key("jane").public + "\n")
    return ["--key", str(path)], "No ssh-agent can be reached (SSH_AUTH_SOCK)"


def literal_without_agent(_office: Office) -> tuple[list[str], str]:
    return ["--key", f"key::{Key('jane').public}"], "No ssh-agent can be reached (SSH_AUTH_SOCK)"


def wrong_passphrase(office: Office) -> tuple[list[str], str]:
    path = keygen(office.home / "closed", "-t", "ed25519")
    for name in ("jane", "closed"):
        words = ["-p", "-P", "", "-N", "secret", "-f", office.key(name)]
        subprocess.run(["ssh-keygen", "-q", *words], check=True, capture_output=True)
    return ["--key", path], "the passphrase is wrong, or the file is damaged"


TROUBLES: dict[str, Callable[[Office], tuple[list[str], str]]] = {
    "rsa 2048": small_rsa,
    "dsa": dsa,
    "certificate": certificate,
    "no key": no_key,
    "half a key": truncated,
    "no file": missing,
    "no agent": no_agent,
    "literal, no agent": literal_without_agent,
    "wrong passphrase": wrong_passphrase,
}


@pytest.fixture
def ready(drafted: Office) -> Office:
    """Everything can be signed: drafts, changed settings, revisions in force."""
    drafted.play.write("mkdocs.yml", "site_name: b\n")
    drafted.play.commit("max")
    return drafted


def mostly_slow(names: Iterable[str], *ordinary: str) -> list[ParameterSet]:
    """All names; those that are not in the ordinary run are marked slow."""
    return [pytest.param(one, marks=() if one in ordinary else pytest.mark.slow) for one in names]


@pytest.mark.parametrize("trouble", TROUBLES)
@pytest.mark.parametrize("command", mostly_slow(COMMANDS, "approve", "several", "enrol"))
def test_a_key_that_cannot_sign(ready: Office, command: str, trouble: str) -> None:
    more, words = TROUBLES[trouble](ready)
    if trouble == "wrong passphrase" and command != "enrol":
        more = []  # jane's own key, which is in the register
    if trouble == "literal, no agent" and command == "enrol":
        more = ["--key", f"key::{Key('eve').public}"]  # one that may still be taken in
    before = photograph(ready.root)
    ended = ready.run(*COMMANDS[command], *more, stdin="wrong\n")
    assert ended.status == 2, ended
    assert words in one_sentence(ended)
    assert photograph(ready.root) == before


def damage_signature(office: Office) -> None:
    path = next((office.root / "signatures").rglob("*.sig"))
    path.write_bytes(path.read_bytes()[:-40])


def foreign_signature(office: Office) -> None:
    path = next((office.root / "signatures" / "SOP-001").rglob("*.sig"))
    path.write_bytes(Key("eve").sign(b"something else"))


def noise(office: Office) -> None:
    office.play.write("signatures/WI-001/2/approved.jane.0123456789ab.json", b"\xff\x00{")
    office.play.write("signatures/WI-001/2/approved.jane.0123456789ab.json.sig", b"\xff")
    office.play.write("signatures/stray.json", "[]")


def other_statement(office: Office, **changed: object) -> None:
    """A statement about WI-001 r2 that says something else, well signed by bob."""
    path = office.play.sign("WI-001", "bob")
    value = json.loads((office.root / path).read_bytes()) | changed
    for name in (path, f"{path}.sig"):
        office.play.write(name, None)
    data = canonical(value)
    place = f"signatures/WI-001/2/approved.bob.{sha256(data)[:12]}.json"
    office.play.write(place, data)
    office.play.write(f"{place}.sig", Key("bob").sign(data))


def later_format(office: Office) -> None:
    other_statement(office, format=2)


def another_repository(office: Office) -> None:
    other_statement(office, qms="00000000-0000-4000-8000-000000000000")


IN_THE_TREE: dict[str, tuple[Callable[[Office], None], str]] = {
    "a damaged signature": (damage_signature, "AP105"),
    "a foreign signature": (foreign_signature, "AP105"),
    "no statements": (noise, "AP108"),
    "a later format": (later_format, "its format is 2; this isodocs reads format 1"),
    "another repository": (another_repository, "another management system"),
}


@pytest.mark.parametrize("trouble", IN_THE_TREE)
@pytest.mark.parametrize("command", mostly_slow([*COMMANDS, "undo"], "approve", "withdraw", "undo"))
def test_statements_in_the_tree_that_are_none(ready: Office, command: str, trouble: str) -> None:
    """They stop nobody's signature: they do not count, and verify says so."""
    spoil, words = IN_THE_TREE[trouble]
    spoil(ready)
    ready.play.commit("max")
    before = photograph(ready.root)
    line = COMMANDS.get(command, ("undo", *YES))
    more = ["--key", ready.key("eve")] if command == "enrol" else []
    ended = ready.run(*line, *more, by="tom" if command in {"acknowledge", "enrol"} else "jane")
    assert (ended.status, ended.err) == (0, ""), ended
    after = photograph(ready.root)
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    assert all(name.startswith(("signatures/", ".git/index", "people.yml")) for name in changed)
    assert [name for name in changed & before.keys() if name.startswith("signatures/")] == []
    told = ready.run("verify")
    assert (told.status, words in told.out) == (1, True), told.out


@pytest.mark.parametrize("command", ["approve", "review", "return"])
@pytest.mark.parametrize("trouble", ["a later format", "another repository"])
def test_what_lies_there_for_the_same_text_is_told(ready: Office, command: str, trouble: str) -> None:
    spoil, words = IN_THE_TREE[trouble]
    spoil(ready)
    ready.play.commit("max")
    out = ready.ok(*COMMANDS[command])
    assert "does not count" in out
    assert words in out


@pytest.mark.parametrize("name", ["isodocs.yml", "people.yml"])
@pytest.mark.parametrize("command", mostly_slow(COMMANDS, "approve", "authorise", "enrol"))
def test_settings_and_people_of_a_later_format(office: Office, command: str, name: str) -> None:
    """On a branch the older ones govern; where they are all there is, one sentence says what is needed."""
    office.play.branch("b")
    text = office.play.read(name).replace(b"format: 1", b"format: 7")
    office.play.write(name, text)
    office.play.commit("max")
    before = photograph(office.root)
    ended = office.run(*COMMANDS[command], "--trust-root", "HEAD")
    assert ended.status == 2, ended
    assert one_sentence(ended)
    assert photograph(office.root) == before
