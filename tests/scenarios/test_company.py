"""The tests' own tools, proven: signatures against OpenSSH, the table's notation, flows against git."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from model.reading import Proof, read_statement, signed_by
from scenarios.flows import FLOWS
from scenarios.table import DEVIATIONS, Row, rows
from support.play import founded
from support.statements import Key, canonical

if TYPE_CHECKING:
    from pathlib import Path

KEYGEN = shutil.which("ssh-keygen")
openssh = pytest.mark.skipif(KEYGEN is None, reason="ssh-keygen is not here")


def keygen(*args: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    assert KEYGEN
    return subprocess.run([KEYGEN, *args], input=stdin, capture_output=True, check=False)


@openssh
@pytest.mark.parametrize("name", ["jane", "sk-jane", "sk-jane+uv"])
def test_openssh_verifies_our_signatures(name: str, tmp_path: Path) -> None:
    """Also those of hardware keys, which are made in software here."""
    message = canonical({"person": "jane"})
    (tmp_path / "m.sig").write_bytes(Key(name).sign(message))
    (tmp_path / "allowed").write_text(f'jane namespaces="isodocs" {Key(name).public}\n')
    words = ("-Y", "verify", "-f", str(tmp_path / "allowed"), "-I", "jane", "-n", "isodocs")
    good = keygen(*words, "-s", str(tmp_path / "m.sig"), stdin=message)
    assert good.returncode == 0, good.stderr
    assert keygen(*words, "-s", str(tmp_path / "m.sig"), stdin=message + b" ").returncode != 0


@openssh
def test_our_reader_verifies_signatures_of_openssh(tmp_path: Path) -> None:
    keygen("-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(tmp_path / "key"))
    message = canonical({"person": "jane"})
    (tmp_path / "m").write_bytes(message)
    keygen("-Y", "sign", "-q", "-n", "isodocs", "-f", str(tmp_path / "key"), str(tmp_path / "m"))
    armour = (tmp_path / "m.sig").read_bytes()
    public = " ".join((tmp_path / "key.pub").read_text().split()[:2])
    assert signed_by(message, armour) == Proof(public)
    assert signed_by(message + b" ", armour) is None
    assert signed_by(message, armour.replace(b"\n", b"\r\n")) is None
    assert signed_by(message, armour + b"more\n") is None


def test_another_namespace_is_no_signature() -> None:
    assert signed_by(b"text", Key("jane").sign(b"text")) == Proof(Key("jane").public)
    assert signed_by(b"text", Key("jane").sign(b"text", namespace="git")) is None


def test_a_device_says_whether_it_knew_its_user() -> None:
    touched, known = (Key(name).sign(b"text") for name in ("sk-jane", "sk-jane+uv"))
    assert signed_by(b"text", touched) == Proof(Key("sk-jane").public)
    assert signed_by(b"text", known) == Proof(Key("sk-jane").public, knew_user=True)
    assert signed_by(b"texts", known) is None


def test_a_statement_is_read_back(tmp_path: Path) -> None:
    play = founded(tmp_path / "qms")
    (path,) = play.signatures("WI-001", "1")
    data = play.read(path)
    assert read_statement(data).said("person") == "jane"
    assert signed_by(data, play.read(f"{path}.sig")) == Proof(Key("jane").public)
    assert read_statement(data.replace(b'"format": 1', b'"format":  1')).says == {}


def test_expectations_are_read_from_the_table() -> None:
    assert rows()["boot"].status == {"SOP-001 effective 1", "WI-001 effective 1"}
    assert rows()["boot-self"].errors == {"AP101", "AP104"}
    assert rows()["future-2026-03-02"].status == {"WI-001 effective 1 / approved 2,3"}
    assert rows()["back"].accepted
    assert rows()["back"].warnings == {"HX104"}
    assert rows()["r2-while-r3"].status == {"SOP-001 effective 1 / draft 3"}
    assert rows()["amend"].status == {"WI-001 effective 2"}
    assert rows()["grant-ff"].errors == {"AP103"}
    assert rows()["force"].status == frozenset()
    assert sum(row.later for row in rows().values()) == 15


def test_a_deviation_differs_from_the_table() -> None:
    assert all(DEVIATIONS[name] != rows()[name].table for name in DEVIATIONS)
    assert Row("x", later=False, flow="", table="accept · WI-001 effective 2").expected.startswith("accept")


def test_flows_make_the_history_they_tell(tmp_path: Path) -> None:
    parents = {"mg": 2, "sq-forge": 1, "rb": 1, "octo": 3, "evil2": 2, "upd-noff": 2, "turned": 2}
    for name, count in parents.items():
        play = FLOWS[name](tmp_path / name)
        words = play.repo.git("rev-list", "--parents", "-n1", play.new).split()
        assert len(words) == count + 1, name
        assert not play.repo.git("status", "--porcelain"), name


def test_who_wrote_and_who_committed(tmp_path: Path) -> None:
    def names(flow: str, commit: str) -> str:
        play = FLOWS[flow](tmp_path / flow)
        return play.repo.git("log", "-n1", "--format=%an|%cn", commit)

    assert names("rb", "main~1") == "Max|Jane"
    assert names("cherry2", "main~1") == "Max|Jane"
    assert names("sq-forge", "main") == "Max|Web-Flow"
    assert names("sq-appr", "main") == "Jane|Jane"
    assert names("amend", "b~1") == "Max|Jane"
    assert names("revert", "main") == "Max|Max"
