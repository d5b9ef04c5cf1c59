"""Ways in which a repository, or what surrounds it, names a program that git or Python would run.

Each vector plants a canary: a program that leaves its name in a marker file. ``control`` is a plain git
command that falls for it, so that a vector which has gone stale is noticed; None where git needs a network,
a terminal or a server for it, or believes it only in the user's own configuration.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from hostile.calls import Company

# All that githooks(5) tells of.
HOOKS = (
    "applypatch-msg",
    "commit-msg",
    "fsmonitor-watchman",
    "post-applypatch",
    "post-checkout",
    "post-commit",
    "post-index-change",
    "post-merge",
    "post-receive",
    "post-rewrite",
    "post-update",
    "pre-applypatch",
    "pre-auto-gc",
    "pre-commit",
    "pre-merge-commit",
    "pre-push",
    "pre-rebase",
    "pre-receive",
    "prepare-commit-msg",
    "proc-receive",
    "push-to-checkout",
    "reference-transaction",
    "sendemail-validate",
    "update",
)
OWN = ("pre-receive", "post-receive")  # on a server these are where isodocs itself is put
ATTRIBUTES = "* diff=evil filter=evil merge=evil ident text=auto\n"
COMMIT = ("commit", "-q", "--allow-empty", "-m", "x")


@dataclass(frozen=True)
class Vector:
    """One way.

    Attributes:
        settings: put into the repository's configuration; ``{}`` is the canary, ``{home}`` its folder.
        attributes: put into ``info/attributes``.
        hooks: whether the hooks folder is filled.
        files: of the repository's folder, by path below ``.git``.
        beside: executable files of the work tree.
        env: what an unwary user has in the environment.
        control: words for plain git.
        typed: what the control reads.
    """

    settings: Mapping[str, str] = field(default_factory=dict)
    attributes: str = ""
    hooks: bool = False
    files: Mapping[str, str] = field(default_factory=dict)
    beside: Mapping[str, str] = field(default_factory=dict)
    env: Mapping[str, str] = field(default_factory=dict)
    control: tuple[str, ...] | None = None
    typed: str = ""

    def plant(self, company: Company) -> None:
        """Put it into the work tree's repository and into the server's."""
        home = company.folder / "evil"
        program = canary(home)
        words = {"{}": program, "{home}": home, "{marker}": marker(company), "{PATH}": os.environ["PATH"]}

        def filled(text: str) -> str:
            for word, value in words.items():
                text = text.replace(word, str(value))
            return text

        for git_dir in company.git_dirs:
            config = git_dir / "config"
            lines = [config.read_text()]
            for key, value in self.settings.items():
                section, _, name = key.rpartition(".")
                first, _, sub = section.partition(".")
                heading = f'{first} "{sub}"' if sub else first
                lines.append(f'[{heading}]\n\t{name} = "{filled(value)}"\n')
            config.write_text("".join(lines))
            (git_dir / "info").mkdir(exist_ok=True)
            with (git_dir / "info" / "attributes").open("a") as file:
                file.write(self.attributes)
            for name, text in self.files.items():
                (git_dir / name).parent.mkdir(parents=True, exist_ok=True)
                (git_dir / name).write_text(filled(text))
            for folder in (git_dir / "hooks", home / "hooks") if self.hooks else ():
                _fill(folder, program, OWN if git_dir == company.bare.path else ())
        for name, text in self.beside.items():
            place = company.root / name
            place.write_text(filled(text))
            place.chmod(0o755)
        exclude = company.root / ".git" / "info" / "exclude"
        with exclude.open("a") as file:
            file.write("".join(f"/{name}\n" for name in self.beside))
        company.extra.update({name: filled(text) for name, text in self.env.items()})


def marker(company: Company) -> Path:
    """Where canaries leave their names."""
    return company.folder / "evil" / "ran"


def canary(home: Path) -> Path:
    """The program; called without words it hands its input on, as a filter would."""
    home.mkdir(exist_ok=True)
    program = home / "canary"
    program.write_text(f'#!/bin/sh\necho "$0 $*" >> {home / "ran"}\n[ $# -gt 0 ] || exec cat\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    include = home / "include"
    include.write_text(f"[core]\n\tfsmonitor = {program}\n\tpager = {program}\n\teditor = {program}\n")
    return program


def _fill(folder: Path, program: Path, without: Sequence[str]) -> None:
    folder.mkdir(exist_ok=True)
    for name in HOOKS:
        place = folder / name
        if name not in without:
            place.write_text(program.read_text())
            place.chmod(0o755)


_IMPORTED = 'open("{marker}", "a").write(__file__)\n'
_STATUS = ("status",)

VECTORS: dict[str, Vector] = {
    "core.fsmonitor": Vector({"core.fsmonitor": "{}"}, control=_STATUS),
    "hooks": Vector(hooks=True, control=COMMIT),
    "core.hooksPath": Vector({"core.hooksPath": "{home}/hooks"}, hooks=True, control=COMMIT),
    "receiving hooks": Vector(
        {"receive.procReceiveRefs": "refs/for"}, hooks=True, control=("push", "-q", ".", "main:refs/for/x")
    ),
    "core.pager": Vector(
        {"core.pager": "{}", "pager.log": "{}", "pager.ls-tree": "{}", "pager.config": "{}"}
    ),
    "core.editor": Vector(
        {"core.editor": "{}", "sequence.editor": "{}"}, control=("commit", "--allow-empty", "-q")
    ),
    "core.sshCommand": Vector({"core.sshCommand": "{}"}, control=("ls-remote", "ssh://nowhere.invalid/x")),
    "core.gitProxy": Vector({"core.gitProxy": "{}"}, control=("ls-remote", "git://nowhere.invalid/x")),
    "core.alternateRefsCommand": Vector({"core.alternateRefsCommand": "{}"}),
    "core.askPass": Vector(
        {"core.askPass": "{}"},
        control=("credential", "fill"),
        typed="protocol=https\nhost=nowhere.invalid\n\n",
    ),
    "credential.helper": Vector(
        {"credential.helper": "!{}"},
        control=("credential", "fill"),
        typed="protocol=https\nhost=nowhere.invalid\n\n",
    ),
    "diff.external": Vector({"diff.external": "{}"}, control=("diff", "main", "draft")),
    "diff.command": Vector(
        {"diff.evil.command": "{}"}, attributes=ATTRIBUTES, control=("diff", "main", "draft")
    ),
    "diff.textconv": Vector(
        {"diff.evil.textconv": "{}", "diff.evil.cachetextconv": "true"},
        attributes=ATTRIBUTES,
        control=("diff", "main", "draft"),
    ),
    "filter.clean and smudge": Vector(
        {"filter.evil.clean": "{}", "filter.evil.smudge": "{}", "filter.evil.required": "true"},
        attributes=ATTRIBUTES,
        control=("checkout", "-qf", "main"),
    ),
    "filter.process": Vector(
        {"filter.evil.process": "{}", "filter.evil.required": "true"},
        attributes=ATTRIBUTES,
        control=("checkout", "-qf", "main"),
    ),
    "merge.driver": Vector(
        {"merge.evil.driver": "{} %O %A %B", "merge.default": "evil", "merge.renormalize": "true"},
        attributes=ATTRIBUTES,
        control=("merge", "--no-commit", "clash"),
    ),
    "mergetool": Vector(
        {"merge.tool": "evil", "mergetool.evil.cmd": "{}", "diff.tool": "evil", "difftool.evil.cmd": "{}"},
        control=("difftool", "-y", "main", "draft"),
    ),
    "gpg.program": Vector(
        {"gpg.program": "{}", "gpg.x509.program": "{}", "log.showSignature": "true"},
        control=("log", "main"),
    ),
    "gpg.ssh.program": Vector(
        {"gpg.ssh.program": "{}", "gpg.ssh.allowedSignersFile": "/dev/null", "log.showSignature": "true"},
        control=("log", "main"),
    ),
    "gpg.ssh.defaultKeyCommand": Vector(
        {"gpg.ssh.defaultKeyCommand": "{}", "gpg.format": "ssh", "commit.gpgSign": "true"},
        control=COMMIT,
    ),
    "alias": Vector(
        {f"alias.{name}": "!{}" for name in ("evil", "log", "ls-tree", "cat-file", "rev-parse", "config")},
        control=("evil",),
    ),
    "include.path": Vector({"include.path": "{home}/include"}, control=_STATUS),
    "includeIf": Vector(
        {"includeIf.gitdir:/.path": "{home}/include", "includeIf.onbranch:**.path": "{home}/include"},
        control=_STATUS,
    ),
    "worktree configuration": Vector(
        {"core.repositoryFormatVersion": "1", "extensions.worktreeConfig": "true"},
        files={"config.worktree": "[core]\n\tfsmonitor = {}\n\tpager = {}\n"},
        control=_STATUS,
    ),
    "uploadpack.packObjectsHook": Vector({"uploadpack.packObjectsHook": "{}"}),
    "lazy fetch": Vector(
        {
            "core.repositoryFormatVersion": "1",
            "extensions.partialClone": "evil",
            "remote.evil.promisor": "true",
            "remote.evil.url": "ext::{} x",
            "remote.evil.uploadpack": "{}",
            "protocol.allow": "always",
            "protocol.ext.allow": "always",
        },
        control=("cat-file", "-p", "1" * 40),
    ),
    "url.insteadOf": Vector(
        {"url.ext::{} x.insteadOf": "https://", "protocol.ext.allow": "always"},
    ),
    "submodule.update": Vector(
        {"submodule.sub.update": "!{}", "submodule.sub.url": ".", "submodule.recurse": "true"},
    ),
    "trailer.command": Vector(
        {"trailer.co-authored-by.command": "{}", "trailer.co-authored-by.cmd": "{}"},
        control=("interpret-trailers",),
        typed="x\n\nCo-authored-by: y\n",
    ),
    "interactive.diffFilter": Vector({"interactive.diffFilter": "{}", "color.ui": "always"}),
    "tar.command": Vector({"tar.evil.command": "{}"}, control=("archive", "--format=evil", "main")),
    "browser and viewers": Vector(
        {"web.browser": "evil", "browser.evil.cmd": "{}", "man.viewer": "evil", "man.evil.cmd": "{}"},
    ),
    "sendemail": Vector({"sendemail.smtpServer": "{}", "sendemail.toCmd": "{}"}),
    "environment": Vector(
        env={
            "GIT_EXTERNAL_DIFF": "{}",
            "GIT_PAGER": "{}",
            "GIT_EDITOR": "{}",
            "GIT_SEQUENCE_EDITOR": "{}",
            "GIT_SSH": "{}",
            "GIT_SSH_COMMAND": "{}",
            "GIT_ASKPASS": "{}",
            "GIT_PROXY_COMMAND": "{}",
            "GIT_CONFIG_PARAMETERS": "'core.fsmonitor={}' 'diff.external={}' 'core.hookspath={home}/hooks'",
            "GIT_CONFIG": "{home}/include",
            "GIT_ATTR_SOURCE": "main",
            "GIT_ALLOW_PROTOCOL": "ext",
            "GIT_TRACE": "{home}/trace",
        },
        control=_STATUS,
    ),
    "programs in the current folder": Vector(
        beside=dict.fromkeys(("git", "ssh-keygen", "ssh-add"), "#!/bin/sh\nexec {} $0\n"),
        env={"PATH": ".::{PATH}"},
    ),
    "Python in the current folder": Vector(
        beside=dict.fromkeys(("click.py", "yaml.py", "sitecustomize.py", "json.py"), _IMPORTED)
    ),
}

# These change what git prints, or which names it believes; they run nothing.
PRINTS = Vector(
    {
        "color.ui": "always",
        "core.abbrev": "4",
        "core.commitGraph": "true",
        "core.quotePath": "true",
        "core.warnAmbiguousRefs": "false",
        "core.notesRef": "refs/notes/x",
        "diff.ignoreSubmodules": "all",
        "diff.mnemonicPrefix": "true",
        "diff.noprefix": "true",
        "diff.relative": "true",
        "diff.renames": "copies",
        "diff.submodule": "log",
        "format.pretty": "oneline",
        "i18n.logOutputEncoding": "UTF-16",
        "log.abbrevCommit": "true",
        "log.date": "relative",
        "log.decorate": "full",
        "log.diffMerges": "off",
        "log.follow": "true",
        "log.mailmap": "true",
        "log.showRoot": "false",
        "status.showUntrackedFiles": "no",
        "submodule.sub.ignore": "all",
    }
)
