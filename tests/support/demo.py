"""The demonstration, played under a hostile configuration that it must not see, and how to ask it things."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from support.gitrepo import environment

from isodocs.demo.player import Played, play

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

LONG_AGO = date(2025, 6, 2)
"""A Monday that has passed wherever these tests run."""

_HOSTILE = """\
[user]
	name = Mallory
	email = mallory@evil.example
	signingkey = /nowhere
[commit]
	gpgSign = true
	template = /nowhere
	verbose = true
	cleanup = verbatim
[tag]
	gpgSign = true
[gpg]
	program = false
[core]
	autocrlf = true
	hooksPath = {home}/hooks
	excludesFile = {home}/ignore
	attributesFile = {home}/attributes
	editor = false
	quotePath = true
	logAllRefUpdates = false
[init]
	defaultBranch = trunk
	templateDir = {home}/template
[merge]
	ff = only
	conflictStyle = diff3
[pull]
	rebase = true
[branch]
	autoSetupMerge = always
[i18n]
	commitEncoding = latin1
[alias]
	commit = !false
"""
_HOOK = "#!/bin/sh\ntouch {home}/hook-ran\nexit 1\n"


def hostile(home: Path) -> dict[str, str]:
    """The environment of somebody whose git is configured in every way that could show."""
    variables = environment(home)
    for folder in ("hooks", "template/hooks"):
        for name in ("pre-commit", "commit-msg", "post-checkout", "pre-merge-commit", "prepare-commit-msg"):
            hook = home / folder / name
            hook.parent.mkdir(parents=True, exist_ok=True)
            hook.write_text(_HOOK.format(home=home))
            hook.chmod(0o755)
    (home / "ignore").write_text("*.md\n*.sig\n")
    (home / "attributes").write_text("* text eol=crlf ident\n")
    (home / ".gitconfig").write_text(_HOSTILE.format(home=home))
    return variables | {
        "GIT_AUTHOR_NAME": "Mallory",
        "GIT_COMMITTER_EMAIL": "mallory@evil.example",
        "GIT_AUTHOR_DATE": "@0 +0000",
        "GIT_DIR": str(home / "elsewhere.git"),
        "GIT_TEMPLATE_DIR": str(home / "template"),
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "commit.gpgSign",
        "GIT_CONFIG_VALUE_0": "true",
        "TZ": "Pacific/Auckland",
    }


@contextmanager
def under(variables: Mapping[str, str]) -> Iterator[None]:
    """Run with exactly these variables of git and of the user's home."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [one for one in os.environ if one.startswith("GIT_")]:
            patch.delenv(name)
        for name, value in variables.items():
            patch.setenv(name, value)
        yield


def played_in(folder: Path, today: date | None) -> Played:
    """Play the story under a hostile configuration, kept in a home beside the folder."""
    with under(hostile(folder.parent / f"{folder.name}.home")):
        return play(folder, today)


def isodocs(
    folder: Path, *words: str, env: Mapping[str, str] | None = None, stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run the command line in a folder, as a stranger would."""
    home = folder.parent / f"{folder.name}.stranger"
    return subprocess.run(
        [sys.executable, "-P", "-m", "isodocs", *words],
        cwd=folder,
        env=environment(home) | dict(env or {}),
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )


def answer(folder: Path, *words: str) -> dict[str, Any]:
    """What a command answers as JSON."""
    done = isodocs(folder, *words, "--format", "json")
    assert done.returncode in {0, 1}, done.stderr
    found = json.loads(done.stdout)
    assert isinstance(found, dict)
    return found


def git(folder: Path, *words: str) -> str:
    """What git prints in a folder, under nobody's configuration."""
    home = folder.parent / f"{folder.name}.stranger"
    done = subprocess.run(
        ["git", *words], cwd=folder, env=environment(home), capture_output=True, check=False, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.rstrip("\n")
