"""Public keys: which count, and that each has one way to be written."""

from __future__ import annotations

import base64
import subprocess
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from signing import forge, vectors

from isodocs.signing import curves
from isodocs.signing.keys import KINDS, BadKey, PublicKey, parse_blob, parse_line
from isodocs.signing.wire import mpint, string

if TYPE_CHECKING:
    from pathlib import Path

# The points of Ed25519 whose order divides 8, as encoded; then encodings that are not canonical.
SMALL_ORDER = (
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
)
NOT_CANONICAL = (
    "0100000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
)
ED25519 = Ed25519PrivateKey.generate().public_key().public_bytes_raw()


def _line(kind: str, *fields: bytes) -> str:
    return f"{kind} {base64.b64encode(b''.join((string(kind.encode()), *fields))).decode()}"


def test_every_kind_is_read(keys: dict[str, Path]) -> None:
    softs = vectors.soft_keys(keys)
    seen = set()
    for soft in softs.values():
        key = parse_line(soft.line)
        assert (key.line(), key.blob, key.comment) == (soft.line, soft.blob, "")
        assert parse_blob(soft.blob) == key
        assert key.hardware == soft.hardware
        seen.add(key.kind)
    assert seen == set(KINDS)


def test_fingerprint_is_that_of_ssh_keygen(keys: dict[str, Path]) -> None:
    for path in keys.values():
        said = subprocess.run(["ssh-keygen", "-l", "-f", str(path)], check=True, capture_output=True)
        assert parse_line(forge.public_line(path)).fingerprint() == said.stdout.decode().split()[1]


def test_the_comment_says_nothing() -> None:
    line = forge.soft_ed25519().line
    key = parse_line(f"  {line}   jane at home \n")
    assert key.comment == "jane at home"
    assert key.line() == line
    assert key == parse_line(line)
    assert len({key, parse_line(line)}) == 1


def test_hardware_keys_name_their_application() -> None:
    key = parse_line(forge.soft_ed25519(hardware=True, application=b"ssh:qms").line)
    assert key.material().application == b"ssh:qms"


REFUSED = {
    "''": "",
    "a private key": "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Blb",
    "DSA keys are too weak": "ssh-dss AAAA",
    "a certificate": "ssh-ed25519-cert-v01@openssh.com AAAA",
    "'ssh-ed448' is not a kind": "ssh-ed448 AAAA",
    "'restrict' is not a kind": "restrict ssh-ed25519 AAAA",
    "is not base64": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI",
    "not one line": "ssh-ed25519 AAAA\nssh-ed25519 AAAA",
    "not one line of": "ssh-ed25519 AAAA \x1b[2J",
    "longer than": "ssh-ed25519 " + "A" * 9000,
    "ends too early": "ssh-ed25519 AAAA",
    "has bytes after": _line("ssh-ed25519", string(ED25519), b"x"),
    "usable point": _line("ssh-ed25519", string(b"\2" + bytes(31))),
    "usable point of its": _line("ssh-ed25519", string(b"x" * 31)),
    "holds a key of kind ssh-rsa": "ssh-ed25519 "
    + _line("ssh-rsa", mpint(65537), mpint(2**3071 + 1)).split()[1],
    "3071 bits; 3072": _line("ssh-rsa", mpint(65537), mpint(2**3070 + 1)),
    "16385 bits": _line("ssh-rsa", mpint(65537), mpint(2**16384 + 1)),
    "cannot be those": _line("ssh-rsa", mpint(65537), mpint(2**3071)),
    "cannot be those of": _line("ssh-rsa", mpint(65536), mpint(2**3071 + 1)),
    "cannot be those of an": _line("ssh-rsa", mpint(1), mpint(2**3071 + 1)),
    "cannot be those of an RSA": _line("ssh-rsa", mpint(2**64 + 1), mpint(2**3071 + 1)),
    "one right form": _line("ssh-rsa", mpint(65537), string(b"\0\0" + b"\xff" * 384)),
    "one right": _line("ssh-rsa", mpint(65537), string(b"\xff" * 384)),
    "not written in its one right form": _line("ssh-rsa", mpint(0), mpint(2**3071 + 1)),
    "curve that does not belong": _line("ecdsa-sha2-nistp256", string(b"nistp384"), string(b"")),
    "names no application": _line(
        "sk-ssh-ed25519@openssh.com",
        string(ED25519),
        string(b""),
    ),
}


@pytest.mark.parametrize("reason", REFUSED)
def test_what_does_not_count_is_refused_with_a_sentence(reason: str) -> None:
    with pytest.raises(BadKey) as caught:
        parse_line(REFUSED[reason])
    assert reason in str(caught.value)
    assert str(caught.value).isprintable()


