"""The only doorway to git: every git process of isodocs is started here.

A repository is not trusted. Its configuration and attributes can name programs, its refs and files can
replace or cut history, and an inherited environment can point somewhere else. So each process runs with
a scrubbed environment, with settings that switch all of that off, and without a way to the network.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from isodocs.core.problem import CannotRun
from isodocs.git.environment import SETTINGS, cleaned, told_as_hook

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

MINIMUM = (2, 34)
CHUNK = 1 << 18

_OBJECT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_DAMAGE = (
    "missing",
    "unable to read",
    "could not read",
    "bad object",
    "corrupt",
    "could not fetch",
    "traverse",
    "not a tree object",
)
_INDEX_DAMAGE = ("index file corrupt", "index file smaller than expected", "unable to map index file")


class Truncated(CannotRun):
    """The history at hand is not all of it, or not as it was made (HX102)."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a git process ended: its exit code and what it wrote."""

    code: int
    out: bytes
    err: str


class Repository:
    """A git repository, read and never trusted.

    Attributes:
        root: top of the work tree; None where there is none.
        git_dir: the repository's folder, of a linked work tree its own.
        common_dir: the folder that all linked work trees share; the same as ``git_dir`` otherwise.
        bare: whether there is no work tree.
        object_format: ``sha1`` or ``sha256``.
        processes: how many git processes were started so far.
    """

    def __init__(self, place: Path, environ: Mapping[str, str]) -> None:
        self.processes = 0
        self.root: Path | None = None
        self.git_dir = self.common_dir = self._cwd = place
        self.bare = True
        self.object_format = "sha1"
        self._environ = environ
        self._complete = False

    @classmethod
    def open(cls, path: Path, environ: Mapping[str, str] | None = None) -> Repository:
        """Find the repository that ``path`` lies in: a work tree or any folder in it, or a bare one.

        The variables that git sets for hooks hold for the repository of the current folder only; opening
        another one from within a hook does not see them.

        Raises:
            CannotRun: git is missing or too old, or there is no repository that may be read.
        """
        environ = os.environ if environ is None else environ
        place, here = _folder(path), _current()
        repository = cls(place, cleaned(environ, hook=place == here))
        repository._check_version()
        repository._discover()
        around = repository.root or repository.git_dir
        if place != here and here is not None and here.is_relative_to(around) and told_as_hook(environ):
            repository._environ = cleaned(environ, hook=True)
            repository._discover()
        return repository

    def run(self, *args: str, stdin: bytes = b"", check: bool = True) -> bytes:
        """What a git command wrote to standard output; with ``check``, it must succeed.

        Raises:
            CannotRun: it failed; the text holds git's own words.
        """
        outcome = self.outcome(*args, stdin=stdin)
        if check and outcome.code:
            raise self._failure(args, outcome.code, outcome.err)
        return outcome.out

    def outcome(self, *args: str, stdin: bytes = b"") -> Outcome:
        """Run a git command to its end, whatever that is."""
        with self._start(args) as (process, errors):
            out, _ = process.communicate(stdin)
            return Outcome(process.returncode, out, _text(errors))

    def agrees(self, *args: str) -> bool:
        """Whether a git command that answers by its exit code says yes (0) and not no (1).

        Raises:
            CannotRun: it says neither.
        """
        outcome = self.outcome(*args)
        if outcome.code not in (0, 1):
            raise self._failure(args, outcome.code, outcome.err)
        return outcome.code == 0

    def stream(self, *args: str, stdin: Iterable[bytes] = ()) -> Iterator[bytes]:
        """The standard output of a git command in chunks; ``stdin`` is written from another thread.

        Raises:
            CannotRun: at the end, when the command failed: do not use what came before.
        """
        with self._start(args) as (process, errors), _feeding(process, stdin):
            assert process.stdout is not None  # noqa: S101 - a pipe was asked for
            while chunk := os.read(process.stdout.fileno(), CHUNK):
                yield chunk
            if code := process.wait():
                raise self._failure(args, code, _text(errors))

    def blobs(self, oids: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """The contents of blobs in the order asked for, all from one process.

        The requests are taken ahead of the answers, so they cannot depend on them.

        Raises:
            CannotRun: one is missing or no blob; in a partial clone it is ``Truncated``.
        """
        args = ("cat-file", "--batch", "--buffer")
        requests = (f"{_checked(oid)}\n".encode() for oid in oids)
        with self._start(args) as (process, errors), _feeding(process, requests):
            assert process.stdout is not None  # noqa: S101 - a pipe was asked for
            while head := process.stdout.readline():
                oid, kind, *size = head.decode("ascii", "replace").split()
                if kind != "blob":
                    raise self._failure(args, 1, f"object {oid} is {kind}, not a blob")
                content = process.stdout.read(int(size[0]) + 1)
                if len(content) != int(size[0]) + 1:
                    break
                yield oid, content[:-1]
            if code := process.wait():
                raise self._failure(args, code, _text(errors))

    def resolve(self, rev: str) -> str | None:
        """The full id of the commit a revision names; None when there is no such commit.

        Raises:
            CannotRun: git was killed before it could answer.
        """
        args = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{rev}^{{commit}}")
        outcome = self.outcome(*args)
        if outcome.code < 0:
            raise self._failure(args, outcome.code, outcome.err)
        name = outcome.out.decode("ascii", "replace").strip()
        return name if outcome.code == 0 and _OBJECT.fullmatch(name) else None

    def head(self) -> str | None:
        """The commit HEAD stands on; None when nothing was committed yet.

        Raises:
            CannotRun: HEAD names a commit that is missing or damaged.
        """
        found = self.resolve("HEAD")
        if found is None and (name := self.run("rev-parse", "--verify", "--quiet", "HEAD", check=False)):
            raise CannotRun(
                f"The repository is damaged: HEAD names {name.decode('ascii', 'replace').strip()}, which is "
                "missing or no commit; run `git fsck`, or clone it again."
            )
        return found

    def branch(self) -> str | None:
        """The branch that is checked out, born or not; None when HEAD is detached."""
        outcome = self.outcome("symbolic-ref", "--quiet", "HEAD")
        name = outcome.out.decode("utf-8", "surrogateescape").removesuffix("\n")
        return name.removeprefix("refs/heads/") if name.startswith("refs/heads/") else None

    def note(self, name: str) -> list[str]:
        """The lines of a small file that git keeps while something is under way, such as MERGE_HEAD."""
        return _lines(self.git_dir / name)

    @property
    def zero(self) -> str:
        """The name that git prints where there is no object."""
        return "0" * (64 if self.object_format == "sha256" else 40)

    def require_complete(self) -> None:
        """Refuse a repository whose history is cut or rewritten on this machine.

        Objects that a partial clone left out show when they are read; then ``Truncated`` is raised too.

        Raises:
            Truncated: the clone is shallow, or has grafts or replaced objects.
        """
        if self._complete:
            return
        if _lines(self.common_dir / "shallow"):
            raise Truncated("HX102: this clone is shallow, history is missing; run `git fetch --unshallow`.")
        if _lines(self.common_dir / "info" / "grafts"):
            raise Truncated("HX102: grafts change the history here; remove the file info/grafts below .git.")
        replaced = (
            self.run("for-each-ref", "--count=1", "--format=%(refname)", "refs/replace/").decode().strip()
        )
        if replaced:
            name = replaced.removeprefix("refs/replace/")
            raise Truncated(
                f"HX102: objects are replaced here; run `git replace -d {name}` for each of them."
            )
        self._complete = True

    def _check_version(self) -> None:
        words = self.run("version").decode("ascii", "replace")
        found = re.search(r"(\d+)\.(\d+)", words)
        if found is None or (int(found[1]), int(found[2])) < MINIMUM:
            raise CannotRun(f"git {MINIMUM[0]}.{MINIMUM[1]} or later is needed; this is {words.strip()}.")

    def _discover(self) -> None:
        questions = ("--is-inside-work-tree", "--show-object-format", "--absolute-git-dir")
        outcome = self.outcome("rev-parse", *questions)
        if outcome.code:
            raise _no_repository(self._cwd, outcome.err, self._environ.get("GIT_DIR"))
        inside, self.object_format, git_dir = os.fsdecode(outcome.out).removesuffix("\n").split("\n", 2)
        self.git_dir = Path(git_dir)
        self.common_dir = _common(self.git_dir)
        self.bare = inside != "true"
        if self.bare:
            self.root, self._cwd = None, self.git_dir
            return
        top = os.fsdecode(self.run("rev-parse", "--show-toplevel")).removesuffix("\n")
        self.root = self._cwd = Path(top)
        if "GIT_DIR" not in self._environ and not (self.root / ".git").exists():
            raise CannotRun(
                f"The repository's settings place its files at {top} (core.worktree); unset that."
            )

    @contextmanager
    def _start(self, args: tuple[str, ...]) -> Iterator[tuple[subprocess.Popen[bytes], IO[bytes]]]:
        """A git process that is gone, and waited for, when the block is left in whatever way."""
        self.processes += 1
        settings = [part for setting in SETTINGS for part in ("-c", setting)]
        with tempfile.TemporaryFile() as errors:
            try:
                process = subprocess.Popen(
                    ["git", "--no-pager", *settings, *args],
                    cwd=self._cwd,
                    env=dict(self._environ),
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=errors,
                )
            except FileNotFoundError:
                raise CannotRun("git was not found; install git 2.34 or later.") from None
            except OSError as error:
                raise CannotRun(f"git cannot be started in {self._cwd}: {error.strerror}.") from None
            try:
                yield process, errors
            finally:
                process.kill()
                for pipe in (process.stdout, process.stdin):
                    _close(pipe)
                process.wait()

    def _failure(self, args: tuple[str, ...], code: int, err: str) -> CannotRun:
        words = first_line(err) or f"it ended with status {code}"
        if any(word in err for word in _INDEX_DAMAGE):
            index = self.git_dir / "index"
            return CannotRun(f"The index is damaged ({words}); remove {index} and run `git reset`.")
        if not any(word in err.lower() for word in _DAMAGE):
            return CannotRun(f"`git {args[0]}` failed: {words}.")
        wanted = r"^(remote\..*\.promisor|extensions\.partialclone)$"
        if self.outcome("config", "--get-regexp", wanted).out:
            return Truncated(
                f"HX102: this is a partial clone and objects are missing ({words}); "
                "clone again without `--filter`."
            )
        return CannotRun(f"The repository is damaged ({words}); run `git fsck`, or clone it again.")


def _folder(path: Path) -> Path:
    """The folder to start from: the path itself, or where the file lies."""
    try:
        place = path.resolve(strict=True)
    except (OSError, RuntimeError):
        raise CannotRun(f"{path} does not exist or cannot be read.") from None
    return place if place.is_dir() else place.parent


def _current() -> Path | None:
    """The current folder; None when it was deleted."""
    try:
        return Path.cwd()
    except OSError:
        return None


def _common(git_dir: Path) -> Path:
    """The shared folder of linked work trees, as gitrepository-layout(5) has it in ``commondir``."""
    lines = _lines(git_dir / "commondir")
    return (git_dir / lines[0]).resolve() if lines else git_dir


def _lines(path: Path) -> list[str]:
    """The lines of a small file of git's own that say something; none when it is not there."""
    try:
        text = path.read_text("utf-8", "surrogateescape")
    except FileNotFoundError:
        return []
    except OSError as error:
        raise CannotRun(f"{path} cannot be read: {error.strerror}.") from None
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


def _no_repository(place: Path, err: str, told: str | None) -> CannotRun:
    if "dubious ownership" in err or "unsafe repository" in err:
        return CannotRun(
            f"{place} belongs to somebody else, so git does not trust it; "
            f"if you do, run `git config --global --add safe.directory {place}`."
        )
    if "not a git repository" in err:
        if told is not None:
            return CannotRun(f"GIT_DIR names {told}, which is no git repository; unset that variable.")
        if found := next((one / ".git" for one in (place, *place.parents) if (one / ".git").exists()), None):
            return CannotRun(f"git cannot use {found}: it is damaged or not readable; clone it again.")
        return CannotRun(f"{place} is not in a git repository; run `git init`, or name another folder.")
    return CannotRun(f"The repository at {place} cannot be read: {first_line(err)}.")


def first_line(err: str) -> str:
    """The line of git's complaint that names the cause."""
    lines = [line.strip() for line in err.splitlines() if line.strip() and not line.startswith("hint:")]
    fatal = [line for line in lines if line.startswith("fatal: ")]
    return (fatal or lines or [""])[0].removeprefix("fatal: ").removeprefix("error: ").rstrip(".")


def _text(errors: IO[bytes]) -> str:
    errors.seek(0)
    return errors.read().decode("utf-8", "replace")


def _checked(oid: str) -> str:
    if not _OBJECT.fullmatch(oid):
        raise CannotRun(f"{oid!r} is no object name.")
    return oid


def _close(pipe: IO[bytes] | None) -> None:
    if pipe is None:
        return
    try:
        pipe.close()
    except OSError:  # what was not written yet has no reader any more
        return


@contextmanager
def _feeding(process: subprocess.Popen[bytes], requests: Iterable[bytes]) -> Iterator[None]:
    """Write the requests from a thread, so that neither side waits for the other for ever."""
    faults: list[BaseException] = []

    def write() -> None:
        pipe = process.stdin
        try:
            for request in requests:
                if pipe is not None:
                    pipe.write(request)
        except BrokenPipeError:
            return
        except BaseException as fault:  # noqa: BLE001 - it is raised where the answers are read
            faults.append(fault)
        finally:
            _close(pipe)

    writer = threading.Thread(target=write, daemon=True)
    writer.start()
    try:
        yield
    finally:
        process.kill()
        writer.join()
    if faults:
        raise faults[0]
