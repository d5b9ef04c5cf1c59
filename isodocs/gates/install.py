"""Puts the gate in place: the hooks of a bare repository, written whole or not at all.

A hook that somebody else wrote is never touched. What the hook runs is this very Python, isolated from the
environment and the current folder, so that nothing that lies in the repository is ever imported.
"""

from __future__ import annotations

import os
import re
import secrets
import shlex
import subprocess
import sys
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from isodocs import writing
from isodocs.core.problem import CannotRun
from isodocs.gates.receive import Gate, refs_of, symbolic
from isodocs.git.mainline import HEADS
from isodocs.workspace.folding import Question, fold

if TYPE_CHECKING:
    from isodocs.git.repository import Repository

MARK = "# isodocs receive: this file is written by 'isodocs receive --install'"
GATE, WITNESS = "pre-receive", "post-receive"
_EXECUTABLE = 0o755
_OID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_ISOLATED = ("-I", "-X", "utf8", "-m", "isodocs", "receive")
_LONGEST_NAME = 200

# What is set where the administrator has not set it, and why.
_SETTINGS = {
    "receive.fsckObjects": ("true", "pushed objects are checked by git itself"),
    "receive.certNonceSeed": ("", "signed pushes (git push --signed) carry a number of this server's"),
    "receive.certNonceSlop": ("300", "for five minutes, which pushes over HTTP need"),
    "gpg.ssh.allowedSignersFile": (os.devnull, "isodocs knows the keys, so git itself need not"),
}


@dataclass(frozen=True, slots=True)
class Pins:
    """What the hook holds fast, so that no push can change it.

    Attributes:
        mainline: the branch to begin with.
        trust_root: the commit from which history counts; None while nothing was pushed.
    """

    mainline: str
    trust_root: str | None


def install(repository: Repository, mainline: str | None, trust_root: str | None) -> list[str]:
    """Put the hooks in place, or renew them.

    Args:
        repository: a bare one, on the server.
        mainline: its name; as the hook in place has it, else as HEAD and the settings say, where None.
        trust_root: a commit; as the hook in place has it, else the one found here, where None.

    Returns:
        What was done, a sentence each.

    Raises:
        CannotRun: it is no bare repository, a foreign hook is in place, or the mainline cannot be read.
    """
    _require_bare(repository)
    _require_owner(repository.git_dir)
    _require_own_python()
    folder = hooks_folder(repository)
    gate, witness = folder / GATE, folder / WITNESS
    _require_ours(gate)
    before = _pins_of(gate)
    pins = _pins(repository, mainline or before.mainline, trust_root or before.trust_root)
    words = ["--mainline", pins.mainline, *(["--trust-root", pins.trust_root] if pins.trust_root else [])]
    done = [*_point_head(repository, pins), *_configure(repository)]
    _write_both(gate, witness, words)
    done.insert(0, f"{gate} judges every push of {pins.mainline} from now on.")
    done.append(_root_sentence(pins))
    if _is_ours(witness):
        done.append(f"{witness} keeps the certificates of signed pushes.")
    else:
        done.append(
            f"{witness} is there already, so certificates of signed pushes are not kept. Chain it: "
            f"{_line([*words, '--witness'])}"
        )
    done.append("To undo: isodocs receive --uninstall")
    return done


def _write_both(gate: Path, witness: Path, words: list[str]) -> None:
    """Write the hooks, the second one where it is ours; if that fails, the first is as it was."""
    before = gate.read_bytes() if gate.is_file() else None
    writing.write(gate, _script(words), _EXECUTABLE)
    try:
        if _is_ours(witness):
            writing.write(witness, _script([*words, "--witness"]), _EXECUTABLE)
    except CannotRun:
        if before is None:
            gate.unlink()
        else:
            writing.write(gate, before, _EXECUTABLE)
        raise


def uninstall(repository: Repository) -> list[str]:
    """Take our hooks away; others stay.

    Raises:
        CannotRun: none of ours is there.
    """
    folder = hooks_folder(repository)
    ours = [path for path in (folder / GATE, folder / WITNESS) if path.is_file() and _is_ours(path)]
    if not ours:
        raise CannotRun(f"There is no hook of isodocs in {folder}.")
    for path in ours:
        path.unlink()
    kept = [key for key in _SETTINGS if _configured(repository, key)]
    return [
        *(f"{path} is gone." for path in ours),
        *([f"These settings of the repository stay: {', '.join(kept)}."] if kept else []),
        "Pushes are not judged any more.",
    ]


def hooks_folder(repository: Repository) -> Path:
    """Where git looks for this repository's hooks.

    Raises:
        CannotRun: the account or the machine places all hooks in one folder.
    """
    output = repository.run("config", "--show-scope", "-z", "--get-all", "core.hooksPath", check=False)
    parts = output.decode("utf-8", "surrogateescape").split("\0")
    pairs = list(zip(parts[::2], parts[1::2], strict=False))
    scope, path = next((pair for pair in reversed(pairs) if pair[0] != "command"), ("", ""))
    if not scope:
        return repository.common_dir / "hooks"
    if scope not in {"local", "worktree"}:
        raise CannotRun(
            f"The {scope} setting core.hooksPath places the hooks of all repositories in {path}. Give "
            "this one its own (git config core.hooksPath hooks), or call isodocs from the hook there: "
            f"{_line(['--mainline', 'NAME', '--trust-root', 'COMMIT'])}"
        )
    return repository.git_dir / Path(path).expanduser()


