"""Setting up: ``init`` for one's own company, ``demo`` to try everything on an invented one."""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from isodocs.commands import founding, starting
from isodocs.commands.options import within_start
from isodocs.commands.output import colourful, remark, say
from isodocs.core.identity import parse_date

if TYPE_CHECKING:
    from datetime import date

    from isodocs.demo import Played


def _day(_context: click.Context, _parameter: click.Parameter, text: str | None) -> date | None:
    day = parse_date(text) if text else None
    if text and day is None:
        raise click.BadParameter(f"'{text}' is no date such as 2026-03-31.")
    return day


@click.command()
@click.argument("target", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--build", is_flag=True, help="Build the company's manual too.")
@click.option("--serve", is_flag=True, help="Build the manual and show it on this machine, until Ctrl-C.")
@click.option(
    "--today", metavar="DATE", callback=_day, help="The last day of the story. Default: the real one."
)
@click.option("--port", type=click.IntRange(0, 65535), help="Serve here. Default: 8000, or the next free.")
@click.option("--open/--no-open", "open_browser", default=False, help="Open a browser on the served manual.")
def demo(
    target: Path, today: date | None, port: int | None, *, build: bool, serve: bool, open_browser: bool
) -> int:
    r"""Play eighteen months of an example company into a new repository, to try everything on.

    DIR must be new or empty. Git itself makes the history: several people write, sign and merge. All times
    in it are claimed, not lived. At the end you are one of the authors, and the last lines say what to try.

    \b
    isodocs demo demo                   the repository alone
    isodocs demo demo --build --serve   and its manual, in your browser
    """
    from isodocs.demo import play, site  # noqa: PLC0415 - what init does not need
    from isodocs.demo.files import SITE  # noqa: PLC0415 - as above

    if build or serve:
        site.require_mkdocs()
    root = within_start(target)
    server = site.open_server(root / SITE, port) if serve else None
    remark(f"Playing the life of an example company into {target}. All times in it are claimed.")
    played = play(root, today, remark)
    say(_what_to_try(played, target))
    if not build and not serve:
        return 0
    remark("Building the manual…")
    site.build(played.root)
    if server:
        site.serve(server, _say_at_once, open_browser=open_browser)
    else:
        say(f"The manual is in {target / SITE}; open index.html of it through any web server.")
    return 0


def _say_at_once(text: str) -> None:
    """Say it to whoever watches, also through a pipe."""
    say(text)
    sys.stdout.flush()


def _what_to_try(played: Played, target: Path) -> str:
    """The last words: who you are, and what to do as the author and as the approver."""
    story = played.story
    author = played.people[story.visitor].name
    (branch, document), *_ = story.expected.open_branches.items()
    prepare, own = _within_reach()
    place = shlex.quote(str(target))
    steps = f"""
The example company lies in {target}. All times in its history are claimed, as in any git history.
You are {author}, an author. 'git as PERSON' makes you somebody else; their keys are in .git/demo-keys.

  # look around
{prepare}  cd {place}
  {own} list
  {own} history SOP-001

  # put the hooks in place, then see an approved document protected
  pre-commit install
  git switch -c try && echo "One more line." >> documents/policies/POL-001-quality-policy.md
  git commit -a -m "Try to change the policy"       # stopped: RV101, and how to go on
  git restore --staged --worktree . && git switch main

  # the author: a draft waits on a branch
  git switch {branch}
  {own} status {document}
  {own} approve {document}                           # refused: it takes somebody else

  # the approver: sign it, and merge it into force
  git as asa-lindgren
  {own} approve {document}
  git commit -m "Approve {document} revision 3"
  git switch main && git as nina-falk
  git merge --no-ff -m "Merge {document} revision 3" {branch}
  {own} list
"""
    return _bright(steps)


def _within_reach() -> tuple[str, str]:
    """A line that makes the terminal find isodocs and pre-commit, if needed; and how to call isodocs."""
    if shutil.which("isodocs"):
        return "", "isodocs"
    activate = Path(sys.prefix) / "bin" / "activate"
    if activate.is_file():
        return f"  source {shlex.quote(str(activate))}\n", "isodocs"
    return "", f"{shlex.quote(sys.executable)} -P -m isodocs"


def _bright(text: str) -> str:
    """Comments dimmed, where a terminal shows it."""
    if not colourful():
        return text
    return "\n".join(click.style(line, dim=True) if "  # " in line[:4] else line for line in text.split("\n"))


@click.command()
@click.argument("target", metavar="[DIR]", type=click.Path(path_type=Path), default=Path())
@click.option("--title", metavar="TEXT", help="What the management system is called.")
@click.option("--name", metavar="NAME", help="Your name, as it will stand beside what you sign.")
@click.option("--email", metavar="ADDRESS", help="The address under which you commit.")
@click.option("--person", metavar="ID", help="Your id in the register. Default: from your name.")
@click.option("--role", metavar="ID", help="The role you hold. Default: quality-manager.")
@click.option("--key", metavar="FILE", help="Your signing key. Default: that of git, or a new one.")
@click.option("--timezone", metavar="ZONE", help="Where a day begins, such as Europe/Berlin.")
@click.option(
    "--standard",
    "standards",
    metavar="NAME",
    multiple=True,
    help="A standard to follow: iso9001:2015.",
)
@click.option("--yes", "-y", is_flag=True, help="Ask nothing: take what is given and the defaults.")
def init(target: Path, standards: tuple[str, ...], *, yes: bool, **given: Any) -> int:
    r"""Start a quality management system in this folder: settings, people, a first document, hooks.

    Nothing that is there is overwritten. You become its first person, with your signing key.

    \b
    isodocs init
    isodocs init quality --name "Jane Doe" --email jane@example.org --yes
    """
    wish = founding.Wish(standards=standards, **given)
    done = starting.begin(within_start(target), wish, founding.Questions(silent=yes))
    say(starting.report(done, target))
    return 0
