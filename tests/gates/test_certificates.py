"""Signed pushes, kept as witness of time: real certificates by a real git, verified by our own code."""

from __future__ import annotations

import json
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from gates.world import MAIN
from support.office import run, write_key
from support.servers import HttpBackend
from support.statements import Key

from isodocs.core.identity import parse_time
from isodocs.gates import certificates
from isodocs.gates.certificates import NAMESPACE, REF, parse, verify
from isodocs.git.repository import Repository

if TYPE_CHECKING:
    from pathlib import Path

    from gates.conftest import Server

DRAFT = "refs/heads/draft"


def signing(folder: Path, name: str) -> tuple[str, ...]:
    """The options with which a person's git signs pushes."""
    key = folder / "keys" / name
    if not key.exists():  # another push may be reading it
        write_key(key, Key(name))
        (folder / "keys" / f"{name}.pub").write_text(f"{Key(name).public}\n")
    return ("-c", "gpg.format=ssh", "-c", f"user.signingkey={key}")


def signed_push(server: Server, folder: Path, by: str, *specs: str) -> tuple[bool, str]:
    """Push with a signature, and what the server said."""
    repo = server.company.repo
    done = repo.run(*signing(folder, by), "push", "--signed", server.url, *specs, env=server.env, check=False)
    said = done.stderr.decode("utf-8", "replace").replace("remote:", "")
    assert "gpg.ssh.allowedSignersFile" not in said
    return done.returncode == 0, " ".join(said.split())


def kept(server: Server) -> list[dict[str, Any]]:
    """What is kept, as machines read it."""
    ended = run("receive", "--certificates", "--format", "json", env=server.bare.env, cwd=server.bare.path)
    assert ended.status == 0, ended
    found = json.loads(ended.out)["items"]
    assert isinstance(found, list)
    return found


def test_a_signed_push_is_kept_with_the_servers_time(
    server: Server, attempts: dict[str, str], tmp_path: Path
) -> None:
    before = int(time.time())
    accepted, said = signed_push(server, tmp_path, "jane", f"{attempts['rightful']}:{MAIN}")
    assert accepted
    assert "your signed push is kept as a witness of time" in said
    [one] = kept(server)
    assert (one["person"], one["valid"], one["nonce"]) == ("jane", True, "OK")
    assert one["fingerprint"].startswith("SHA256:")
    assert one["updates"] == [{"ref": MAIN, "old": server.company.base, "new": attempts["rightful"]}]
    received, claimed = parse_time(one["received"]), parse_time(one["claimed"])
    assert received is not None
    assert claimed is not None
    assert before <= claimed <= received <= int(time.time())
    assert server.broken() == ""


def test_what_is_kept_verifies_with_stock_tools(
    server: Server, attempts: dict[str, str], tmp_path: Path
) -> None:
    signed_push(server, tmp_path, "jane", f"{attempts['rightful']}:{MAIN}")
    data = server.bare.run("cat-file", "blob", f"{REF}:certificate").stdout
    at = data.index(b"-----BEGIN")
    (tmp_path / "signature").write_bytes(data[at:])
    (tmp_path / "allowed").write_text(f'jane namespaces="git" {Key("jane").public}\n')
    command = ["ssh-keygen", "-Y", "verify", "-n", "git", "-I", "jane", "-f", "allowed", "-s", "signature"]
    subprocess.run(command, cwd=tmp_path, input=data[:at], check=True, capture_output=True)


def test_an_auditors_clone_can_read_them(server: Server, attempts: dict[str, str], tmp_path: Path) -> None:
    for name in ("rightful", "unapproved"):
        signed_push(server, tmp_path, "jane", f"{attempts[name]}:refs/heads/{name}")
    clone = server.bare.clone(tmp_path / "clone")
    ended = run("receive", "--certificates", env=clone.env, cwd=clone.path)
    assert f"git fetch origin {REF}:{REF}" in ended.out
    clone.git("fetch", "-q", "origin", f"{REF}:{REF}")
    ended = run("receive", "--certificates", env=clone.env, cwd=clone.path)
    first, second = ended.out.split("\n\n")
    assert "refs/heads/unapproved" in first
    assert "  jane  " in second
    assert "refs/heads/rightful  000000000000 → " in second


