"""``receive``: the gate of a server, run by git when somebody pushes, and what puts it in place."""

from __future__ import annotations

import os
import sys
import textwrap
import time
from typing import TYPE_CHECKING, Any

import click

from isodocs.commands.options import format_option, mainline_option, start, trust_root_option
from isodocs.commands.output import envelope, say, say_json
from isodocs.core.identity import format_time
from isodocs.core.problem import CannotRun, Severity
from isodocs.core.text import visible
from isodocs.git.repository import Repository
from isodocs.reports import problems as report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.gates.certificates import Witness
    from isodocs.gates.receive import Judgement
    from isodocs.gates.updates import Update

COLUMNS = 72  # git puts "remote: " before each line
SHOWN = 30


@click.command()
@click.option("--install", "task", flag_value="install", help="Put the hooks in place. Renews them too.")
@click.option("--uninstall", "task", flag_value="uninstall", help="Take the hooks away.")
@click.option(
    "--certificates", "task", flag_value="certificates", help="List the signed pushes that are kept."
)
@click.option("--witness", "task", flag_value="witness", hidden=True)  # the post-receive hook
@mainline_option
@trust_root_option
@format_option("text", "json")
def receive(task: str | None, mainline: str | None, trust_root: str | None, form: str) -> int:
    """Judge pushes on the server, before anything moves.

    Run by git as the pre-receive hook of the bare repository that people push to. The mainline is judged as
    a release, from git objects alone; one error refuses the whole push. A force-push, a turned or deleted
    mainline, refs/replace, and names that could be taken for the mainline are refused whatever they bring.
    Other branches and tags pass without being judged: on them drafts are at home.

    Log in as the user under whom git runs on the server, go to the bare repository, and run

    \b
    isodocs receive --install

    \b
    sshd           the folder that people push to: user@server:/srv/qms.git
    http-backend   the same, as the user of the web server; set http.receivepack
                   for those who may push
    gitolite3      ~/repositories/qms.git; gitolite leaves this hook alone. Or for
                   several repositories: a hooks/common/pre-receive that runs the
                   installed line where $GL_REPO is one of them

    Run it again after the first push: it then pins the trust root. Signed pushes (git push --signed) are
    kept below refs/isodocs/push-certificates, as witnesses of when a push came in.
    """  # noqa: D301 - click reads the \b
    repository = Repository.open(start())
    match task:
        case "install" | "uninstall":
            return _hooks(repository, task, mainline, trust_root)
        case "certificates":
            return _certificates(repository, form)
        case "witness":
            return _witness(repository, mainline, trust_root)
        case _:
            return _judge(repository, mainline, trust_root)


def _hooks(repository: Repository, task: str, mainline: str | None, trust_root: str | None) -> int:
    """Put the hooks in place, or take them away."""
    from isodocs.gates import install  # noqa: PLC0415 - the hook needs none of it

    done = (
        install.install(repository, mainline, trust_root)
        if task == "install"
        else install.uninstall(repository)
    )
    say("\n".join(done))
    return 0


def _judge(repository: Repository, mainline: str | None, trust_root: str | None) -> int:
    """Run as git's pre-receive hook."""
    from isodocs.gates.receive import Gate  # noqa: PLC0415 - only where it is needed

    judgement = Gate(repository, _asked(), int(time.time()), mainline, trust_root).judge()
    if lines := list(_words(judgement, pinned=trust_root is not None)):
        say("\n".join(lines))
    return 0 if judgement.accepted else 1


def _asked() -> tuple[Update, ...]:
    """What the push asks.

    Raises:
        CannotRun: this is no hook, or git's words are not understood.
    """
    from isodocs.gates import updates  # noqa: PLC0415 - only where it is needed

    if sys.stdin and sys.stdin.isatty():
        raise CannotRun("git runs this when somebody pushes. To put it in place: isodocs receive --install")
    if os.environ.get("GIT_NAMESPACE"):
        raise CannotRun("This server divides the repository by GIT_NAMESPACE, which cannot be judged.")
    return updates.read(_standard_input())


def _standard_input() -> bytes:
    """What git writes to its hook; nothing where it is closed."""
    if not sys.stdin:
        return b""
    binary = getattr(sys.stdin, "buffer", None)  # absent where a test has put a text in its place
    return binary.read() if binary else sys.stdin.read().encode("utf-8", "surrogateescape")


