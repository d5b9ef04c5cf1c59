"""The environment and the settings under which git runs for isodocs.

Nothing a repository brings may run a program, open the network or point git elsewhere; nothing that was
inherited counts but what the user's own machine says and what git tells its hooks.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# The user's own machine, not the repository: where git lives and what its owner configured.
PERSONAL = re.compile(
    r"GIT_(CONFIG_(GLOBAL|SYSTEM|NOSYSTEM|COUNT|KEY_\d+|VALUE_\d+)|EXEC_PATH"
    r"|CEILING_DIRECTORIES|DISCOVERY_ACROSS_FILESYSTEM)"
)
# What git tells its hooks (githooks(5), git-receive-pack(1)): where the repository, the index of a
# partial commit and the quarantined objects of a push are.
HOOK_FOLDERS = ("GIT_DIR", "GIT_COMMON_DIR", "GIT_WORK_TREE", "GIT_OBJECT_DIRECTORY", "GIT_QUARANTINE_PATH")
HOOK_OTHERS = ("GIT_INDEX_FILE", "GIT_ALTERNATE_OBJECT_DIRECTORIES")
FORCED = {
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_GRAFT_FILE": os.devnull,
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_FLUSH": "0",  # a log is written in large pieces, not commit by commit
    "GIT_NO_LAZY_FETCH": "1",  # git 2.44 and backports
    "GIT_ALLOW_PROTOCOL": "none",  # stops a lazy fetch in every other git: no transport is called "none"
    "LC_ALL": "C",
    "LANGUAGE": "",
}
SETTINGS = (
    "core.fsmonitor=false",
    f"core.hooksPath={os.devnull}",
    "core.commitGraph=false",
    "core.multiPackIndex=false",
    "core.quotePath=false",
    "core.untrackedCache=false",
    "core.warnAmbiguousRefs=true",
    "diff.external=",
    f"diff.orderFile={os.devnull}",
    "diff.relative=false",
    "diff.ignoreSubmodules=none",
    "gc.auto=0",
    "log.showSignature=false",
    "log.showRoot=true",
    "maintenance.auto=false",
)


def cleaned(environ: Mapping[str, str], *, hook: bool) -> dict[str, str]:
    """The environment git gets: nothing of git's own but what is personal, forced or told to hooks."""
    clean = {
        name: value
        for name, value in environ.items()
        if not name.startswith("GIT_") or PERSONAL.fullmatch(name)
    }
    if hook:
        folders = {name: environ[name] for name in HOOK_FOLDERS if environ.get(name)}
        clean |= {name: str(Path(value).absolute()) for name, value in folders.items()}
        clean |= {name: environ[name] for name in HOOK_OTHERS if name in environ}
    return clean | FORCED


def absolute_folders(path: str) -> str:
    """A ``PATH`` without folders that follow the current one: a repository could have programs there."""
    return os.pathsep.join(one for one in path.split(os.pathsep) if os.path.isabs(one))  # noqa: PTH117 - text


def told_as_hook(environ: Mapping[str, str]) -> bool:
    """Whether git told this process anything as a hook."""
    return any(name in environ for name in (*HOOK_FOLDERS, *HOOK_OTHERS))