def _require_bare(repository: Repository) -> None:
    if repository.root is None and repository.run("rev-parse", "--is-bare-repository").strip() == b"true":
        return
    raise CannotRun(
        "This repository has a work tree. The gate belongs into the bare repository that people push to: run "
        "this there, on the server (git clone --bare makes one)."
    )


def _require_owner(place: Path) -> None:
    """Files that another user writes here could not be read, or not be renewed, by git on the server."""
    owner = place.stat().st_uid
    if owner != os.geteuid():
        raise CannotRun(f"{place} belongs to another user (number {owner}); run this as that user: sudo -u …")


def _require_own_python() -> None:
    """Isolated, Python must find isodocs too; it does not where that lies in a user's own packages."""
    done = subprocess.run(
        [sys.executable, *_ISOLATED[:-1], "--version"], capture_output=True, check=False, cwd=os.sep
    )
    if done.returncode:
        raise CannotRun(
            f"{sys.executable} -I does not find isodocs. Install it in an environment of its own: "
            "python3 -m venv /opt/isodocs && /opt/isodocs/bin/pip install isodocs"
        )


def _require_ours(path: Path) -> None:
    if path.is_symlink():
        raise CannotRun(f"{path} is a link to {path.readlink()}, and so not ours. {_chaining()}")
    if not _is_ours(path):
        raise CannotRun(f"{path} is there already, and it is not ours. {_chaining()}")


def _chaining() -> str:
    return (
        "Nothing was changed. To have both, let that hook hand its standard input on to isodocs too, "
        f"and fail when isodocs fails: {_line(['--mainline', 'NAME', '--trust-root', 'COMMIT'])}"
    )


def _is_ours(path: Path) -> bool:
    """Whether a hook is one that we wrote, or none at all."""
    if not os.path.lexists(path):
        return True
    return path.is_file() and not path.is_symlink() and MARK.encode() in path.read_bytes()


def _pins_of(path: Path) -> Pins:
    """What the hook in place holds fast."""
    text = path.read_text(encoding="utf-8", errors="surrogateescape") if path.is_file() else ""
    words = shlex.split(text.rpartition("\nexec ")[2])
    given = dict(pairwise(words))
    return Pins(given.get("--mainline", ""), given.get("--trust-root"))


def _pins(repository: Repository, mainline: str, trust_root: str | None) -> Pins:
    """The mainline and the trust root to hold fast.

    Raises:
        CannotRun: the name is no branch's, or the trust root is not on the mainline.
    """
    if trust_root:
        trust_root = repository.resolve(trust_root) or trust_root
        if not _OID.fullmatch(trust_root):
            raise CannotRun(f"'{trust_root}' names no commit here; give the trust root by its full name.")
    mainline = mainline.removeprefix(HEADS)
    if mainline and (
        len(mainline) > _LONGEST_NAME or repository.outcome("check-ref-format", HEADS + mainline).code
    ):
        raise CannotRun(f"'{mainline}' cannot be the name of a branch.")
    refs = refs_of(repository)
    line = Gate(repository, (), 0, mainline or None, trust_root).line(refs)
    if line.base is None:
        if branches := [ref.removeprefix(HEADS) for ref in refs if ref.startswith(HEADS)]:
            raise CannotRun(
                f"There is no branch {line.name} here, but {', '.join(branches[:5])}; "
                "say which is the mainline with --mainline."
            )
        return Pins(line.name, trust_root)
    found = fold(Question(repository, line.base, trust_root=trust_root)).state.root
    if trust_root and found is None:
        raise CannotRun(f"The trust root {trust_root[:12]} holds no readable settings and people.")
    return Pins(line.name, found)


def _root_sentence(pins: Pins) -> str:
    if pins.trust_root:
        return f"The trust root is {pins.trust_root}. Compare it with the one you know from elsewhere."
    return (
        "Nothing was pushed yet: the first push brings the trust root. Run this again then, and it is pinned."
    )


def _point_head(repository: Repository, pins: Pins) -> list[str]:
    """Let HEAD name the mainline where it names a branch that nobody made; else clones come out empty."""
    wanted = HEADS + pins.mainline
    if symbolic(repository, "HEAD") == wanted or repository.head() is not None:
        return []
    repository.run("symbolic-ref", "HEAD", wanted)
    return [f"HEAD names {pins.mainline} now, so that clones begin there."]


def _configure(repository: Repository) -> list[str]:
    """Set what is not set yet."""
    done = []
    for key, (value, why) in _SETTINGS.items():
        if not _configured(repository, key):
            repository.run("config", "--local", key, value or secrets.token_hex(32))
            done.append(f"{key} is set: {why}.")
    return done


def _configured(repository: Repository, key: str) -> bool:
    return repository.outcome("config", "--get", key).code == 0


def _script(words: list[str]) -> bytes:
    text = f"""\
#!/bin/sh
{MARK}
# and taken away by 'isodocs receive --uninstall'.
exec {_line(words)}
"""
    return text.encode("utf-8", "surrogateescape")


def _line(words: list[str]) -> str:
    """The command of a hook, as the shell reads it."""
    return shlex.join([sys.executable, *_ISOLATED, *words])
