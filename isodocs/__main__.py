"""``python -m isodocs``: the same as the command ``isodocs``."""

from __future__ import annotations

import sys

from isodocs.cli import main

sys.exit(main())
