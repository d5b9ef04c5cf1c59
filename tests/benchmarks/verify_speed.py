"""How fast signatures are checked, beside ssh-keygen. Run it by hand.

Design, section 7: at least 3,000 Ed25519 signatures a second in one process.
Statements of 900 bytes, 50 keys.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from signing import forge  # noqa: E402

from isodocs.signing import verify  # noqa: E402 - the paths above first
from isodocs.signing.keys import parse_line  # noqa: E402

COUNT = 5_000
PROCESSES = 200
KEYS = 50


def in_process(name: str, keys: list[forge.SoftKey], count: int) -> float:
    """Signatures checked a second, each over a statement of its own; keys not seen before."""
    cases = []
    for number in range(count):
        statement = str(number).encode().rjust(900)
        cases.append((statement, keys[number % len(keys)].sign(statement).armour()))
    started = time.perf_counter()
    right = sum(verify.check(statement, armour).ok for statement, armour in cases)
    rate = count / (time.perf_counter() - started)
    say(f"in process, {name:<12} {rate:>9,.0f} a second")
    if right != count:
        raise SystemExit(f"only {right} of {count} were found right")
    return rate


def by_ssh_keygen(key: forge.SoftKey) -> float:
    """The same by one ``ssh-keygen -Y verify`` for each signature."""
    statement = b"x" * 900
    with TemporaryDirectory() as name:
        allowed, signature = Path(name, "allowed"), Path(name, "signature")
        allowed.write_text(forge.allowed(key.line), encoding="utf-8")
        signature.write_bytes(key.sign(statement).armour())
        options = ["-n", "isodocs", "-I", "jane", "-f", str(allowed), "-s", str(signature)]
        started = time.perf_counter()
        for _ in range(PROCESSES):
            subprocess.run(
                ["ssh-keygen", "-Y", "verify", *options], input=statement, check=True, capture_output=True
            )
        rate = PROCESSES / (time.perf_counter() - started)
    say(f"ssh-keygen, ed25519     {rate:>9,.0f} a second, one process each")
    return rate


def key_reading(keys: list[forge.SoftKey]) -> None:
    """Lines of a register read and checked a second."""
    started = time.perf_counter()
    for key in keys:
        parse_line(key.line)
    say(f"key lines read, ed25519 {len(keys) / (time.perf_counter() - started):>9,.0f} a second")


def say(line: str) -> None:
    """One line of the report."""
    sys.stdout.write(line + "\n")


def main() -> None:
    """Measure and print."""
    say(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    keys = [forge.soft_ed25519() for _ in range(KEYS)]
    key_reading(keys)
    ours = in_process("ed25519", keys, COUNT)
    in_process("sk-ed25519", [forge.soft_ed25519(hardware=True) for _ in range(KEYS)], COUNT)
    in_process("ecdsa-p256", [forge.soft_ecdsa() for _ in range(KEYS)], COUNT)
    with TemporaryDirectory() as name:
        in_process("rsa-3072", [forge.soft(forge.keygen(Path(name, "rsa"), "rsa", 3072))], COUNT // 10)
    theirs = by_ssh_keygen(keys[0])
    say(f"in process {ours / theirs:,.0f} times as fast; asked for: 3,000 a second")


if __name__ == "__main__":
    main()
