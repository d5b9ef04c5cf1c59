"""The command line as a whole: help, dispatch, completion, and how every exception ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import click
import pytest
from support.play import founded

from isodocs import __version__, cli
from isodocs.commands import JOBS, VERBS, Verb
from isodocs.core.problem import CannotRun

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[1]
# Everything that is not Python's own and that the hook may load (DESIGN, section 7).
HOOK_PATH = {
    "isodocs", "click", "yaml", "tzdata", "cryptography", "pydantic", "pydantic_core", "annotated_types",
    "typing_extensions", "typing_inspection", "nacl",
}  # fmt: skip
HEAVY = {"pydantic", "rich", "git", "mkdocs", "ruamel", "yaml", "cryptography", "markdown_it", "pytest"}

# A program whose verb ``do`` runs one expression.
ONE_VERB = """
import sys, click, types
from isodocs import cli
from isodocs.commands import VERBS, Verb
module = types.ModuleType("m")
module.do = click.Command("do", callback=lambda: {expression})
sys.modules["m"] = module
VERBS["do"] = Verb("do", "m:do", "")
sys.exit(cli.main(["do"]))
"""


@pytest.fixture
def do(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Make ``isodocs do`` run a function."""

    def register(function: Callable[[], object]) -> None:
        module = ModuleType("verb_of_a_test")
        module.do = click.Command("do", callback=function)  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "verb_of_a_test", module)
        monkeypatch.setitem(VERBS, "do", Verb("do", "verb_of_a_test:do", "Do it."))

    return register


def raising(error: BaseException) -> Callable[[], None]:
    def function() -> None:
        raise error

    return function


def in_a_process(*args: str, code: str = "", **more: str) -> subprocess.CompletedProcess[str]:
    """Run the command line, or code, in a process of its own."""
    start = ["-c", code] if code else ["-m", "isodocs"]
    env = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "LC_ALL": "C.UTF-8", **more}
    return subprocess.run(
        [sys.executable, *start, *args], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )


