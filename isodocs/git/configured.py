"""What git's configuration says of its user and of remotes, from one process."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from isodocs.git.repository import Repository

_WANTED = r"^(user\.(name|email)|remote\..*)$"


class Configured(NamedTuple):
    """What is configured.

    Attributes:
        name: of the user; None where nothing says so.
        email: likewise.
        remotes: the names of the remotes, sorted.
    """

    name: str | None
    email: str | None
    remotes: tuple[str, ...]


def configured(repository: Repository) -> Configured:
    """What git says of its configuration; of several values the last one counts (git-config(1))."""
    output = repository.run("config", "-z", "--get-regexp", _WANTED, check=False)
    rows = (row.partition(b"\n") for row in output.split(b"\0")[:-1])
    values = {
        key.decode("utf-8", "surrogateescape"): value.decode("utf-8", "replace") for key, _, value in rows
    }
    named = {key.partition(".")[2].rpartition(".")[0] for key in values if key.startswith("remote.")}
    remotes = tuple(sorted(name for name in named if name and not name.startswith("/")))
    return Configured(values.get("user.name"), values.get("user.email"), remotes)
