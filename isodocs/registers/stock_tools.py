"""The commands by which evidence is seen without isodocs: git, ``sha256sum``, ``ssh-keygen``, a shell.

They name files by the commit that holds them, so they answer the same in every clone.
"""

from __future__ import annotations

from shlex import quote
from typing import TYPE_CHECKING

from isodocs.core.statement import Assurance, encode, file_name
from isodocs.core.tree import AUTHORITY_ID
from isodocs.registers.signers import signer_line

if TYPE_CHECKING:
    from isodocs.core.library import Library
    from isodocs.core.life import Judged

_SHORT = 12
_WITHOUT_SIGNATURE = frozenset({Assurance.UNSIGNED, Assurance.LEGACY})


def blob(commit: str, path: str) -> str:
    """Print a file as it stands in a commit."""
    return f"git cat-file blob {quote(f'{commit[:_SHORT]}:{path}')}"


def digest(commit: str, path: str) -> str:
    """Print its SHA-256."""
    return f"{blob(commit, path)} | sha256sum"


def when(commit: str) -> str:
    """Print a commit's full name and its time."""
    return f"git show -s --format='%H %cI' {commit[:_SHORT]}"


def on_mainline(tip: str, commit: str) -> str:
    """Print a commit's name if it stands on the first-parent chain of the tip."""
    return f"git rev-list --first-parent {tip[:_SHORT]} | grep {commit}"


def entry_of_key(item: Judged, commit: str, path: str) -> str | None:
    """Print the line of a register that holds the key of a statement; None where nothing was signed."""
    return f"{blob(commit, path)} | grep -nF {item.key.split(' ')[-1]}" if _is_signed(item) else None


def signature(item: Judged, commit: str, path: str) -> str | None:
    """Let ssh-keygen verify the signature beside a statement; None where there is none."""
    if not _is_signed(item):
        return None
    signer = item.statement.signer
    return (
        f"echo {quote(signer_line(signer, item.key))} > allowed && {blob(commit, f'{path}.sig')} > sig && "
        f"{blob(commit, path)} | ssh-keygen -Y verify -n isodocs -I {signer} -f allowed -s sig"
    )


def _is_signed(item: Judged) -> bool:
    return item.statement.assurance not in _WITHOUT_SIGNATURE and bool(item.key)


def place(library: Library, item: Judged) -> tuple[str, str]:
    """A commit that holds a statement with its signature, and where: the tip, or that of its entry."""
    found = library.state.tree.statement(item.digest, item.statement.id or AUTHORITY_ID)
    if found is not None and f"{found[0]}.sig" in library.files and library.commit == library.state.commit:
        return library.state.commit, found[0]
    return item.commit, file_name(encode(item.statement), item.statement)