def _words(judgement: Judgement, *, pinned: bool) -> Iterator[str]:
    """What the person who pushes reads, in short lines."""
    if not judgement.accepted:
        yield f"isodocs: refused; {visible(judgement.mainline)} stays as it is, and so does all else."
    for refusal in judgement.refusals:
        yield from _short(f"  {visible(refusal.what)}")
        yield from _short(f"    {visible(refusal.instead)}")
    library, found = judgement.library, judgement.problems
    if library is None or (judgement.refusals and not found):
        return
    concerning = [one for one in found if one.severity is Severity.ERROR or library.blocks(one)]
    concerning.sort(key=lambda one: one.severity is not Severity.ERROR)
    for line in report.text(concerning[:SHOWN], library, colour=False).split("\n"):
        yield from _short(line)
    if len(concerning) > SHOWN:
        yield from _short(f"These are {SHOWN} of {len(concerning)}; `isodocs gate` in your clone shows all.")
    if aside := len(found) - len(concerning):
        yield from _short(
            f"Left aside: {aside} on what this push does not touch; `isodocs check` shows them, and reads "
            "every document."
        )
    if judgement.accepted and library.base is None and not pinned:
        yield from _short(
            f"The trust root is {library.state.root}. The server's administrator can pin it: "
            "isodocs receive --install"
        )


def _short(line: str) -> list[str]:
    """A line broken at spaces, so that it can be read behind ``remote:``; what follows is indented more."""
    indent = line[: len(line) - len(line.lstrip(" "))]
    broken = textwrap.wrap(
        line.strip(),
        COLUMNS,
        initial_indent=indent,
        subsequent_indent=f"{indent}  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
    return broken or [""]


def _witness(repository: Repository, mainline: str | None, trust_root: str | None) -> int:
    """Run as git's post-receive hook: what went in stays in, whatever happens here."""
    if not os.environ.get("GIT_PUSH_CERT", "").strip("0"):
        return 0
    from isodocs.gates import certificates  # noqa: PLC0415 - only where it is needed

    try:
        told = certificates.keep(
            repository, os.environ, _asked(), int(time.time()), mainline=mainline, trust_root=trust_root
        )
    except CannotRun as fault:
        told = ["isodocs: the push is in, but its certificate could not be kept:", f"  {fault}"]
    if lines := [short for line in told for short in _short(visible(line))]:
        say("\n".join(lines))
    return 0


def _certificates(repository: Repository, form: str) -> int:
    """List the signed pushes that are kept."""
    from isodocs.gates import certificates  # noqa: PLC0415 - only where it is needed

    kept = certificates.kept(repository)
    if form == "json":
        say_json(envelope("receive", None, map(_facts, kept)))
    elif kept:
        say("\n\n".join("\n".join(map(visible, _row(one))) for one in kept))
    else:
        say(
            f"No signed push is kept here. Fetch them: git fetch origin {certificates.REF}:{certificates.REF}"
        )
    return 0


def _row(one: Witness) -> Iterator[str]:
    who = one.person or "nobody of the register"
    yield f"{one.received}  {who}  {one.commit[:12]}"
    yield from (f"  {ref}  {old[:12]} → {new[:12]}" for old, new, ref in map(_parts, one.moved))
    if one.verdict.ok:
        yield f"  signed by {one.verdict.fingerprint}"
    else:
        yield f"  the signature does not count: {one.verdict.why}"
    if one.nonce not in {"OK", "SLOP"}:
        yield f"  without a number of the server's ({one.nonce}): it could be an older one, sent again"


def _parts(move: str) -> tuple[str, str, str]:
    old, _, rest = move.partition(" ")
    new, _, ref = rest.partition(" ")
    return old, new, ref


def _facts(one: Witness) -> dict[str, Any]:
    """A kept push for machines; ``claimed`` is the pusher's own clock."""
    claimed = one.certificate.claimed
    return {
        "commit": one.commit,
        "received": one.received,
        "claimed": None if claimed is None else format_time(claimed),
        "person": one.person,
        "pusher": one.certificate.pusher,
        "fingerprint": one.verdict.fingerprint or None,
        "valid": one.verdict.ok,
        "why": one.verdict.why or None,
        "nonce": one.nonce,
        "updates": [{"ref": ref, "old": old, "new": new} for old, new, ref in map(_parts, one.moved)],
    }
