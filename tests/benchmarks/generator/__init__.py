"""Makes a repository of any size and kind, signed as a real one is.

Each document goes through its revisions; each revision is approved by its owner and by a quality manager,
and reaches the mainline as one squash commit, or as a branch (text, two statements) that is merged. The same
shape gives the same commits: ``plan`` draws what happens, ``contents`` writes and signs it document by
document, on all cores, and ``history`` puts it into commits.
"""

from __future__ import annotations

import gc
import json
import os
import subprocess
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from functools import lru_cache
from typing import TYPE_CHECKING

from benchmarks.generator.company import Company
from benchmarks.generator.contents import Contents, contents
from benchmarks.generator.history import History
from benchmarks.generator.pack import Pack
from benchmarks.generator.plan import Act, plan
from benchmarks.generator.shape import SIGNATURES, Shape

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["SIGNATURES", "Shape", "generate", "shape_of"]

MADE_OF = "made-of.json"  # in git's folder
FEW = 2000  # revisions, for which other processes are not worth starting


def generate(path: Path, shape: Shape, *, checkout: bool = True) -> None:
    """Make the repository at ``path``.

    Args:
        path: a folder that does not exist yet, or is empty.
        shape: how large, and of what kind.
        checkout: whether the files are laid out; of 10,000 documents they are 400,000.
    """
    subprocess.run(["git", "init", "-q", "-b", "main", str(path)], check=True)
    _history_of(path, shape)
    (path / ".git" / MADE_OF).write_text(json.dumps(asdict(shape)), encoding="utf-8")
    if checkout:
        subprocess.run(["git", "-C", str(path), "reset", "-q", "--hard", "main"], check=True)


def shape_of(path: Path) -> Shape:
    """What a repository was made of.

    Raises:
        FileNotFoundError: it was not made here.
    """
    return Shape(**json.loads((path / ".git" / MADE_OF).read_text(encoding="utf-8")))


def _history_of(path: Path, shape: Shape) -> None:
    company = Company(shape)
    acts = list(plan(shape, company))
    by_document: defaultdict[int, list[Act]] = defaultdict(list)
    for act in acts:
        by_document[act.document].append(act)
    gc.freeze()
    with Pack(path / ".git" / "objects" / "pack") as pack:
        filed = {}
        for document, made in zip(by_document, _made(shape, list(by_document.values())), strict=True):
            filed[document] = made.filed
            for one in made.objects:
                pack.add(one)
        history = History(company, filed, pack)
        history.play(acts)
    refs = {"refs/heads/main": history.tip, **history.branches}
    lines = "".join(f"create {ref} {oid}\n" for ref, oid in refs.items())
    subprocess.run(["git", "-C", str(path), "update-ref", "--stdin"], input=lines.encode(), check=True)
    gc.unfreeze()


def _made(shape: Shape, documents: list[list[Act]]) -> Iterator[Contents]:
    """The contents of each document, in order; of many, made side by side."""
    if shape.documents * shape.revisions <= FEW:
        yield from (contents(shape, _company(shape), acts) for acts in documents)
        return
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        yield from pool.map(_contents, ((shape, acts) for acts in documents), chunksize=8)


def _contents(task: tuple[Shape, list[Act]]) -> Contents:
    shape, acts = task
    return contents(shape, _company(shape), acts)


@lru_cache(maxsize=1)
def _company(shape: Shape) -> Company:
    """In each process, the same company."""
    return Company(shape)