class TestHelp:
    def test_version(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.main(["--version"]) == 0
        assert capsys.readouterr().out == f"isodocs, version {__version__}\n"

    @pytest.mark.parametrize("option", ["--help", "-h"])
    def test_help_names_every_verb_under_its_job(
        self, option: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert cli.main([option]) == 0
        out = capsys.readouterr().out
        places = [out.index(f"\n{job.title}:\n") for job in JOBS]
        assert places == sorted(places)
        for name in VERBS:
            assert f"\n  {name}  " in out

    def test_help_teaches_by_examples_and_says_the_exit_status(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        cli.main(["--help"])
        out = capsys.readouterr().out
        assert "isodocs approve SOP-001 " in out
        assert "Exit status: 0 fine (warnings may be there), 1 errors found, 2 could not run." in out

    def test_help_fits_a_terminal_of_80_columns(self, capsys: pytest.CaptureFixture[str]) -> None:
        cli.main(["--help"])
        assert max(map(len, capsys.readouterr().out.splitlines())) <= 80

    def test_without_a_word_it_shows_the_help(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.main([]) == 2
        streams = capsys.readouterr()
        assert "Usage: isodocs" in streams.out + streams.err

    @pytest.mark.parametrize("name", VERBS)
    def test_every_verb_explains_itself(self, name: str, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.main([name, "--help"]) == 0
        out = capsys.readouterr().out
        assert out.startswith(f"Usage: isodocs {name}")
        assert len(out.splitlines()) > 4


class TestTable:
    @pytest.mark.parametrize("name", VERBS)
    def test_every_entry_is_a_click_command_of_its_name(self, name: str) -> None:
        command = cli.program.get_command(click.Context(cli.program), name)
        assert isinstance(command, click.Command)
        assert command.name == name

    def test_no_verb_stands_twice(self) -> None:
        assert len(VERBS) == sum(len(job.verbs) for job in JOBS)

    def test_summaries_are_one_short_sentence(self) -> None:
        for verb in VERBS.values():
            assert verb.summary.endswith(".")
            assert len(verb.summary) < 72

    @pytest.mark.parametrize(
        ("typed", "meant"),
        [("chek", "check"), ("aprove", "approve"), ("histroy", "history"), ("lst", "list")],
    )
    def test_a_mistyped_verb_is_guessed(
        self, typed: str, meant: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert cli.main([typed]) == 2
        assert f"There is no command '{typed}'. Did you mean '{meant}'?" in capsys.readouterr().err

    def test_an_unknown_verb_is_not_guessed_wildly(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.main(["frobnicate"]) == 2
        assert "There is no command 'frobnicate'. `isodocs --help` lists them." in capsys.readouterr().err

    def test_a_verb_of_a_later_version_says_so(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setitem(VERBS, "later", Verb("later", "isodocs.commands.later:later", "Later."))
        assert cli.main(["later"]) == 2
        assert "This command is not part of isodocs" in capsys.readouterr().err

    def test_a_missing_extra_is_named(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setitem(VERBS, "more", Verb("more", "package_that_is_not_there:more", "More."))
        assert cli.main(["more"]) == 2
        assert "needs the Python package package_that_is_not_there; install it" in capsys.readouterr().err


class TestBoundary:
    """How each kind of ending becomes an exit status and at most one clear sentence."""

    @pytest.mark.parametrize(("value", "status"), [(None, 0), (0, 0), (1, 1), (2, 2), ("text", 0)])
    def test_what_a_command_returns(
        self, do: Callable[[Callable[[], object]], None], value: object, status: int
    ) -> None:
        do(lambda: value)
        assert cli.main(["do"]) == status

    @pytest.mark.parametrize(
        ("error", "status", "words"),
        [
            (CannotRun("The sky is down; look up."), 2, "isodocs: The sky is down; look up.\n"),
            (click.UsageError("Two things at once."), 2, "Error: Two things at once.\n"),
            (click.ClickException("No."), 2, "Error: No.\n"),
            (click.Abort(), 2, "\nisodocs: Stopped: no answer was given.\n"),
            (KeyboardInterrupt(), 130, "isodocs: Interrupted.\n"),
            (BrokenPipeError(), 141, ""),
            (click.exceptions.Exit(1), 1, ""),
            (SystemExit(1), 1, ""),
            (SystemExit(None), 0, ""),
            (SystemExit("words"), 2, ""),
            (PermissionError(13, "Permission denied", "/x/y"), 2, "isodocs: /x/y: Permission denied.\n"),
        ],
        ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else "",
    )
    def test_endings(
        self,
        do: Callable[[Callable[[], object]], None],
        error: BaseException,
        status: int,
        words: str,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        do(raising(error))
        assert cli.main(["do"]) == status
        streams = capsys.readouterr()
        assert streams.err.endswith(words)
        assert "Traceback" not in streams.err
        assert streams.out == ""

    @pytest.mark.parametrize(
        "error", [KeyError("x"), RecursionError(), MemoryError(), AssertionError("no\nway")]
    )
    def test_our_own_fault_is_one_line_without_a_traceback(
        self,
        do: Callable[[Callable[[], object]], None],
        error: Exception,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        do(raising(error))
        assert cli.main(["do"]) == 2
        err = capsys.readouterr().err
        assert err.count("\n") == 1
        assert "This is a fault of isodocs" in err
        assert type(error).__name__ in err
        assert "report it" in err

    @pytest.mark.parametrize("by", ["option", "variable"])
    def test_the_traceback_is_there_for_who_asks(
        self,
        do: Callable[[Callable[[], object]], None],
        by: str,
        capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        do(raising(KeyError("x")))
        if by == "variable":
            monkeypatch.setenv("ISODOCS_DEBUG", "1")
        assert cli.main(["--debug", "do"] if by == "option" else ["do"]) == 2
        assert "Traceback (most recent call last)" in capsys.readouterr().err

    def test_a_reader_that_goes_away_is_no_fault(self) -> None:
        code = ONE_VERB.format(expression="[print('x' * 1000) for _ in range(10000)] and None")
        writer = subprocess.Popen(
            [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        assert writer.stdout is not None
        assert writer.stderr is not None
        writer.stdout.read(10)
        writer.stdout.close()
        assert writer.stderr.read() == b""
        writer.stderr.close()
        assert writer.wait() == cli.READER_GONE

    def test_a_name_the_terminal_cannot_show_ends_nothing(self) -> None:
        code = ONE_VERB.format(expression=r"print('\udcff \u00e4 \u2026')")
        ended = in_a_process(code=code, PYTHONIOENCODING="ascii")
        assert (ended.returncode, ended.stderr) == (0, "")
        assert ended.stdout == "\\udcff \\xe4 \\u2026\n"

    def test_a_folder_that_is_not_there(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.main(["-C", "/no/such/folder", "check"]) == 2
        assert "does not exist" in capsys.readouterr().err

    @pytest.mark.parametrize("words", [["check", "--nonsense"], ["check", "--format", "xml"], ["--nonsense"]])
    def test_wrong_options_are_status_2(self, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.main(words) == 2
        assert "Usage: isodocs" in capsys.readouterr().err

    def test_python_dash_m(self) -> None:
        ended = in_a_process("--version")
        assert (ended.returncode, ended.stdout) == (0, f"isodocs, version {__version__}\n")


class TestStartUp:
    """DESIGN, section 7: the hook imports only what it uses."""

    def test_the_command_line_alone_loads_click_and_no_more(self) -> None:
        code = "import json, sys, isodocs.cli; print(json.dumps(sorted(sys.modules)))"
        loaded = {name.partition(".")[0] for name in json.loads(in_a_process(code=code).stdout)}
        assert "click" in loaded
        assert not HEAVY & loaded

    def test_help_and_version_load_no_more(self) -> None:
        for option in ("--help", "--version"):
            code = (
                f"import json, sys, isodocs.cli; isodocs.cli.main(['{option}'])\n"
                "print('\\n' + json.dumps(sorted(sys.modules)))"
            )
            last = in_a_process(code=code).stdout.splitlines()[-1]
            assert not HEAVY & {name.partition(".")[0] for name in json.loads(last)}

    def test_the_hook_loads_nothing_but_what_it_uses(self, tmp_path: Path) -> None:
        play = founded(tmp_path / "company")
        play.branch("draft")
        play.doc("WI-001", "2")
        play.repo.git("add", "-A")
        code = (
            "import json, sys\n"
            "before = set(sys.modules)\n"
            "from isodocs.cli import main\n"
            "status = main(['check', '--staged', '--as-of', '2026-02-03'])\n"
            "paths = {name: getattr(module, '__file__', None) for name, module in sys.modules.items()}\n"
            "print(json.dumps([status, {n: p for n, p in paths.items() if p and n not in before}]))"
        )
        ended = subprocess.run(
            [sys.executable, "-c", code],
            cwd=play.repo.path,
            env=play.repo.env,
            capture_output=True,
            text=True,
            check=True,
        )
        status, loaded = json.loads(ended.stdout.splitlines()[-1])
        assert status == 0
        tops = {name.partition(".")[0] for name in loaded} - sys.stdlib_module_names
        assert {name for name in tops if not name.startswith("_")} <= HOOK_PATH


def completions(words: str, *, cwd: Path = ROOT) -> list[str]:
    """What bash would offer after ``words``; the last word is the one being typed."""
    env = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "_ISODOCS_COMPLETE": "bash_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split(" ")) - 1),
    }
    ended = subprocess.run(
        [sys.executable, "-m", "isodocs"], cwd=cwd, env=env, capture_output=True, text=True, check=False
    )
    assert ended.stderr == ""
    return [line.partition(",")[2] for line in ended.stdout.splitlines() if line]


class TestCompletion:
    @pytest.mark.parametrize(
        ("shell", "first", "words"),
        [
            (
                "bash",
                "# Keep it: isodocs completion bash > ",
                "complete -o nosort -F _isodocs_completion isodocs",
            ),
            ("zsh", "#compdef isodocs", "# Keep it: "),
            ("fish", "# Keep it: isodocs completion fish > ", "complete --no-files --command isodocs"),
        ],
    )
    def test_script(self, shell: str, first: str, words: str, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.main(["completion", shell]) == 0
        out = capsys.readouterr().out
        assert out.startswith(first)
        assert words in out

    def test_an_unknown_shell(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.main(["completion", "cobol"]) == 2
        assert "'bash', 'zsh', 'fish'" in capsys.readouterr().err

    def test_bash_takes_the_script(self, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
        cli.main(["completion", "bash"])
        script = tmp_path / "completion"
        script.write_text(capsys.readouterr().out)
        subprocess.run(["bash", "-e", str(script)], check=True)

    def test_verbs(self) -> None:
        assert completions("isodocs re") == ["review", "return", "reaffirm", "receive"]

    def test_options(self) -> None:
        assert "--format" in completions("isodocs check --")

    def test_formats(self) -> None:
        assert completions("isodocs check --format j") == ["json"]

    def test_document_ids_from_the_names_of_the_files(self, tmp_path: Path) -> None:
        for name in ("a/SOP-001-buy.md", "a/SOP-002.md", "WI-001-x y.md", "notes.md", "SOP-003.txt"):
            path = tmp_path / "documents" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("")
        below = tmp_path / "documents" / "a"
        assert completions("isodocs history S", cwd=tmp_path) == ["SOP-001", "SOP-002"]
        assert completions("isodocs history ", cwd=below) == ["SOP-001", "SOP-002", "WI-001"]

    def test_where_nothing_is_nothing_is_offered(self, tmp_path: Path) -> None:
        assert completions("isodocs history S", cwd=tmp_path) == []

    def test_rule_codes(self) -> None:
        assert "RV101" in completions("isodocs explain RV")
