"""Private key files: signing with one in this process, and making one.

The layout of OpenSSH's files is in its PROTOCOL.key; the public half stands there unencrypted, so that a
signer knows its key before anybody is asked for a passphrase.
"""

from __future__ import annotations

import binascii
import os
import stat
from functools import cached_property
from typing import TYPE_CHECKING, Final, TypeAlias

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from isodocs.core.problem import CannotRun
from isodocs.signing import verify
from isodocs.signing.keys import BadKey, PublicKey, parse_blob, parse_line
from isodocs.signing.sshsig import NAMESPACE, Signature, signed_data, write
from isodocs.signing.wire import Malformed, Reader, mpint
from isodocs.writing import create

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

AskPassphrase: TypeAlias = "Callable[[str], str]"
Private: TypeAlias = Ed25519PrivateKey | ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

HASH: Final = "sha512"  # ssh-keygen's own choice for every kind of key
LONGEST: Final = 65_536
_OPENSSH_BEGIN = b"-----BEGIN OPENSSH PRIVATE KEY-----"
_OPENSSH_END = b"-----END OPENSSH PRIVATE KEY-----"
_OPENSSH_MAGIC = b"openssh-key-v1\0"
_CURVE_HASHES: Final[dict[int, type[hashes.HashAlgorithm]]] = {
    256: hashes.SHA256,
    384: hashes.SHA384,
    521: hashes.SHA512,
}


