"""Would a fault in signing, authority or lifecycle be noticed? Nine of ten must.

    ISODOCS_CODE_MUTANTS=150 pytest -s tests/mutation

takes so many places by chance (``ISODOCS_CODE_SEED`` for others), makes the fault, and runs the tests that
should fail. It prints each survivor with its line. A mutant takes some seconds, so it runs on demand only.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
from dataclasses import dataclass

import pytest
from mutation import run
from mutation.mutants import Fault, faults, mutate

COUNT = int(os.environ.get("ISODOCS_CODE_MUTANTS", "0"))
SEED = int(os.environ.get("ISODOCS_CODE_SEED", "1"))
LEAST = 0.9
QUICK = {"ISODOCS_SEQUENCES": "60", "PYTHONDONTWRITEBYTECODE": "1"}
AUTHORITY = "adoption authority deputies judging judging_weight lifecycle lifecycle_root lineage policy \
proposal_deputies status user_verification warrant"
SIGNING = ("tests/signing",)
CORE = (
    *(f"tests/core/test_{name}.py" for name in AUTHORITY.split()),
    "tests/tamper/test_authority_model.py",
    "tests/scenarios",
    "tests/workspace/test_insider.py",
    "tests/tamper/test_every_byte.py",
    "tests/tamper/test_semantic.py",
    "tests/model",
)
MODULES = {
    "signing": "agent curves enrol keyfile keys openssh signer sshsig verify wire",
    "core": "adoption authority judging life lifecycle lineage policy warrant writing",
}
TARGETS = {f"isodocs.{folder}.{name}": folder for folder, names in MODULES.items() for name in names.split()}


def checks_of(module: str) -> list[str]:
    """The tests that should notice a fault of a module, the nearest first; nothing else is run."""
    folder, name = TARGETS[module], module.rpartition(".")[2]
    nearest = f"tests/{folder}/test_{name}.py"
    return [
        *([nearest] if (run.ROOT / nearest).exists() else []),
        *(SIGNING if folder == "signing" else CORE),
    ]


@dataclass(frozen=True)
class Mutant:
    """A module with a fault."""

    module: str
    fault: Fault

    def __str__(self) -> str:
        """Where it is, and what."""
        place = run.path_of(self.module)
        line = place.read_text("utf-8").splitlines()[self.fault.line - 1].strip()
        return f"{place.relative_to(run.ROOT)}:{self.fault.line}: {self.fault.about}: {line}"

    def survives(self, most: int | None = None) -> bool:
        """Whether none of (the nearest ``most`` of) the tests notices; what never ends is noticed."""
        tests = checks_of(self.module)[:most]
        words = [sys.executable, "-m", "mutation.run", self.module, str(self.fault.number), *tests]
        env = {**os.environ, **QUICK, "PYTHONPATH": str(run.ROOT / "tests")}
        done = subprocess.run(words, cwd=run.ROOT, env=env, capture_output=True, check=False)
        return done.returncode == run.SURVIVED


def every_mutant() -> list[Mutant]:
    """All there are."""
    return [
        Mutant(module, fault)
        for module in TARGETS
        for fault in faults(run.path_of(module).read_text("utf-8"))
    ]


def test_each_fault_is_one_fault() -> None:
    source = (
        "def f(x):\n    '''Text.'''\n    if x < 2 and not x:\n        return x + 1\n    return min(x, 'ab')\n"
    )
    found = faults(source)
    texts = [mutate(source, one.number) for one in found]
    assert len(set(texts)) == len(found) == 12
    assert "x <= 2" in texts[[one.about for one in found].index("Lt becomes LtE")]
    assert all("Text." in text for text in texts)


def test_there_are_many_faults_to_make_and_each_can_be_read() -> None:
    everyone = every_mutant()
    assert len(everyone) > 1000
    for one in random.Random(SEED).sample(everyone, 50):  # noqa: S311 - a sample, no secret
        compile(mutate(run.path_of(one.module).read_text("utf-8"), one.fault.number), one.module, "exec")


if COUNT:

    @pytest.mark.parametrize("module", ["isodocs.signing.wire", "isodocs.core.policy"])
    def test_the_sources_as_they_are_survive(module: str) -> None:
        """Else the tests fail anyway, and kill whatever there is."""
        assert Mutant(module, Fault(-1, 1, "no fault")).survives(most=1)

    def test_nine_of_ten_are_killed() -> None:
        chosen = random.Random(SEED).sample(every_mutant(), COUNT)  # noqa: S311 - a sample, no secret
        survivors = []
        for number, one in enumerate(chosen, 1):
            if one.survives():
                survivors.append(one)
                print(f"survived  {one}", flush=True)  # noqa: T201 - asked for
            elif number % 10 == 0:
                print(f"{number} of {COUNT}, {len(survivors)} survived", flush=True)  # noqa: T201 - asked for
        killed = 1 - len(survivors) / COUNT
        assert killed >= LEAST, f"{killed:.0%} of {COUNT} killed:\n" + "\n".join(map(str, survivors))