def test_certificate_made_by_ssh_keygen_is_refused(keys: dict[str, Path], tmp_path: Path) -> None:
    key = forge.keygen(tmp_path / "key", "ed25519")
    command = ["ssh-keygen", "-q", "-s", str(keys["ed25519"]), "-I", "jane", f"{key}.pub"]
    subprocess.run(command, check=True, capture_output=True)
    with pytest.raises(BadKey, match="certificate"):
        parse_line((tmp_path / "key-cert.pub").read_text())


def test_base64_that_is_not_canonical_is_refused(keys: dict[str, Path]) -> None:
    padded = [line for line in map(forge.public_line, keys.values()) if "= " in line]
    assert padded
    for line in padded:
        kind, encoded, *_ = line.split()
        at = len(encoded.rstrip("=")) - 1
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        stray = encoded[:at] + letters[letters.index(encoded[at]) + 1] + encoded[at + 1 :]
        for wrong in (stray, encoded.rstrip("="), encoded + "=", encoded[:9] + "\t" + encoded[9:]):
            with pytest.raises(BadKey):
                parse_line(f"{kind} {wrong}")


def test_every_truncation_of_a_key_is_refused(keys: dict[str, Path]) -> None:
    for soft in vectors.soft_keys(keys).values():
        for size in range(len(soft.blob)):
            with pytest.raises(BadKey):
                parse_blob(soft.blob[:size])


def test_a_key_built_by_hand_shows_its_fault_when_used() -> None:
    with pytest.raises(BadKey):
        PublicKey("ssh-ed25519", b"nonsense").material()


@pytest.mark.parametrize("encoded", SMALL_ORDER)
def test_points_of_small_order_are_refused(encoded: str) -> None:
    assert not curves.is_ed25519_point(bytes.fromhex(encoded))


@pytest.mark.parametrize("encoded", NOT_CANONICAL)
def test_points_in_a_second_encoding_are_refused(encoded: str) -> None:
    assert not curves.is_ed25519_point(bytes.fromhex(encoded))


def test_all_points_of_small_order_are_known() -> None:
    """Those eight lie on the curve; that and nothing else refuses them."""
    for encoded in SMALL_ORDER[:3] + SMALL_ORDER[4:]:
        number = int.from_bytes(bytes.fromhex(encoded), "little")
        y, sign = number & (2**255 - 1), number >> 255
        x = curves._ed25519_x(y, sign)
        assert x is not None
        assert curves._has_small_order(x, y)


def test_points_of_real_keys_are_taken_and_their_neighbours_are_judged_as_openssl_does() -> None:
    taken = 0
    for _ in range(40):
        good = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
        assert curves.is_ed25519_point(good)
        neighbour = bytes([good[0] ^ 1]) + good[1:]
        taken += curves.is_ed25519_point(neighbour)
    assert 0 < taken < 40  # about half of all numbers are the y of a point


@pytest.mark.parametrize("curve", [ec.SECP256R1(), ec.SECP384R1(), ec.SECP521R1()])
def test_nist_points(curve: ec.EllipticCurve) -> None:
    ours = curves.NIST_CURVES[f"nistp{curve.key_size}"]
    for _ in range(10):
        public = ec.generate_private_key(curve).public_key()
        point = public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        assert curves.is_nist_point(ours, point)
        assert not curves.is_nist_point(ours, point[:-1] + bytes([point[-1] ^ 1]))
        assert not curves.is_nist_point(ours, point[:-1])
        assert not curves.is_nist_point(ours, point + b"\0")
        assert not curves.is_nist_point(ours, b"\6" + point[1:])
        assert not curves.is_nist_point(
            ours, public.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
        )
    size = (curve.key_size + 7) // 8
    assert not curves.is_nist_point(ours, b"\4" + bytes(2 * size))
    assert not curves.is_nist_point(ours, b"\0")
    assert not curves.is_nist_point(ours, b"")


def test_a_nist_coordinate_above_the_field_is_refused() -> None:
    """The same point written with x + p, which fits into 66 bytes on P-521 only."""
    ours = curves.NIST_CURVES["nistp521"]
    public = ec.generate_private_key(ec.SECP521R1()).public_key().public_numbers()
    encoded = b"\4" + (public.x + ours.p).to_bytes(66, "big") + public.y.to_bytes(66, "big")
    assert not curves.is_nist_point(ours, encoded)


def test_a_nist_coordinate_that_openssh_finds_too_short_is_refused() -> None:
    ours = curves.NIST_CURVES["nistp256"]
    for x in range(2, 100):
        square = (x**3 - 3 * x + ours.b) % ours.p
        y = pow(square, (ours.p + 1) // 4, ours.p)
        if y * y % ours.p == square:
            point = b"\4" + x.to_bytes(32, "big") + y.to_bytes(32, "big")
            assert not curves.is_nist_point(ours, point)
            ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)  # OpenSSL takes it
            return
    pytest.fail("no point found")