def test_a_refused_push_leaves_nothing(server: Server, attempts: dict[str, str], tmp_path: Path) -> None:
    accepted, said = signed_push(server, tmp_path, "jane", f"{attempts['unapproved']}:{MAIN}")
    assert not accepted
    assert "kept as a witness" not in said
    assert kept(server) == []
    assert REF not in server.refs()


def test_an_unsigned_push_leaves_nothing(server: Server, attempts: dict[str, str]) -> None:
    assert server.takes(f"{attempts['unapproved']}:{DRAFT}") == ""
    assert kept(server) == []


def test_a_key_of_nobody_is_kept_and_said(server: Server, attempts: dict[str, str], tmp_path: Path) -> None:
    accepted, said = signed_push(server, tmp_path, "eve", f"{attempts['unapproved']}:{DRAFT}")
    assert accepted
    assert "is nobody's in the register" in said
    assert [(one["person"], one["valid"]) for one in kept(server)] == [(None, True)]


def test_the_key_of_a_leaver_is_nobodys(server: Server, attempts: dict[str, str], tmp_path: Path) -> None:
    """The register that governs now decides, by the server's clock."""
    _, said = signed_push(server, tmp_path, "bob", f"{attempts['unapproved']}:{DRAFT}")
    assert "is nobody's in the register" in said


def test_without_a_seed_git_takes_no_signed_push(
    server: Server, attempts: dict[str, str], tmp_path: Path
) -> None:
    server.bare.git("config", "--unset", "receive.certNonceSeed")
    accepted, said = signed_push(server, tmp_path, "jane", f"{attempts['rightful']}:{MAIN}")
    assert not accepted
    assert "does not support --signed push" in said


def test_many_at_once_make_one_chain(server: Server, attempts: dict[str, str], tmp_path: Path) -> None:
    names = [f"refs/heads/draft-{number}" for number in range(4)]
    signing(tmp_path, "jane")

    def push(name: str) -> tuple[bool, str]:
        return signed_push(server, tmp_path, "jane", f"{attempts['unapproved']}:{name}")

    with ThreadPoolExecutor(4) as people:
        refused = [said for accepted, said in people.map(push, names) if not accepted]
    assert refused == []
    assert sorted(move["ref"] for one in kept(server) for move in one["updates"]) == names


def test_over_http(founded: Path, attempts: dict[str, str], tmp_path: Path, server: Server) -> None:
    """The number was given in another request: git says OK within the time that install set."""
    assert founded.exists()
    with HttpBackend(tmp_path, tmp_path) as front:
        server.url, server.env = front.url(server.bare.path), front.env
        accepted, said = signed_push(server, tmp_path, "jane", f"{attempts['rightful']}:{MAIN}")
    assert accepted
    assert "kept as a witness" in said
    assert [(one["person"], one["nonce"]) for one in kept(server)] == [("jane", "OK")]


def test_what_cannot_be_kept_undoes_nothing(server: Server, attempts: dict[str, str], tmp_path: Path) -> None:
    """A ref in the way: the push is in, and the failure is told."""
    server.bare.git("update-ref", "refs/isodocs", server.company.base)
    accepted, said = signed_push(server, tmp_path, "jane", f"{attempts['rightful']}:{MAIN}")
    assert accepted
    assert server.refs()[MAIN] == attempts["rightful"]
    assert "the push is in, but its certificate could not be kept" in said


# --- the hook with other words than git's ---


def witness(server: Server, data: bytes, nonce: str | None = "OK") -> list[str]:
    """Keep a certificate as the hook would."""
    blob = server.bare.git("hash-object", "-w", "--stdin", stdin=data)
    environment = {"GIT_PUSH_CERT": blob} | ({"GIT_PUSH_CERT_NONCE_STATUS": nonce} if nonce else {})
    repository = Repository.open(server.bare.path, server.bare.env)
    return certificates.keep(repository, environment, (), int(time.time()), mainline="main", trust_root=None)


