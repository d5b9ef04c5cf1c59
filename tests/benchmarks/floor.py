"""What no cold fold can do without, by git and libsodium alone: no line of Python stands between.

git tells the log in ranges and prints every version of every document and statement once, and libsodium
checks as many signatures as there are: each on all cores. Who believes nothing of a history needs no less.

python -m benchmarks.floor PATH
"""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from nacl.bindings import crypto_sign, crypto_sign_keypair, crypto_sign_open

from benchmarks.measure import Taken, seconds
from isodocs.git.log import arguments
from isodocs.git.objects import file_by_file
from isodocs.git.walk import range_ends
from isodocs.workers import cores, shared_out

if TYPE_CHECKING:
    from collections.abc import Sequence

OURS = (".md", ".json", ".sig", ".yml")


def main(path: Path) -> None:
    """Do it, and print the seconds of each part and of all as JSON."""
    chain = _asked(path, "rev-list", "--first-parent", "main").split()
    rows = [line.partition(" ") for line in _asked(path, "rev-list", "--objects", "main").splitlines()]
    blobs = {oid: name for oid, _, name in reversed(rows) if name.endswith(OURS)}
    number = sum(name.endswith(".sig") for name in blobs.values())
    parts = {
        "log": seconds(lambda: _log(path, chain)),
        "blobs": seconds(lambda: _blobs(path, file_by_file(blobs))),
        "signatures": seconds(lambda: _signatures(number)),
    }
    whole = Taken(sum(one.clock for one in parts.values()), sum(one.cpu for one in parts.values()))
    sys.stdout.write(json.dumps({name: asdict(one) for name, one in {**parts, "all": whole}.items()}))


def _log(path: Path, chain: Sequence[str]) -> None:
    ends = range_ends(chain)

    def told(end: str, without: str | None) -> None:
        _git(path, *arguments(end, without=without))

    with ThreadPoolExecutor(cores()) as threads:
        list(threads.map(told, ends, [*ends[1:], None]))


def _blobs(path: Path, oids: Sequence[str]) -> None:
    size = -(-len(oids) // cores())
    shares = [oids[start : start + size] for start in range(0, len(oids), size)]
    with ThreadPoolExecutor(cores()) as threads:
        list(threads.map(lambda some: _git(path, "cat-file", "--batch", "--buffer", data=some), shares))


def _signatures(number: int) -> None:
    public, secret = crypto_sign_keypair()
    signed = crypto_sign(b"x" * 100, secret)

    def checked(_core: int) -> int:
        return sum(len(crypto_sign_open(signed, public)) > 0 for _ in range(number // cores()))

    list(shared_out(checked, range(cores())))


def _git(path: Path, *words: str, data: Sequence[str] = ()) -> None:
    text = "".join(f"{one}\n" for one in data).encode("ascii")
    subprocess.run(["git", *words], cwd=path, input=text, stdout=subprocess.DEVNULL, check=True)


def _asked(path: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=path, check=True, stdout=subprocess.PIPE)
    return done.stdout.decode()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
