"""Git, sha256sum and ssh-keygen alone confirm an approval, by the recipe that the README gives."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.statements import Key

if TYPE_CHECKING:
    from support.office import Office

RECIPE = (Path(__file__).parent / "stock-tools.sh").read_text("utf-8")
README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
HEAD = 3  # lines to be filled in
PLACE = "documents/WI-001-text.md"


def follow(office: Office, person: str = "jane", key: str = "jane", path: str = "") -> tuple[str, str]:
    """What the recipe prints for revision 2 of WI-001, and what it complains about."""
    filled = [
        f"commit=main person={person} id=WI-001 revision=2",
        f"text={PLACE}",
        f"key='{Key(key).public}'",
    ]
    script = "\n".join([*filled, *RECIPE.splitlines()[HEAD:]])
    env = {**office.play.repo.env, "TMPDIR": str(office.root.parent)}
    if path:
        env["PATH"] = path
    done = subprocess.run(
        ["bash", "-c", script], cwd=office.root, env=env, capture_output=True, text=True, check=False
    )
    return done.stdout, done.stderr


@pytest.fixture
def approved(drafted: Office) -> Office:
    """WI-001 r2, approved by jane with isodocs, in force."""
    drafted.ok("approve", "WI-001", "--yes")
    drafted.commit()
    drafted.play.merge("b")
    return drafted


def test_an_approval(approved: Office) -> None:
    out, err = follow(approved)
    assert err == ""
    assert out.startswith(f'Good "isodocs" signature for jane with ED25519 key {_fingerprint()}\n')
    assert out.splitlines()[1].strip().startswith('"document": "')
    assert '"role": "quality-manager"' in out


def test_by_the_lines_of_allowed_signers_too(approved: Office) -> None:
    assert f'jane namespaces="isodocs" {Key("jane").public}\n' in approved.ok("allowed-signers")


def test_a_text_that_was_changed_since(approved: Office) -> None:
    approved.play.doc("WI-001", "2", "Changed since.")
    approved.play.commit("max")
    out, _ = follow(approved)
    assert out.startswith('Good "isodocs" signature for jane')
    assert out.count('"document":') == 1  # only where the statement itself is printed


def test_who_signed_twice_since_the_text_changed_in_between(drafted: Office) -> None:
    drafted.ok("approve", "WI-001", "--yes")
    drafted.commit()
    drafted.play.revise("WI-001", "2", "Changed in between.")
    drafted.ok("approve", "WI-001", "--yes")
    drafted.commit()
    drafted.play.merge("b")
    out, err = follow(drafted)
    assert err == ""
    assert out.count('Good "isodocs" signature for jane') == 2
    assert out.count('"document":') == 3  # the one that names the text, and both statements


def test_who_signed_nothing(approved: Office) -> None:
    assert follow(approved, person="bob", key="bob") == ("", "")


def test_somebody_elses_key(approved: Office) -> None:
    out, err = follow(approved, key="bob")
    assert "Good" not in out
    assert "Could not verify signature" in out + err


def test_a_statement_that_was_changed_since(approved: Office) -> None:
    (path,) = approved.play.signatures("WI-001", "2")
    data = approved.play.read(path)
    approved.play.write(path, data.replace(b'"quality-manager"', b'"process-owner"'))
    approved.play.commit("max")
    out, err = follow(approved)
    assert "Good" not in out
    assert "incorrect signature" in out + err


def test_on_macos_where_sha256sum_has_another_name(approved: Office, tmp_path: Path) -> None:
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("bash", "git", "ssh-keygen", "cut", "grep", "cat", "mktemp"):
        found = shutil.which(name)
        assert found
        (tools / name).symlink_to(found)
    shasum = tools / "shasum"
    shasum.write_text(f'#!/bin/sh\n[ "$1 $2" = "-a 256" ] && exec {shutil.which("sha256sum")}\n')
    shasum.chmod(0o755)
    out, err = follow(approved, path=str(tools))
    assert err == ""
    assert out.count('"document":') == 2


def test_the_readme_gives_this_very_recipe() -> None:
    blocks = re.findall(r"```(?:bash|sh|console)?\n(.*?)```", README, re.DOTALL)
    given = [block for block in blocks if "ssh-keygen -Y verify" in block]
    assert all(block == RECIPE for block in given)


def _fingerprint() -> str:
    done = subprocess.run(
        ["ssh-keygen", "-l", "-f", "-"], input=Key("jane").public, capture_output=True, text=True, check=True
    )
    return done.stdout.split()[1]