CERTIFICATE = b"""\
certificate version 0.1
pusher jane 1795425253 +0000
pushee ../qms.git
nonce 1795425253-09b46f81

%s %s refs/heads/main
""" % (b"1" * 40, b"2" * 40)


def test_a_certificate_is_read() -> None:
    signature = Key("jane").sign(CERTIFICATE, NAMESPACE)
    found = parse(CERTIFICATE + signature)
    assert (found.pusher, found.claimed, found.nonce) == ("jane", 1795425253, "1795425253-09b46f81")
    assert found.moves == (f"{'1' * 40} {'2' * 40} refs/heads/main",)
    assert (found.signed, found.signature) == (CERTIFICATE, signature)
    assert verify(found).ok


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (CERTIFICATE, "carries no SSH signature"),
        (CERTIFICATE + b"-----BEGIN PGP SIGNATURE-----\nxx\n", "carries no SSH signature"),
        (CERTIFICATE + Key("jane").sign(CERTIFICATE), "another purpose"),
        (CERTIFICATE + Key("jane").sign(CERTIFICATE + b" ", NAMESPACE), "does not fit"),
        (CERTIFICATE + Key("jane").sign(CERTIFICATE, NAMESPACE) + b"more\n", "text after"),
    ],
    ids=["none", "openpgp", "statement", "altered", "longer"],
)
def test_a_signature_that_does_not_count_is_kept_and_said(server: Server, data: bytes, why: str) -> None:
    told = " ".join(witness(server, data))
    assert "does not count" in told
    assert why in told
    [one] = kept(server)
    assert (one["valid"], one["person"]) == (False, None)
    assert why in one["why"]
    ended = run("receive", "--certificates", env=server.bare.env, cwd=server.bare.path)
    assert "the signature does not count" in ended.out


@pytest.mark.parametrize("nonce", ["BAD", "UNSOLICITED", "MISSING", None, "", "lie\x1b[2J"])
def test_a_push_without_the_servers_number_says_so(server: Server, nonce: str | None) -> None:
    told = " ".join(witness(server, CERTIFICATE + Key("jane").sign(CERTIFICATE, NAMESPACE), nonce))
    assert "sent again" in told
    ended = run("receive", "--certificates", env=server.bare.env, cwd=server.bare.path)
    assert "it could be an older one, sent again" in ended.out
    assert "\x1b" not in ended.out


def test_no_certificate_no_word(server: Server) -> None:
    repository = Repository.open(server.bare.path, server.bare.env)
    for environment in ({}, {"GIT_PUSH_CERT": "0" * 40}, {"GIT_PUSH_CERT": ""}):
        assert certificates.keep(repository, environment, (), 0, mainline=None, trust_root=None) == []


def test_a_certificate_of_a_megabyte_is_not_kept(server: Server) -> None:
    from isodocs.core.problem import CannotRun  # noqa: PLC0415 - this test alone needs it

    with pytest.raises(CannotRun, match="longer than a megabyte"):
        witness(server, CERTIFICATE + b"x" * (1 << 20))


def test_a_chain_that_somebody_else_wrote(server: Server) -> None:
    server.bare.git("update-ref", REF, server.company.base)
    ended = run("receive", "--certificates", env=server.bare.env, cwd=server.bare.path)
    assert ended.status == 2
    assert "Traceback" not in ended.err
    tree = server.bare.git("mktree", stdin=b"")
    for seen in (
        b"{}",
        b"[]",
        b'{"moved": 1}',
        b'{"moved": [], "received": "x", "person": null, "nonce": "OK"}',
    ):
        names = [server.bare.git("hash-object", "-w", "--stdin", stdin=data) for data in (b"x", seen)]
        rows = f"100644 blob {names[0]}\tcertificate\n100644 blob {names[1]}\twitness.json\n"
        tree = server.bare.git("mktree", stdin=rows.encode())
        env = server.bare.signature(("X", "x@ex.org"), None, None, None)
        commit = server.bare.git("commit-tree", "-m", "x", tree, env=env)
        server.bare.git("update-ref", REF, commit)
        ended = run("receive", "--certificates", env=server.bare.env, cwd=server.bare.path)
        assert (ended.status, "not what isodocs receive writes" in ended.err) == (2, True), ended
