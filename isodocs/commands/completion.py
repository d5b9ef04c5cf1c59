"""Shell completion: ``isodocs completion`` prints the script that click makes for a shell."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from isodocs.commands.output import say
from isodocs.core.problem import CannotRun

INSTALL = {
    "bash": "# Keep it: isodocs completion bash > ~/.local/share/bash-completion/completions/isodocs",
    "zsh": "# Keep it: isodocs completion zsh > a file called _isodocs in a folder of your $fpath",
    "fish": "# Keep it: isodocs completion fish > ~/.config/fish/completions/isodocs.fish",
}


@click.command()
@click.argument("shell", type=click.Choice(tuple(INSTALL)))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print what makes the Tab key complete isodocs commands, document ids and rule codes.

    \b
    For now:  eval "$(isodocs completion bash)"
    For good: isodocs completion bash > ~/.local/share/bash-completion/completions/isodocs
    """  # noqa: D301 - click reads the \b
    found = get_completion_class(shell)
    if found is None:
        raise CannotRun(f"The installed click knows no completion for {shell}.")
    script = found(context.find_root().command, {}, "isodocs", "_ISODOCS_COMPLETE").source()
    first, _, rest = script.strip().partition("\n")
    say(
        f"{first}\n{INSTALL[shell]}\n{rest}"
        if first.startswith("#")
        else f"{INSTALL[shell]}\n{first}\n{rest}"
    )
