"""The lines of the performance budget (DESIGN, section 7): what is measured, beside what, and the bounds."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import peers
from benchmarks.generator.keys import Key
from benchmarks.measure import Command, Taken, least, least_of, seconds
from benchmarks.place import PLAIN
from benchmarks.rows import Bound, Row
from isodocs.signing import verify

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from benchmarks.place import Place

SMALL, USUAL, LARGE = "small", "usual", "large"
TESTS = Path(__file__).parents[1]
BOTH = (USUAL, LARGE)
PASS = "git log --raw -c"
FLOOR = "python with its imports, git"
GIGA = 1_000_000_000
SIGNATURES = {SMALL: 200, USUAL: 3000, LARGE: 3000}


@dataclass(frozen=True)
class Found:
    """What a measurement gives: seconds, ours and the other's; memory in bytes; of how many things."""

    ours: Taken
    other: Taken | None = None
    memory: int = 0
    count: int = 0
    note: str = ""


@dataclass(frozen=True)
class Line:
    """One line of the budget.

    Attributes:
        key: its name in results.
        work: what is measured.
        beside: what it stands beside in the same run.
        take: measures it.
        bounds: what must be reached, by scale; none where it is for orientation.
        scales: where it is measured; on small repositories every line is.
    """

    key: str
    work: str
    beside: str
    take: Callable[[Place, str], Found]
    bounds: Mapping[str, Bound] = field(default_factory=dict)
    scales: tuple[str, ...] = BOTH

    def row(self, place: Place, scale: str, *, busy: bool = False) -> Row:
        """Measure it."""
        found = self.take(place, scale)
        return Row(
            key=self.key,
            work=self.work,
            scale=scale,
            ours=found.ours,
            beside=self.beside,
            other=found.other,
            memory=found.memory,
            count=found.count,
            bound=self.bounds.get(scale),
            note=found.note,
            busy=busy,
        )

    def unmeasured(self, scale: str) -> Row:
        """The row of a line that was not measured."""
        return Row(self.key, self.work, scale, None, self.beside, bound=self.bounds.get(scale))


def hook(place: Place, _scale: str) -> Found:
    """The hook on one changed document, after it ran once before."""
    command = place.isodocs("check", "--staged")
    with place.changed():
        command()
        ours, other = least((None, command), (None, place.floor), repeats=place.repeats)
        return Found(ours, other, command.peak())


def cold_check(place: Place, _scale: str) -> Found:
    """The whole check, with nothing remembered."""
    return _cold(place, place.isodocs("check", "--profile", "release"), place.git(*PLAIN))


def warm_check(place: Place, _scale: str) -> Found:
    """The whole check again."""
    command = place.isodocs("check", "--profile", "release")
    command()
    ours, other = least((None, command), (None, place.git("status", "--porcelain")), repeats=place.repeats)
    return Found(ours, other, command.peak())


def doorstop(place: Place, _scale: str) -> Found:
    """The whole check, beside doorstop's of as many items; once, for it is slow."""
    ours = place.isodocs("check", "--profile", "release")
    place.forget()
    other = peers.doorstop(place)
    if other is None:
        return Found(seconds(ours), note="doorstop is not installed")
    other()  # which formats its files the first time
    mine, theirs = least((place.forget, ours), (None, other), repeats=min(2, place.repeats))
    return Found(mine, theirs)


def fold(place: Place, _scale: str) -> Found:
    """The fold by itself, with nothing remembered."""
    times, processes = [], 0
    plain = place.git(*PLAIN)
    others = []
    for _ in range(place.repeats):
        place.forget()
        found = _folded(place)
        times.append(Taken(found["seconds"], found["cpu"]))
        processes = int(found["processes"])
        others.append(seconds(plain))
    return Found(least_of(times), least_of(others), note=f"{processes} git processes")


def _folded(place: Place) -> dict[str, float]:
    words = (sys.executable, "-m", "benchmarks.folding", str(place.path))
    done = subprocess.run(words, check=True, stdout=subprocess.PIPE, cwd=TESTS, env=place.environ)
    value: dict[str, float] = json.loads(done.stdout)
    return value


def floor(place: Place, _scale: str) -> Found:
    """What the fold cannot do without, in git and libsodium alone; see ``benchmarks.floor``."""
    times, others = [], []
    plain = place.git(*PLAIN)
    for _ in range(place.repeats):
        words = (sys.executable, "-m", "benchmarks.floor", str(place.path))
        done = subprocess.run(words, check=True, stdout=subprocess.PIPE, cwd=TESTS, env=place.environ)
        parts = {name: Taken(**one) for name, one in json.loads(done.stdout).items()}
        times.append(parts["all"])
        others.append(seconds(plain))
    told = ", ".join(f"{name} {one.clock:.1f} s" for name, one in parts.items() if name != "all")
    return Found(least_of(times), least_of(others), note=told)


def cold_receive(place: Place, _scale: str) -> Found:
    """The server's gate on one pushed revision, with nothing remembered."""
    server = place.push.server / "isodocs"
    return _cold(place, gate(place), place.git(*PLAIN), lambda: shutil.rmtree(server, ignore_errors=True))


