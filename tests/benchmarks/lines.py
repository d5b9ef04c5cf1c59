"""The lines of the performance budget: what is measured, and beside what."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.generator.keys import Key
from isodocs.core.moment import AsOf
from isodocs.git.repository import Repository
from isodocs.signing import verify
from isodocs.workspace.folding import Question, fold

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from benchmarks.generator import Shape

REPEATS = 3
IMPORTS = "import click, yaml; from isodocs.core import settings, authority, document"
MKDOCS = """\
site_name: Benchmark
docs_dir: {docs}
theme: {{name: material, font: false, features: [navigation.prune]}}
plugins: [search{plugin}]
"""


@dataclass(frozen=True)
class Row:
    """One line: seconds of ours, of what it stands beside, their ratio and the bound on it."""

    name: str
    seconds: float
    beside: str = ""
    other: float = 0.0
    bound: str = ""

    @property
    def ratio(self) -> str:
        """Ours over the other's."""
        return f"{self.seconds / self.other:.2f}" if self.other else ""


def best(work: Callable[[], object], repeats: int = REPEATS) -> float:
    """The shortest of several runs, in seconds."""
    taken = []
    for _ in range(repeats):
        begin = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begin)
    return min(taken)


def run(*command: str, cwd: Path | None = None) -> None:
    """Run a command whose output nobody wants; it must succeed."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["NO_MKDOCS_2_WARNING"] = "1"
    subprocess.run(
        command, cwd=cwd, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def signatures(number: int) -> Row:
    """Checking ed25519 signatures in process, beside one ``ssh-keygen`` run each (of a tenth of them)."""
    key = Key("ssh-ed25519", "jane")
    signed = [(message, key.sign(message)) for message in (b"%d" % index for index in range(number))]
    seconds = best(lambda: [verify.check(*one) for one in signed])
    few = signed[: max(number // 100, 2)]
    allowed = f'jane namespaces="isodocs" {key.line}\n'
    other = best(lambda: [verify.second_opinion(*one, allowed, "jane") for one in few], 1)
    return Row(
        f"check {number} signatures ({number / seconds:.0f} a second)",
        seconds,
        "ssh-keygen -Y verify",
        other * number / len(few),
        "3,000 a second",
    )


def measure(place: Path, shape: Shape, *, site: bool) -> list[Row]:
    """All lines that one repository serves."""
    size = f"{shape.documents} documents, {shape.documents * shape.revisions} revisions"
    repository = Repository.open(place)
    tip = repository.resolve("main") or ""
    git = ("git", "-C", str(place))
    plain = best(lambda: run(*git, "log", "--raw", "-z", "-c", "--no-abbrev", "main"))
    folded = best(lambda: fold(Question(repository, tip, AsOf("", int(time.time())), whole=True)), 1)
    rows = [Row(f"fold, {size}, cold", folded, "git log --raw -c", plain, "1.2")]
    status = best(lambda: run(*git, "status", "--porcelain"))
    checked = best(lambda: run(sys.executable, "-m", "isodocs", "-C", str(place), "check"), 1)
    rows.append(Row(f"check, {size}, cold", checked, "git log --raw -c", plain, "2 s; 1.4"))
    rows.append(Row(f"git status, {size}", status))
    rows.append(_hook(place, shape, size))
    return rows + (_site(place, size) if site else [])


def _hook(place: Path, shape: Shape, size: str) -> Row:
    """The hook on one changed document on a branch."""
    git = ("git", "-C", str(place))
    run(*git, "switch", "-q", "-c", "draft")
    document = next(iter(sorted(place.glob("documents/**/*.md"))))
    old, new = f"\nrevision: {shape.revisions}\n", f"\nrevision: {shape.revisions + 1}\n"
    document.write_text(document.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    run(*git, "add", "-A")
    hook = best(lambda: run(sys.executable, "-m", "isodocs", "-C", str(place), "check", "--staged"))
    floor = best(lambda: run(sys.executable, "-c", IMPORTS)) + best(
        lambda: run(*git, "diff", "--cached", "--name-only")
    )
    run(*git, "reset", "-q", "--hard")
    run(*git, "switch", "-q", "main")
    return Row(
        f"hook on one document, {size}, no cache yet", hook, "python with its imports, git", floor, "1.5"
    )


def _site(place: Path, size: str) -> list[Row]:
    """The manual with the plugin, beside a bare build of the exported tree."""
    staged = place.parent / "staged"
    run(sys.executable, "-m", "isodocs", "-C", str(place), "export", str(staged))
    bare, ours = place.parent / "bare.yml", place / "mkdocs.yml"
    bare.write_text(MKDOCS.format(docs=staged, plugin=""), encoding="utf-8")
    ours.write_text(MKDOCS.format(docs="documents", plugin=", isodocs"), encoding="utf-8")

    def build(config: Path, target: str) -> float:
        command = [sys.executable, "-m", "mkdocs", "build", "-q", "-f", str(config)]
        return best(lambda: run(*command, "-d", str(place.parent / target)), 1)

    seconds, other = build(ours, "site"), build(bare, "other")
    return [Row(f"manual, {size}", seconds, "mkdocs on the exported tree", other, "1.1")]


def table(rows: Sequence[Row]) -> str:
    """The rows as a Markdown table."""
    lines = [
        "| work | seconds | beside | its seconds | ratio | to reach |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for row in rows:
        other = f"{row.other:.2f}" if row.other else ""
        lines.append(
            f"| {row.name} | {row.seconds:.2f} | {row.beside} | {other} | {row.ratio} | {row.bound} |"
        )
    return "\n".join(lines)
