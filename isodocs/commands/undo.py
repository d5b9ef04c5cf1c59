"""Undo: signatures that are not committed yet are taken back, and nothing else is touched."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from isodocs.commands import desk as desks
from isodocs.commands import uncommitted
from isodocs.commands.options import documents, start
from isodocs.commands.output import remark, say
from isodocs.core.problem import CannotRun
from isodocs.core.reading import read_register
from isodocs.core.settings import REGISTER_FILE
from isodocs.core.statement import Meaning
from isodocs.core.text import visible
from isodocs.core.tree import AUTHORITY_ID
from isodocs.git.repository import Repository
from isodocs.git.staging import stage, unstage
from isodocs.git.tree import commit_tree
from isodocs.writing import alone, take_back, write_new

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from isodocs.commands.uncommitted import Uncommitted
    from isodocs.core.authority import Register

LEFT = 1


@dataclass(frozen=True, slots=True)
class _Me:
    """Who sits here: the people of the register who go by git's address, and the keys that are theirs."""

    people: frozenset[str]
    keys: frozenset[str]

    def made(self, one: Uncommitted) -> bool:
        """Whether a statement, or what is left of it, is of one's own making."""
        if one.key:
            return one.key in self.keys
        return one.statement is not None and one.statement.signer in self.people


@click.command()
@click.argument("names", metavar="[ID]...", nargs=-1, shell_complete=documents)
@click.option("--all", "everybody", is_flag=True, help="Those that others made here too.")
@click.option("--key", metavar="FILE", help="What this key signed is yours. Default: git's user.signingkey.")
@click.option("--yes", "-y", is_flag=True, help="Do not ask; take back what is shown.")
@click.option("--dry-run", is_flag=True, help="Show what would be taken back, and stop.")
def undo(names: tuple[str, ...], key: str | None, *, everybody: bool, yes: bool, dry_run: bool) -> int:
    r"""Take back signatures that isodocs wrote here and that are not committed yet.

    Their files go, and they leave the index; nothing else is touched. What a branch already has stays:
    a committed signature is answered by another one (return, withdraw), not taken away.

    \b
    isodocs undo              all of yours that are not committed
    isodocs undo SOP-001      those about one document; _authority: about settings and people
    """
    repository = Repository.open(start())
    if repository.root is None:
        raise CannotRun("This repository is bare: nothing is signed here that is not committed.")
    root = repository.root
    found = _chosen(uncommitted.find(root, repository), names)
    me = _me(repository, root, key)
    mine = [one for one in found if not one.changed and (everybody or me.made(one))]
    changed = [one for one in found if one.changed]
    others = len(found) - len(mine) - len(changed)
    if mine:
        say(_shown(mine))
    _tell_left(changed, others)
    if not mine:
        say("There is nothing to take back: what is committed stays. Answer it: isodocs return ID --reason …")
    elif dry_run:
        remark("Nothing was taken back: this was a dry run.")
    else:
        what = "this signature" if len(mine) == 1 else f"these {len(mine)} signatures"
        desks.confirm(f"Take back {what}?", yes=yes)
        _take_back(repository, root, mine)
        say(f"Taken back: {', '.join(_title(one) for one in mine)}.")
    return LEFT if changed or (not mine and names) else 0


def _chosen(found: Sequence[Uncommitted], names: Iterable[str]) -> list[Uncommitted]:
    """Those about these documents; all where none is named."""
    for name in names:
        if not any(one.id == name for one in found):
            raise CannotRun(
                f"No signature about {name} is here that is not committed; nothing was taken back."
            )
    wanted = frozenset(names)
    return [one for one in found if not wanted or one.id in wanted]


def _me(repository: Repository, root: Path, given: str | None) -> _Me:
    """Who sits here, by git's address and signing key, as the register has them."""
    register = _register(repository, root)
    address = repository.run("config", "--get", "user.email", check=False).decode("utf-8", "replace").strip()
    person = register.person_of_email(address) if register else None
    people, keys = {person} if person else set(), set()
    try:
        line = desks.find_signer(repository, given).public_key.line()
    except CannotRun:
        if given is not None:
            raise
    else:
        keys.add(line)
        people |= {who for who, _ in register.keys_of(line)} if register else set()
    if register:
        keys |= {one.key for who, one in register.all_keys() if who in people}
    return _Me(frozenset(people), frozenset(keys))


def _register(repository: Repository, root: Path) -> Register | None:
    """The register as it is committed, else as it lies here; None if it cannot be read."""
    with suppress(CannotRun, KeyError):
        head = repository.head()
        if head is not None:
            return read_register(commit_tree(repository, head).read(REGISTER_FILE))[0]
    place = root / REGISTER_FILE
    return read_register(place.read_bytes())[0] if place.is_file() and not place.is_symlink() else None


def _shown(found: Iterable[Uncommitted]) -> str:
    lines = ["This is taken back:"]
    for one in found:
        lines.append(f"  {_title(one)}{_said(one)}")
        lines += [f"    {visible(path)}{_where(one, path)}" for path in one.paths]
    return "\n".join(lines)


def _title(one: Uncommitted) -> str:
    if one.id == AUTHORITY_ID:
        return "settings and people"
    revision = one.path.split("/")[2:3]
    return visible(f"{one.id} revision {revision[0]}" if revision else one.id)


def _said(one: Uncommitted) -> str:
    made = one.statement
    if made is None:
        return ": a signature whose statement is gone"
    role = f", as {made.role}" if made.role and made.meaning is not Meaning.AUTHORITY else ""
    return visible(f": {made.meaning} by {made.name}{role}, {made.time}")


def _where(one: Uncommitted, path: str) -> str:
    if path not in one.files:
        return " (only in the index)"
    return "" if path in one.staged else " (not staged)"


def _tell_left(changed: Sequence[Uncommitted], others: int) -> None:
    """What stays, and how else it may go."""
    for one in changed:
        remark(
            f"{visible(one.path)} stays as it is, since it is not as it was signed: {visible(one.changed)}. "
            f"To remove it: git rm -f --cached --ignore-unmatch FILE, and delete FILE (also FILE.sig)."
        )
    if others:
        remark(f"{others} made by others {'stays' if others == 1 else 'stay'}; --all takes them back too.")


def _take_back(repository: Repository, root: Path, found: Sequence[Uncommitted]) -> None:
    """Remove the files and their places in the index; all, or nothing is changed."""
    with alone(repository.git_dir):
        names = [one.path for one in found]
        now = {one.path: one for one in uncommitted.find(root, repository)}
        if any(now.get(one.path) != one for one in found):
            raise CannotRun("Something else changed these files meanwhile; nothing was taken back.")
        files = {path: data for one in found for path, data in one.files.items()}
        staged = {path: data for one in found for path, data in one.staged.items()}
        try:
            unstage(repository, {**files, **staged})  # also what is only announced (git add -N)
            for path in sorted(files, key=lambda path: (path.removesuffix(uncommitted.SIG), path)):
                (root / path).unlink()
        except BaseException as fault:
            write_new(root, {path: data for path, data in files.items() if not (root / path).exists()})
            if staged:
                stage(repository, staged)
            if isinstance(fault, OSError):
                raise CannotRun(f"{names[0]} cannot be removed: {fault.strerror}.") from None
            raise
        take_back(root, files)  # the folders that are empty now
