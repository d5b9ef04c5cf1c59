"""Folds a mainline once in a process of its own, and says how long that took and how often it asked git.

python -m benchmarks.folding PATH
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from benchmarks.measure import seconds
from isodocs.core.moment import AsOf
from isodocs.git.repository import Repository
from isodocs.workspace.folding import Question, fold


def main(path: Path) -> None:
    """Fold, and print seconds and git processes as JSON; imports are not counted."""
    repository = Repository.open(path)
    tip = repository.resolve("main") or ""
    before = repository.processes
    taken = seconds(lambda: fold(Question(repository, tip, AsOf("", int(time.time())))))
    found = {"seconds": taken.clock, "cpu": taken.cpu, "processes": repository.processes - before}
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
