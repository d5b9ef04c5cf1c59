"""Who signs: a key file, an agent or a security key, found the way git finds its signing key."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from isodocs.core.problem import CannotRun
from isodocs.signing import agent
from isodocs.signing.agent import Agent, HardwareKey
from isodocs.signing.keyfile import AskPassphrase, KeyFile, generate, read_key_file
from isodocs.signing.keys import BadKey, PublicKey, parse_line

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Agent", "AskPassphrase", "HardwareKey", "KeyFile", "Signer", "find", "generate"]

_LITERAL = "key::"
_LITERAL_KINDS = ("ssh-", "ecdsa-", "sk-")
_HOW_TO_MAKE = (
    "Make a key with: ssh-keygen -t ed25519 -f ~/.ssh/id_ed25519 and name it with: "
    "git config --global gpg.format ssh and git config --global user.signingkey ~/.ssh/id_ed25519.pub "
    "(or give it with --key FILE)."
)


class Signer(Protocol):
    """Something that can sign as one key."""

    @property
    def public_key(self) -> PublicKey:
        """The key it signs with."""

    def sign(self, message: bytes) -> bytes:
        """The signature file for exactly these bytes, namespace ``isodocs``.

        Raises:
            CannotRun: no signature was made.
        """


def find(
    key: Path | str | None, git_config: Mapping[str, str], passphrase: AskPassphrase | None = None
) -> Signer:
    """The signer to use.

    Args:
        key: a private key file, a ``.pub`` file (the agent signs, else the private file beside it), or the
            key itself as in git's ``user.signingkey`` (``key::ssh-ed25519 AAAA…``); None: git's own choice.
        git_config: git's configuration, names in lower case. Programs it names are never run.
        passphrase: asks the person for the passphrase of an encrypted file.

    Raises:
        CannotRun: there is no such key, or it cannot be used; the text says how to get one.
    """
    if key is None:
        key = _from_git(git_config)
    if isinstance(key, str):
        if key.startswith((_LITERAL, *_LITERAL_KINDS)) and " " in key:
            return _from_literal(key.removeprefix(_LITERAL))
        key = Path(key)
    try:
        path = key.expanduser()
    except RuntimeError:  # no such user
        raise CannotRun(f"The key file {key} does not exist.") from None
    return _from_file(path, passphrase)


def _from_git(git_config: Mapping[str, str]) -> str:
    key = git_config.get("user.signingkey", "").strip()
    if not key:
        raise CannotRun(f"No signing key is known. {_HOW_TO_MAKE}")
    if git_config.get("gpg.format", "openpgp") != "ssh":
        raise CannotRun(
            f"git's user.signingkey is not an SSH key here (gpg.format is not ssh). {_HOW_TO_MAKE}"
        )
    return key


def _from_literal(line: str) -> Signer:
    try:
        return Agent(parse_line(line))
    except BadKey as fault:
        raise CannotRun(f"The signing key cannot be used: {fault}.") from None


def _from_file(path: Path, passphrase: AskPassphrase | None) -> Signer:
    data = read_key_file(path)
    if data.lstrip().startswith(b"-----BEGIN"):
        return _from_private(path, passphrase)
    if data.startswith(b"PuTTY-User-Key-File"):
        raise CannotRun(f"{path} is a PuTTY key: export it from PuTTYgen as an OpenSSH key first.")
    try:
        public = parse_line(data.decode("utf-8", "replace"))
    except BadKey as fault:
        raise CannotRun(f"{path} cannot be signed with: {fault}.") from None
    return _from_public(path, public, passphrase)


def _from_private(path: Path, passphrase: AskPassphrase | None) -> Signer:
    """The file itself, or the agent where that spares the passphrase."""
    file = KeyFile(path, passphrase)
    if file.openssh and file.public_key.hardware:
        return HardwareKey(path, file.public_key)
    if file.openssh and file.encrypted and not _why_not_agent(file.public_key):
        return Agent(file.public_key)
    return file


def _from_public(path: Path, public: PublicKey, passphrase: AskPassphrase | None) -> Signer:
    reason = _why_not_agent(public)
    if not reason:
        return Agent(public)
    private = path.with_suffix("")
    if path.suffix != ".pub" or not private.exists():
        raise CannotRun(f"{reason} There is no private key beside {path} either.")
    signer = _from_private(private, passphrase)
    if signer.public_key != public:
        raise CannotRun(f"{private} and {path} are not the two halves of one key.")
    return signer


def _why_not_agent(public: PublicKey) -> str:
    """Why the agent cannot sign with this key; empty if it can."""
    try:
        return "" if public in agent.held() else agent.missing(public)
    except CannotRun as fault:
        return str(fault)
