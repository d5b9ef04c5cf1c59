"""``python -m isodocs``: the same as the command ``isodocs``.

Python puts the current folder first among the places it imports from. In a repository that folder is not
trusted: it may hold a ``click.py``. (Only ``python -P -m isodocs`` keeps out an ``isodocs`` of its own.)
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress

with suppress(OSError):  # the current folder may be gone
    if not sys.flags.safe_path and sys.path[0] in {"", os.getcwd()}:  # noqa: PTH109 - pathlib is not needed yet
        del sys.path[0]

from isodocs.cli import run

sys.exit(run())
