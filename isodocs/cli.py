"""The command line: parse, dispatch, and the one boundary from exceptions to exit status.

Importing this module loads click and nothing else of weight; a verb's module is loaded when it is called.

Exit status: 0 no error-level problem, 1 errors found, 2 could not run; 130 interrupted, 141 the reader of
our output went away (128 + the signal's number, as shells have it).
"""

from __future__ import annotations

import gc
import io
import os
import sys
import traceback
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem, shell_complete

from isodocs import __version__
from isodocs.commands import JOBS, VERBS
from isodocs.commands.options import Session
from isodocs.core.problem import CannotRun
from isodocs.core.suggest import closest
from isodocs.core.text import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

NAME = "isodocs"
COMPLETE = "_ISODOCS_COMPLETE"
COULD_NOT_RUN = 2
INTERRUPTED = 130
READER_GONE = 141

EXAMPLES = """\
Examples:
  isodocs check                     judge the work tree and say how to mend it
  isodocs check --staged            judge what the next commit would hold
  isodocs explain RV101             what a rule asks, and why
  isodocs approve SOP-001           sign the revision that stands in SOP-001
  isodocs list --as-of 2026-03-31   what was in force on a day
  isodocs history SOP-001           its revisions, and who signed them

Exit status: 0 fine (warnings may be there), 1 errors found, 2 could not run.
Try it on a company with a past: isodocs demo demo --build --serve
"""


class Verbs(click.Group):
    """A group whose subcommands stand in the table of ``isodocs.commands`` and load when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The names of all verbs, in the order of the overview."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The verb, freshly imported; None if there is none of that name."""
        verb = VERBS.get(cmd_name)
        if verb is None:
            return None
        module, _, attribute = verb.target.partition(":")
        try:
            command = getattr(import_module(module), attribute)
        except ModuleNotFoundError as error:
            raise _missing(error) from error
        if not gc.isenabled():  # as ``run`` has it while modules are loaded
            gc.freeze()
            gc.enable()
        assert isinstance(command, click.Command)  # noqa: S101 - a test holds it for the whole table
        if command.help:
            command.help = command.help.replace("\\b\n", "\b\n")  # raw docstrings spell click's mark out
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does it, with the verb that was probably meant."""
        if args and not args[0].startswith("-") and args[0] not in VERBS:
            near = closest(args[0], VERBS)
            hint = f" Did you mean '{near}'?" if near else " `isodocs --help` lists them."
            ctx.fail(f"There is no command '{args[0]}'.{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The verbs, grouped by the job they serve; none is imported for it."""
        for job in JOBS:
            with formatter.section(job.title):
                formatter.write_dl([(verb.name, verb.summary) for verb in job.verbs])

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The examples, as they stand."""
        formatter.write(f"\n{EXAMPLES}")

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
        """Verbs with their one line, from the table; options as click does it."""
        if incomplete.startswith("-"):
            return super().shell_complete(ctx, incomplete)
        found = [verb for name, verb in VERBS.items() if name.startswith(incomplete)]
        return [CompletionItem(verb.name, help=verb.summary) for verb in found]


@click.group(cls=Verbs, name=NAME, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "-C",
    "folder",
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Work in this folder.",
)
@click.option("--debug", is_flag=True, help="Show the traceback of a fault (or set ISODOCS_DEBUG=1).")
@click.version_option(__version__, prog_name=NAME)
@click.pass_context
def program(context: click.Context, folder: Path | None, *, debug: bool) -> None:  # noqa: ARG001 - see main
    """Git-native document control for management systems.

    Documents are Markdown files in git. What is in force, since when and by whose signature follows from
    the mainline, the signatures and the day. `isodocs COMMAND --help` says more about each command.
    """
    context.obj = Session((folder or Path()).absolute())


def run() -> int:
    """The program as a process of its own: ``main`` with the words of the command line.

    What is imported stays to the end. Python need not look through it for what could be given back, neither
    while it grows nor when it all goes: that is a sixth of the time of a commit hook.
    """
    gc.disable()
    status = main()
    gc.freeze()
    return status


def main(args: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit status; no exception leaves but what ends the interpreter.

    Args:
        args: the words after ``isodocs``; those of the process where None.
    """
    words = list(sys.argv[1:] if args is None else args)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a name that the terminal cannot show ends nothing
    try:
        status = _dispatch(words)
        sys.stdout.flush()
    except BaseException as error:  # noqa: BLE001 - this is the boundary
        return _status(error, debug="--debug" in words or bool(os.environ.get("ISODOCS_DEBUG")))
    return status


def _dispatch(words: list[str]) -> int:
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # nothing else may change what models accept
    instruction = os.environ.get(COMPLETE)
    if instruction and not words:  # a hook with words of its own must never be talked into a friendly 0
        return shell_complete(program, {}, NAME, COMPLETE, instruction)
    with program.make_context(NAME, list(words)) as context:
        status = program.invoke(context)
    return status if isinstance(status, int) else 0


def _status(error: BaseException, *, debug: bool) -> int:
    """The exit status of an exception, and its one clear sentence on standard error."""
    match error:
        case click.exceptions.Exit():
            return error.exit_code
        case SystemExit():
            return error.code if isinstance(error.code, int) else COULD_NOT_RUN if error.code else 0
        case BrokenPipeError():
            _drop_output()
            return READER_GONE
        case KeyboardInterrupt():
            _complain("Interrupted.")
            return INTERRUPTED
    if debug:
        traceback.print_exception(error)
    match error:
        case click.ClickException():
            shown = io.StringIO()
            error.show(file=shown)
            click.echo("\n".join(map(visible, shown.getvalue().removesuffix("\n").split("\n"))), err=True)
        case click.Abort():
            click.echo(err=True)  # the question stands on a line without an end
            _complain("Stopped: no answer was given.")
        case CannotRun():
            _complain(str(error))
        case OSError() if error.strerror:
            place = f"{os.fsdecode(error.filename)}: " if error.filename is not None else ""
            _complain(f"{place}{error.strerror}.")
        case _:
            _complain(_our_fault(error))
    return COULD_NOT_RUN


def _our_fault(error: BaseException) -> str:
    words = " ".join(str(error).split())
    what = f"{type(error).__name__}: {words}" if words else type(error).__name__
    return (
        f"This is a fault of isodocs {__version__}, not yours ({what}). Please report it in the project's "
        "issue tracker, with the command line and what `ISODOCS_DEBUG=1` before it adds to this message."
    )


def _complain(sentence: str) -> None:
    lines = [visible(line) for line in sentence.split("\n")]
    click.echo(f"{NAME}: " + "\n".join(lines), err=True)


def _missing(error: ModuleNotFoundError) -> CannotRun:
    """What to install, where a command needs more than the core."""
    name = error.name or ""
    if name.partition(".")[0] == NAME:
        return CannotRun(f"This command is not part of isodocs {__version__} yet ({name} is missing).")
    return CannotRun(
        f"This command needs the Python package {name}; install it with `pip install 'isodocs[demo]'`."
    )


def _drop_output() -> None:
    """Send what is still to be written nowhere, so that the interpreter's last flush finds no closed pipe."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):  # standard output is no file, as in tests
        return