class KeyFile:
    """Signs with a private key file: OpenSSH's own format, PEM or PKCS #8.

    Args:
        path: the file.
        passphrase: asked with a question for the person, if the file is encrypted; None: nobody can be asked.

    Raises:
        CannotRun: the file cannot be read, is open to others, or holds no key that counts.
    """

    def __init__(self, path: Path, passphrase: AskPassphrase | None = None) -> None:
        self.path = path
        self._ask = passphrase
        self._data = read_key_file(path)
        self._header = _openssh_header(self._data)
        _refuse_open_file(path)

    @property
    def openssh(self) -> bool:
        """Whether it is in OpenSSH's own format, which tells the public key without a passphrase."""
        return self._header is not None

    @property
    def encrypted(self) -> bool:
        """Whether a passphrase will be asked for."""
        return self._header[0] if self._header else b"ENCRYPTED" in self._data

    @cached_property
    def public_key(self) -> PublicKey:
        """The public half. Of an encrypted file in another format than OpenSSH's it needs the passphrase."""
        try:
            if self._header:
                return parse_blob(self._header[1])
            form = (serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
            return parse_line(self._private.public_key().public_bytes(*form).decode())
        except ValueError as fault:
            raise CannotRun(f"{self.path} cannot be signed with: {fault}.") from None

    def sign(self, message: bytes) -> bytes:
        """The signature file for ``message``, as ssh-keygen would have written it.

        Raises:
            CannotRun: wrong passphrase, or a file whose private and public halves differ.
        """
        public = self.public_key  # first: a kind that does not count is refused before a passphrase is asked
        algorithm, blob = _sign(self._private, signed_data(NAMESPACE, HASH, message))
        armour = write(Signature(public.blob, NAMESPACE, HASH, algorithm, blob))
        return checked(message, armour, public)

    @cached_property
    def _private(self) -> Private:
        password = self._passphrase() if self.encrypted else None
        load = serialization.load_ssh_private_key if self._header else serialization.load_pem_private_key
        try:
            private = load(self._data, password)
        except (UnsupportedAlgorithm, ValueError, TypeError, NotImplementedError, InvalidTag) as fault:
            raise CannotRun(f"The key file {self.path} cannot be opened: {self._why_not(fault)}.") from None
        if not isinstance(private, Ed25519PrivateKey | ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
            raise CannotRun(f"{self.path} holds a kind of key that does not count: use ssh-ed25519.")
        return private

    def _why_not(self, fault: Exception) -> str:
        if isinstance(fault, UnsupportedAlgorithm):
            return "its kind of key or of encryption is not supported (ssh-add may know it)"
        return "the passphrase is wrong, or the file is damaged" if self.encrypted else "it is damaged"

    def _passphrase(self) -> bytes:
        if self._ask is None:
            raise CannotRun(f"The key file {self.path} needs a passphrase, and nobody is here to be asked.")
        return self._ask(f"Passphrase for {self.path}: ").encode()


def generate(path: Path, comment: str, passphrase: str | None = None) -> PublicKey:
    """Make a new Ed25519 key: the private file at ``path``, readable by its owner only, and ``path``.pub.

    Killed midway it leaves nothing, or the finished private file, which can be used as it stands.

    Args:
        path: where; nothing that is there is ever overwritten.
        comment: for the ``.pub`` file, usually an address.
        passphrase: encrypts the private file; None leaves it plain.

    Raises:
        CannotRun: one of the files is there already or cannot be written; then neither is left behind.
    """
    public_path = path.with_name(path.name + ".pub")
    for taken in (path, public_path):
        if os.path.lexists(taken):
            raise CannotRun(f"{taken} is there already; it was left as it is. Choose another name.")
    private = Ed25519PrivateKey.generate()
    form = (serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
    try:
        public = parse_line(f"{private.public_key().public_bytes(*form).decode()} {comment}")
    except BadKey:
        raise CannotRun("The comment of a key must be one short line of plain text.") from None
    _write_pair(path, _openssh_file(private, passphrase), public_path, f"{public.line()} {comment}".rstrip())
    return public


def read_key_file(path: Path) -> bytes:
    """What stands in a key file, private or public.

    Raises:
        CannotRun: it cannot be read, is no ordinary file, or too large to be a key.
    """
    try:
        if not path.is_file():
            reason = "is not a file" if path.exists() else "does not exist"
            raise CannotRun(f"The key file {path} {reason}.")
        with path.open("rb") as file:
            data = file.read(LONGEST + 1)
    except (OSError, ValueError) as fault:
        raise CannotRun(f"The key file {path} cannot be read: {_reason(fault)}.") from None
    if len(data) > LONGEST:
        raise CannotRun(f"{path} is too large to be a key file.")
    return data


def checked(message: bytes, armour: bytes, key: PublicKey) -> bytes:
    """``armour`` again, after making sure that it is a signature by ``key`` as we would read it later.

    Raises:
        CannotRun: it is not.
    """
    verdict = verify.check(message, armour)
    if verdict.ok and verdict.key == key.line():
        return armour
    why = verdict.why or "it was made with another key"
    raise CannotRun(f"The new signature does not stand up to its own check: {why}.")


def _sign(private: Private, data: bytes) -> tuple[str, bytes]:
    """The name of the algorithm and the signature, in SSH's form."""
    if isinstance(private, Ed25519PrivateKey):
        return "ssh-ed25519", private.sign(data)
    if isinstance(private, rsa.RSAPrivateKey):
        return "rsa-sha2-512", private.sign(data, padding.PKCS1v15(), hashes.SHA512())
    bits = private.curve.key_size
    first, second = decode_dss_signature(private.sign(data, ec.ECDSA(_CURVE_HASHES[bits]())))
    return f"ecdsa-sha2-nistp{bits}", mpint(first) + mpint(second)


def _openssh_header(data: bytes) -> tuple[bool, bytes] | None:
    """Whether an OpenSSH private key file is encrypted, and its public key; None for another format."""
    text = data.strip()
    if not text.startswith(_OPENSSH_BEGIN):
        return None
    try:
        packed = binascii.a2b_base64(text.removeprefix(_OPENSSH_BEGIN).removesuffix(_OPENSSH_END))
        reader = Reader(packed.removeprefix(_OPENSSH_MAGIC))
        cipher, _kdf, _options, count = reader.string(), reader.string(), reader.string(), reader.uint32()
        return (cipher != b"none", reader.string()) if count == 1 else (False, b"")
    except (binascii.Error, Malformed):
        return False, b""


def _openssh_file(private: Ed25519PrivateKey, passphrase: str | None) -> bytes:
    encryption: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if passphrase:
        encryption = serialization.BestAvailableEncryption(passphrase.encode())
    try:
        return private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, encryption
        )
    except (UnsupportedAlgorithm, ValueError) as fault:
        raise CannotRun(f"The key cannot be encrypted: {fault}.") from None


def _write_pair(path: Path, private: bytes, public_path: Path, public: str) -> None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        create(path, private, 0o600)
        try:
            create(public_path, public.encode() + b"\n", 0o644)
        except BaseException:
            path.unlink()
            raise
    except (OSError, ValueError) as fault:
        raise CannotRun(f"The key {path} cannot be written: {_reason(fault)}.") from None


def _refuse_open_file(path: Path) -> None:
    """As ssh does: a private key that others can read is nobody's own key."""
    if os.name != "posix":
        return
    state = path.stat()
    if state.st_uid == os.getuid() and stat.S_IMODE(state.st_mode) & 0o077:
        raise CannotRun(f"Others can read the private key {path}. Close it first: chmod 600 {path}")


def _reason(fault: Exception) -> str:
    return (getattr(fault, "strerror", None) or str(fault)).rstrip(".")
