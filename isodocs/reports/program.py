"""Which program speaks: results of several machines fit together only if the same one made them."""

from __future__ import annotations

import sys
from functools import cache
from hashlib import sha256
from pathlib import Path

from isodocs import __version__

_SHOWN = 16


@cache
def program() -> str:
    """The version, the first digits of the SHA-256 of all sources, and the version of Python.

    Unlike what tells kept entries apart, it is the same wherever the same sources lie.
    """
    package, digest = Path(__file__).parents[1], sha256()
    for path in sorted(package.rglob("*.py")):
        data = path.read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{path.relative_to(package).as_posix()} {len(data)}\n".encode() + data)
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    return f"{__version__} {digest.hexdigest()[:_SHOWN]} Python {python}"
