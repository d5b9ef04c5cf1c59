"""Keys that this process never sees: in a running ssh-agent, or in a security key. ssh-keygen signs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from isodocs.core.problem import CannotRun
from isodocs.signing import openssh
from isodocs.signing.keyfile import checked
from isodocs.signing.keys import BadKey, PublicKey, parse_line
from isodocs.signing.sshsig import NAMESPACE

if TYPE_CHECKING:
    from pathlib import Path

_UNREACHABLE = 2  # exit status of ssh-add: ssh-add(1)


class Agent:
    """Signs with a key that ssh-agent holds.

    Args:
        public_key: which of its keys.
    """

    def __init__(self, public_key: PublicKey) -> None:
        self.public_key = public_key

    def sign(self, message: bytes) -> bytes:
        """The signature file for ``message``.

        Raises:
            CannotRun: the agent cannot be reached, does not hold the key, or declines.
        """
        with openssh.scratch_folder() as folder:
            public = folder / "key.pub"
            public.write_text(self.public_key.line() + "\n", encoding="ascii")
            done = openssh.run("ssh-keygen", "-Y", "sign", "-U", "-n", NAMESPACE, "-f", public, data=message)
        if done.returncode == 0:
            return checked(message, done.stdout, self.public_key)
        if b"agent socket" in done.stderr:
            raise CannotRun(_no_agent())
        if b"find key in agent" in done.stderr:
            raise CannotRun(missing(self.public_key))
        raise CannotRun(f"The ssh-agent did not sign: {openssh.last_words(done) or 'it gives no reason'}.")


class HardwareKey:
    """Signs with a security key (FIDO2); ssh-keygen asks for the touch and the PIN.

    Args:
        path: the key's handle, the file that ``ssh-keygen -t ed25519-sk`` made.
        public_key: its public half.
    """

    def __init__(self, path: Path, public_key: PublicKey) -> None:
        self.path = path
        self.public_key = public_key

    def sign(self, message: bytes) -> bytes:
        """The signature file for ``message``.

        Raises:
            CannotRun: ssh-keygen did not sign; it has said why on the terminal.
        """
        options = ("-n", NAMESPACE, "-f", self.path)
        done = openssh.run_with_person("ssh-keygen", "-Y", "sign", *options, data=message)
        if done.returncode:
            raise CannotRun(f"The security key of {self.path} did not sign. Is it plugged in?")
        return checked(message, done.stdout, self.public_key)


def held() -> tuple[PublicKey, ...]:
    """The keys that the running ssh-agent holds and that count.

    Raises:
        CannotRun: no agent can be reached, or OpenSSH is missing.
    """
    done = openssh.run("ssh-add", "-L")
    if done.returncode == _UNREACHABLE:
        raise CannotRun(_no_agent())
    keys = []
    for line in done.stdout.decode("utf-8", "replace").splitlines():
        try:
            keys.append(parse_line(line))
        except BadKey:  # a kind that does not count, or "The agent has no identities."
            continue
    return tuple(keys)


def missing(key: PublicKey) -> str:
    """The sentence for a key that the agent does not hold."""
    return f"The ssh-agent does not hold the key {key.fingerprint()}: add it with ssh-add."


def _no_agent() -> str:
    return "No ssh-agent can be reached (SSH_AUTH_SOCK): start one, or give the private key file with --key."
