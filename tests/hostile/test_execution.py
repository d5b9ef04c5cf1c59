"""Every command on a repository that names programs wherever git reads such a name.

None may run, and no answer may differ from that of the clean repository. In the ordinary run all vectors
stand in one repository for every command, and each vector alone for one command; ``--slow`` runs each
vector alone with every command.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hostile.calls import EXAMPLES, known
from hostile.conftest import truth
from hostile.vectors import PRINTS, VECTORS, marker
from support.gitrepo import JANE

from isodocs.commands import VERBS

if TYPE_CHECKING:
    from hostile.calls import Call, Company
    from hostile.vectors import Vector

    Truths = dict[Call, tuple[int, str, str]]

LEAST = 15
# Their parts name other repositories, or hide the programs of the rest.
NOT_WITH_OTHERS = {"url.insteadOf", "alias"}
CALLS = known()
QUICK = [call for call in CALLS if call.words[0] != "demo"]
PLAIN = {"GIT_EDITOR", "GIT_PAGER", "GIT_CONFIG_COUNT"}


def test_every_command_has_an_example() -> None:
    assert VERBS.keys() <= EXAMPLES.keys()


def test_there_are_enough_vectors() -> None:
    assert len(VECTORS) >= LEAST


@pytest.fixture(scope="session")
def hostile(company: Company, tmp_path_factory: pytest.TempPathFactory) -> Company:
    """All vectors in one repository."""
    found = company.copy(tmp_path_factory.mktemp("all") / "company")
    for name, vector in VECTORS.items():
        if name not in NOT_WITH_OTHERS:
            vector.plant(found)
    PRINTS.plant(found)
    return found


def ran(company: Company) -> str:
    """Which canaries ran."""
    place = marker(company)
    return place.read_text() if place.exists() else ""


def judge(call: Call, clean: Company, hostile: Company, truths: Truths, folder: Path) -> None:
    """Nothing runs, and the answer is that of the clean company; or a sentence why there is none."""
    answer = hostile.answer(call)
    assert ran(hostile) == ""
    if refused(call, answer):
        return
    assert answer == truth(call, clean, truths, folder / "clean")


def refused(call: Call, answer: tuple[int, str, str]) -> bool:
    """Whether hooks are not put in place, since the repository's settings name another folder for them."""
    return "--install" in call.words and answer[0] == 2


@pytest.mark.parametrize("call", QUICK, ids=lambda call: call.label)
def test_all_vectors_at_once(
    call: Call, company: Company, hostile: Company, truths: Truths, tmp_path: Path
) -> None:
    copy = hostile.copy(tmp_path / "hostile")
    copy.extra.update(hostile.extra)
    judge(call, company, copy, truths, tmp_path)
    assert ran(hostile) == ""


def some(calls: list[Call]) -> list[tuple[str, Call]]:
    """Each vector with one command, another one each time."""
    return [(name, calls[number % len(calls)]) for number, name in enumerate(VECTORS)]


ASKING = [call for call in QUICK if call.history]


@pytest.mark.parametrize(("name", "call"), some(ASKING), ids=lambda one: getattr(one, "label", one))
def test_each_vector_alone(name: str, call: Call, company: Company, truths: Truths, tmp_path: Path) -> None:
    planted = company.copy(tmp_path / "hostile")
    VECTORS[name].plant(planted)
    judge(call, company, planted, truths, tmp_path)


def every() -> list[tuple[str, Call]]:
    """Each vector with every command; demo looks at no repository, only at what surrounds it."""
    around = {"environment", "programs in the current folder", "hooks"}
    return [(name, call) for name in VECTORS for call in CALLS if call.words[0] != "demo" or name in around]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "call"), every(), ids=lambda one: getattr(one, "label", one))
def test_each_vector_with_every_command(
    name: str, call: Call, company: Company, truths: Truths, tmp_path: Path
) -> None:
    planted = company.copy(tmp_path / "hostile")
    VECTORS[name].plant(planted)
    judge(call, company, planted, truths, tmp_path)


def falls(vector: Vector, company: Company) -> bool:
    """Whether plain git runs the canary."""
    assert vector.control is not None
    env = {name: value for name, value in company.office.env("jane").items() if name not in PLAIN}
    env |= company.office.play.repo.signature(JANE, None, None, None)
    subprocess.run(
        ["git", *vector.control],
        cwd=company.root,
        env={**env, **company.extra},
        input=vector.typed.encode(),
        capture_output=True,
        check=False,
        timeout=20,
    )
    return ran(company) != ""


@pytest.mark.parametrize("name", [name for name, vector in VECTORS.items() if vector.control])
def test_plain_git_runs_it(name: str, company: Company, tmp_path: Path) -> None:
    planted = company.copy(tmp_path / "hostile")
    VECTORS[name].plant(planted)
    assert falls(VECTORS[name], planted)


def started(company: Company, *command: str, **env: str) -> subprocess.CompletedProcess[bytes]:
    """A process of its own, in the work tree."""
    whole = {**company.office.env("jane"), **company.extra, **env}
    return subprocess.run(command, cwd=company.root, env=whole, capture_output=True, check=False)


@pytest.mark.parametrize(
    "start",
    [
        (str(Path(sys.executable).parent / "isodocs"),),
        (sys.executable, "-P", "-m", "isodocs"),
        (sys.executable, "-m", "isodocs"),
    ],
    ids=["isodocs", "python -P -m", "python -m"],
)
def test_no_module_of_the_work_tree_is_imported(
    start: tuple[str, ...], company: Company, tmp_path: Path
) -> None:
    planted = company.copy(tmp_path / "hostile")
    VECTORS["Python in the current folder"].plant(planted)
    done = started(planted, *start, "rules")
    assert done.returncode == 0, done.stderr
    assert ran(planted) == ""


def test_a_package_of_our_name_is_not_imported(company: Company, tmp_path: Path) -> None:
    """Only ``python -m isodocs`` would; the hooks on a server and in pre-commit do not start it so."""
    planted = company.copy(tmp_path / "hostile")
    (planted.root / "isodocs").mkdir()
    (planted.root / "isodocs" / "__init__.py").write_text("raise SystemExit(77)")
    command = str(Path(sys.executable).parent / "isodocs")
    assert started(planted, command, "rules").returncode == 0
    assert started(planted, sys.executable, "-P", "-m", "isodocs", "rules").returncode == 0


def test_programs_of_the_current_folder_do_run_for_who_trusts_them(company: Company, tmp_path: Path) -> None:
    """The control for the vector of that name."""
    planted = company.copy(tmp_path / "hostile")
    VECTORS["programs in the current folder"].plant(planted)
    assert started(planted, "/bin/sh", "-c", "git status").returncode == 0
    assert ran(planted) != ""