def warm_receive(place: Place, _scale: str) -> Found:
    """The server's gate on one pushed revision, as it runs from day to day."""
    command = gate(place)
    before, tip, ref = place.push.earlier.decode().split()
    move = Command(("git", "update-ref", ref, before), place.push.server, place.environ)
    move()
    replace(command, data=place.push.earlier, expected=(0, 1))()  # too old for today's clock
    replace(move, words=("git", "update-ref", ref, tip))()
    ours, other = least((None, command), (None, place.floor), repeats=place.repeats)
    return Found(ours, other, command.peak())


def gate(place: Place) -> Command:
    """The server's gate, as git runs it when somebody pushes."""
    words = (sys.executable, "-m", "isodocs", "receive")
    return Command(words, place.push.server, place.environ, place.push.words)


def reading(*words: str) -> Callable[[Place, str], Found]:
    """A command that reads, after another one did."""

    def take(place: Place, _scale: str) -> Found:
        command = place.isodocs(*words)
        command()
        ours, other = least((None, command), (None, place.floor), repeats=place.repeats)
        return Found(ours, other, command.peak())

    return take


def export(place: Place, _scale: str) -> Found:
    """The edition as files, beside git's own way to put out a folder."""
    target, plain = place.scratch / "edition", place.scratch / "archive"
    command = place.isodocs("export", str(target))
    command()
    archive = place.git("worktree", "add", "-q", "--force", "--detach", str(plain), "main")
    ours, other = least(
        (partial(shutil.rmtree, target, ignore_errors=True), command),
        (partial(_drop, place, plain), archive),
        repeats=min(2, place.repeats),
    )
    _drop(place, plain)
    return Found(ours, other)


def _drop(place: Place, tree: object) -> None:
    shutil.rmtree(str(tree), ignore_errors=True)
    place.git("worktree", "prune")()


def signatures(_place: Place | None, scale: str) -> Found:
    """Checking ed25519 signatures in process, beside one ``ssh-keygen`` run each (of a hundredth of them)."""
    number = SIGNATURES[scale]
    key = Key("ssh-ed25519", "jane")
    signed = [(message, key.sign(message)) for message in (b"%d" % index for index in range(number))]
    (ours,) = least((None, lambda: [verify.check(*one) for one in signed]))
    few = signed[: max(number // 100, 2)]
    allowed = f'jane namespaces="isodocs" {key.line}\n'
    other = seconds(lambda: [verify.second_opinion(*one, allowed, "jane") for one in few])
    return Found(ours, other * (number / len(few)), count=number)


def _cold(place: Place, ours: Command, other: Command, forget: Callable[[], object] | None = None) -> Found:
    forget = forget or place.forget
    mine, theirs = least((forget, ours), (None, other), repeats=min(2, place.repeats))
    forget()
    return Found(mine, theirs, ours.peak())


LINES = (
    Line(
        "hook",
        "hook on one changed document, warm",
        FLOOR,
        hook,
        {USUAL: Bound(seconds=0.35, ratio=1.5), LARGE: Bound(seconds=0.6, ratio=1.5)},
    ),
    Line(
        "check-cold",
        "check of everything, cold",
        PASS,
        cold_check,
        {USUAL: Bound(seconds=2), LARGE: Bound(ratio=1.4, memory=GIGA)},
    ),
    Line(
        "check-warm",
        "check of everything, warm",
        "git status",
        warm_check,
        {LARGE: Bound(beyond=2, memory=GIGA)},
    ),
    Line("doorstop", "check of everything, cold", "doorstop, as many items", doorstop, {}, (USUAL,)),
    # On one core 1.2 × would do; ranges run side by side on the two that the budget is for.
    Line("fold", "fold of all documents, cold", PASS, fold, dict.fromkeys(BOTH, Bound(ratio=1.0))),
    Line("floor", "of this, what git and libsodium alone take on all cores", PASS, floor),
    Line("receive-cold", "gate of the server, one revision pushed, cold", PASS, cold_receive),
    Line("receive-warm", "gate of the server, one revision pushed, warm", FLOOR, warm_receive),
    Line("list", "list, warm", FLOOR, reading("list")),
    Line("status", "status, warm", FLOOR, reading("status")),
    Line("export", "export, warm", "git worktree add", export),
    Line(
        "signatures",
        "ed25519 signatures verified",
        "ssh-keygen -Y verify",
        signatures,
        {USUAL: Bound(rate=3000)},
        (USUAL,),
    ),
)


# The lines of the manual, as ``benchmarks.site`` gives them.
MANUAL = tuple(
    Row(key, key, scale, None, "mkdocs")
    for scale, keys in (
        (USUAL, ("manual", "manual-peers", "manual-again")),
        (USUAL, ("manual-1000", "manual-2000", "manual-5000", "manual-10000")),
        (LARGE, ("manual", "manual-again")),
    )
    for key in keys
)


def known() -> tuple[Row, ...]:
    """Every line of the README's table, not measured."""
    return (*(line.unmeasured(scale) for scale in BOTH for line in lines_of(scale)), *MANUAL)


def lines_of(scale: str) -> tuple[Line, ...]:
    """The lines that are measured at a scale."""
    return tuple(line for line in LINES if scale == SMALL or scale in line.scales)
