"""Where somebody signs: the repository, his key, the question, and the files handed to git."""

from __future__ import annotations

import sys
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import click

from isodocs.commands import uncommitted
from isodocs.commands.options import start, within_start
from isodocs.core.problem import CannotRun
from isodocs.core.subject import governing
from isodocs.git.mainline import find_mainline, is_ancestor
from isodocs.git.staging import stage, unstage
from isodocs.signing import signer
from isodocs.workspace import Desk, mainline_name, open_desk, open_reading
from isodocs.writing import alone, take_back, write_new

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from isodocs.core.library import Library
    from isodocs.git.repository import Repository
    from isodocs.signing.signer import Signer


class Answer(StrEnum):
    """What somebody says to one of several questions."""

    YES = "yes"
    NO = "no"
    QUIT = "quit"


def sit(mainline: str | None, trust_root: str | None) -> Desk:
    """The repository in which somebody is about to sign.

    Raises:
        CannotRun: there is no branch that could keep the signature, or as for ``open_desk``.
    """
    desk = open_desk(start(), mainline=mainline, trust_root=trust_root)
    if desk.library.branch is None:
        raise CannotRun(
            "HEAD is detached, so no branch would keep the signature. Switch to one first: git switch BRANCH"
        )
    return desk


def refuse_unsaved(desk: Desk, paths: Iterable[str]) -> None:
    """What is not committed is nobody's yet, so it cannot be signed; a first commit is signed as it lies.

    Raises:
        CannotRun: naming the first path that has changes.
    """
    if changed := sorted(desk.unsaved.intersection(paths)):
        raise CannotRun(f"{changed[0]} has changes that are not committed. Commit them first, then sign.")


def newer_mainline(desk: Desk, mainline: str | None, trust_root: str | None) -> Library | None:
    """The mainline as it stands now, where it has gone on since this branch left it; else None.

    Raises:
        CannotRun: as for ``open_reading``.
    """
    base = desk.library.commit
    tip = find_mainline(desk.repository, mainline or mainline_name(desk.repository)).tip
    if base is None or tip is None or tip == base or not is_ancestor(desk.repository, base, tip):
        return None
    return open_reading(start(), mainline=mainline, trust_root=trust_root)


def find_signer(repository: Repository, key: str | None) -> Signer:
    """The key to sign with: ``--key``, else git's ``user.signingkey``.

    Raises:
        CannotRun: there is none that can be used.
    """
    output = repository.run("config", "-z", "--list").decode("utf-8", "surrogateescape")
    config = dict(item.split("\n", 1) for item in output.split("\0") if "\n" in item)
    return signer.find(_from_start(key), config, ask_passphrase)


def _from_start(key: str | None) -> str | None:
    """A key file named on the command line counts from the folder the command works in."""
    if key is None or " " in key or start() == Path.cwd():
        return key
    return str(within_start(Path(key).expanduser()))


def ask_passphrase(question: str) -> str:
    """Ask on the terminal, unseen; where nobody watches, the passphrase is the next line of the input."""
    if sys.stdin.isatty():
        return str(click.prompt(question, hide_input=True, err=True, prompt_suffix=""))
    line = sys.stdin.readline()
    if not line:
        raise CannotRun(f"{question.rstrip(' :')} is needed, and no answer was given. Nothing was written.")
    return line.rstrip("\r\n")


def holder(desk: Desk, key: Signer) -> str:
    """Whose key it is; see ``holder_in``."""
    return holder_in(desk.library, key)


def holder_in(library: Library, key: Signer) -> str:
    """Whose key it is, by the register that governs.

    Raises:
        CannotRun: nobody's, or not now.
    """
    authority = governing(library)
    line, zone = key.public_key.line(), authority.settings.zone
    person = authority.register.key_holder(line, library.moment, zone)
    if person is not None:
        return person
    owners = sorted({who for who, _ in authority.register.keys_of(line)})
    name = f"The key {key.public_key.fingerprint()}"
    if not owners:
        raise CannotRun(
            f"{name} is in nobody's entry of people.yml, so nothing it signs counts. Name another key with "
            "--key, or take this one in: isodocs enrol --help"
        )
    if len(owners) > 1:
        raise CannotRun(f"{name} stands with {' and '.join(owners)} in people.yml, so it counts for nobody.")
    raise CannotRun(
        f"{name} of {owners[0]} is not valid today by people.yml, so nothing it signs counts. "
        "Take in a new one: isodocs enrol --help"
    )


def confirm(question: str, *, yes: bool) -> None:
    """Ask before anything is signed or written, unless told not to.

    Raises:
        CannotRun: the answer is no, or there is none.
    """
    if yes:
        return
    try:
        agreed = click.confirm(question, err=True)
    except click.Abort:
        click.echo(err=True)
        raise CannotRun("No answer was given, so nothing was written. To go on without: --yes") from None
    if not agreed:
        raise CannotRun("As you say: nothing was written.")


def choose(question: str, *, yes: bool) -> Answer:
    """Ask for one decision among several; with ``yes`` it is made.

    Raises:
        CannotRun: there is no answer.
    """
    if yes:
        return Answer.YES
    try:
        typed = click.prompt(f"{question} [y]es, [n]o, [q]uit", value_proc=_answer, err=True)
    except click.Abort:
        click.echo(err=True)
        raise CannotRun("No answer was given, so no more was signed. To go on without: --yes") from None
    return Answer(typed)


def _answer(typed: str) -> Answer:
    for one in Answer:
        if typed.strip() and one.value.startswith(typed.strip().lower()):
            return one
    raise click.UsageError("Type y, n or q.")


def put(desk: Desk, files: Mapping[str, bytes]) -> None:
    """Write the new files of a statement below the work tree and stage them; all or none.

    Raises:
        CannotRun: one exists, cannot be written, or git does not take it.
    """
    with alone(desk.repository.git_dir) as sure:
        if sure:
            uncommitted.clear_orphans(desk.root, desk.repository, files)
        write_new(desk.root, files)
        try:
            stage(desk.repository, files)
        except BaseException:
            with suppress(CannotRun):  # the index may hold them already, if git was told to stop
                unstage(desk.repository, files)
            take_back(desk.root, files)
            raise


def new_passphrase(path: object) -> str:
    """A passphrase for a new key, asked twice; empty leaves the key open to whoever gets its file.

    Raises:
        CannotRun: the two differ, or no answer was given.
    """
    first = _ask(f"Passphrase for the new key {path} (empty for none): ")
    if first != _ask("The same passphrase again: "):
        raise CannotRun("The two passphrases differ, so nothing was written.")
    if not first:
        click.echo("Without a passphrase, whoever copies the key file can sign as you.", err=True)
    return first


def _ask(question: str) -> str:
    if not sys.stdin.isatty():
        return ask_passphrase(question)
    return str(
        click.prompt(question, default="", show_default=False, hide_input=True, err=True, prompt_suffix="")
    )
