"""The only doorway to git: every git process of isodocs is started here.

A repository is not trusted. Its configuration and attributes can name programs, its refs and files can
replace or cut history, and an inherited environment can point somewhere else. So each process runs with
a scrubbed environment, with settings that switch all of that off, and without a way to the network.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, TYPE_CHECKING

from isodocs.core.problem import CannotRun
from isodocs.git import places
from isodocs.git.asking import Asking
from isodocs.git.cache import Cache
from isodocs.git.complaints import Truncated, failure, first_line, forged, is_damage, no_repository
from isodocs.git.configured import Configured, configured
from isodocs.git.cut import REPLACED, refuse_cut, refuse_replaced
from isodocs.git.environment import SETTINGS, absolute_folders, cleaned, told_as_hook
from isodocs.git.objects import BadAnswer, Forged, answers
from isodocs.git.pipes import end, feeding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from isodocs.git.objects import Found
    from isodocs.git.tree import Tree

__all__ = ["Outcome", "Repository", "Truncated"]

MINIMUM = (2, 34)
CHUNK = 1 << 18

_OBJECT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_SHORT = re.compile(r"[0-9a-fA-F]{4,63}")


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
        trees: the files of commits, by id, that were read already and held against their ids.
    """

    def __init__(self, place: Path, environ: Mapping[str, str]) -> None:
        self.processes = 0
        self.trees: dict[str, Tree] = {}
        self.root: Path | None = None
        self.git_dir = self.common_dir = self._cwd = place
        self.bare = True
        self.object_format = "sha1"
        self._environ: Mapping[str, str] = environ
        self._complete = False
        self._replaced: list[str] | None = None

    @classmethod
    def open(cls, path: Path, environ: Mapping[str, str] | None = None) -> Repository:
        """Find the repository that ``path`` lies in: a work tree or any folder in it, or a bare one.

        The variables that git sets for hooks hold for the repository of the current folder only; opening
        another one from within a hook does not see them.

        Raises:
            CannotRun: git is missing or too old, or there is no repository that may be read.
        """
        environ = os.environ if environ is None else environ
        place, here = places.folder(path), places.current()
        repository = cls(place, cleaned(environ, hook=place == here))
        repository._discover()
        repository._require_new_enough()
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
            raise self.refusal(args, outcome.code, outcome.err)
        return outcome.out

    def outcome(self, *args: str, stdin: bytes = b"") -> Outcome:
        """Run a git command to its end, whatever that is."""
        with self.start(args) as (process, errors):
            out, _ = process.communicate(stdin)
            return Outcome(process.returncode, out, _text(errors))

    def agrees(self, *args: str) -> bool:
        """Whether a git command that answers by its exit code says yes (0) and not no (1).

        Raises:
            CannotRun: it says neither.
        """
        outcome = self.outcome(*args)
        if outcome.code not in (0, 1):
            raise self.refusal(args, outcome.code, outcome.err)
        return outcome.code == 0

    def stream(self, *args: str, stdin: Iterable[bytes] = ()) -> Iterator[bytes]:
        """The standard output of a git command in chunks; ``stdin`` is written from another thread.

        Raises:
            CannotRun: at the end, when the command failed: do not use what came before.
        """
        with self.start(args) as (process, errors), feeding(process, stdin):
            assert process.stdout is not None  # noqa: S101 - a pipe was asked for
            while chunk := os.read(process.stdout.fileno(), CHUNK):
                yield chunk
            if code := process.wait():
                raise self.refusal(args, code, _text(errors))

    def blobs(self, oids: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """The contents of blobs in the order asked for, all from one process.

        The requests are taken ahead of the answers, so they cannot depend on them.

        Raises:
            CannotRun: as for ``objects``, or one is no blob.
        """
        for oid, kind, content in self.objects(oids):
            if kind != "blob":
                raise self.refusal(("cat-file",), 1, f"object {oid} is {kind}, not a blob")
            yield oid, content

    def objects(self, oids: Iterable[str]) -> Iterator[Found]:
        """Objects of any kind in the order asked for, all from one process, each held against its name.

        ``ID^{tree}`` asks for the tree of a commit. The requests are taken ahead of the answers, so they
        cannot depend on them.

        Raises:
            CannotRun: one is missing, or holds other bytes than its name says; in a partial clone a missing
                one is ``Truncated``.
        """
        args = ("cat-file", "--batch", "--buffer")
        requests = (f"{_checked(oid)}\n".encode() for oid in oids)
        with self.start(args) as (process, errors), feeding(process, requests):
            assert process.stdout is not None  # noqa: S101 - a pipe was asked for
            try:
                yield from answers(process.stdout, self.object_format)
            except BadAnswer as fault:
                raise self.refusal(args, 1, str(fault)) from None
            except Forged as fault:
                raise forged(str(fault)) from None
            if code := process.wait():
                raise self.refusal(args, code, _text(errors))

    def resolve(self, rev: str) -> str | None:
        """The full id of the commit a revision names; None when there is no such commit.

        Raises:
            CannotRun: git was killed before it could answer, or the name means several things here.
        """
        args = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{rev}^{{commit}}")
        outcome = self.outcome(*args)
        if outcome.code < 0:
            raise self.refusal(args, outcome.code, outcome.err)
        name = outcome.out.decode("ascii", "replace").strip()
        if outcome.code or not _OBJECT.fullmatch(name):
            return None
        if not _OBJECT.fullmatch(rev) and ("is ambiguous" in outcome.err or _looks_otherwise(rev, name)):
            raise CannotRun(
                f"The name {rev} means several things here; write refs/heads/{rev}, refs/tags/{rev} "
                "or the whole id of the commit."
            )
        return name

    def refs(self, *patterns: str) -> dict[str, str]:
        """The objects that refs stand for, by the refs' full names; those that match one of the patterns.

        Whether objects are replaced (``require_complete``) is asked along.

        Raises:
            CannotRun: one of them is broken: what it stood for is not known.
        """
        outcome = self.outcome("for-each-ref", "--format=%(refname)%00%(objectname)", *patterns, REPLACED)
        if outcome.code or "ignoring" in outcome.err:
            words = first_line(outcome.err).removeprefix("warning: ignoring ")
            raise CannotRun(f"The repository is damaged ({words}); run `git fetch`, or clone it again.")
        rows = outcome.out.decode("utf-8", "surrogateescape").split("\n")
        found = dict(row.split("\0", 1) for row in rows if "\0" in row)
        self._replaced = [ref for ref in found if ref.startswith(REPLACED)]
        return {ref: oid for ref, oid in found.items() if not ref.startswith(REPLACED)}

    def head(self) -> str | None:
        """The commit HEAD stands on; None when nothing was committed yet.

        Raises:
            CannotRun: HEAD names a commit that is missing or damaged.
        """
        found = self.asking.commit("HEAD") or self.resolve("HEAD")
        if found is None and (name := self.run("rev-parse", "--verify", "--quiet", "HEAD", check=False)):
            raise CannotRun(
                f"The repository is damaged: HEAD names {name.decode('ascii', 'replace').strip()}, which is "
                "missing or no commit; run `git fsck`, or clone it again."
            )
        if found is None and (branch := self.branch()) is not None:
            self.refs(f"refs/heads/{branch}")  # one that is broken is not one that is not there yet
        return found

    def branch(self) -> str | None:
        """The branch that is checked out, born or not; None when HEAD is detached."""
        outcome = self.outcome("symbolic-ref", "--quiet", "HEAD")
        name = outcome.out.decode("utf-8", "surrogateescape").removesuffix("\n")
        return name.removeprefix("refs/heads/") if name.startswith("refs/heads/") else None

    def note(self, name: str) -> list[str]:
        """The lines of a small file that git keeps while something is under way, such as MERGE_HEAD."""
        return places.lines(self.git_dir / name)

    @property
    def _path(self) -> str:
        return absolute_folders(self._environ.get("PATH", os.defpath))

    @cached_property
    def _git(self) -> str:
        """The program: the first of that name on the path."""
        return shutil.which("git", path=self._path) or "git"

    @cached_property
    def cache(self) -> Cache:
        """What earlier runs of this user worked out; kept in git's folder."""
        return Cache.beside(self.common_dir, self._environ)

    @cached_property
    def asking(self) -> Asking:
        """Answers questions about single objects."""
        return Asking(self)

    @cached_property
    def configured(self) -> Configured:
        """What git's configuration says of its user and of remotes."""
        return configured(self)

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
        self.require_uncut()
        if self._replaced is None:
            self.refs()
        refuse_replaced(self._replaced or ())
        self._complete = True

    def require_uncut(self) -> None:
        """Refuse a clone without its beginning: the part of ``require_complete`` that asks no process.

        Raises:
            Truncated: the clone is shallow, or has grafts.
        """
        refuse_cut(self.common_dir)

    def _require_new_enough(self) -> None:
        """Refuse a git that is too old; a program that was new enough once is not asked again."""
        question = places.file_facts(self._git)
        if self.cache.get("git", question) is None:
            self._check_version()
            self.cache.put("git", question, b"new enough")
            self.cache.flush()

    def _check_version(self) -> None:
        words = self.run("version").decode("ascii", "replace")
        found = re.search(r"(\d+)\.(\d+)", words)
        if found is None or (int(found[1]), int(found[2])) < MINIMUM:
            raise CannotRun(f"git {MINIMUM[0]}.{MINIMUM[1]} or later is needed; this is {words.strip()}.")

    def _discover(self) -> None:
        outcome = self.outcome("rev-parse", *places.QUESTIONS)
        if outcome.code:
            self._check_version()
            raise no_repository(self._cwd, outcome.err, self._environ.get("GIT_DIR"))
        place = places.place_of(os.fsdecode(outcome.out), self._cwd) or self._place()
        self.git_dir, self.object_format, self.root = place
        self.common_dir = places.common(self.git_dir)
        self.bare = self.root is None
        self._cwd = self.root or self.git_dir
        if self.root is None:
            self._refuse_planted()
            return
        if "GIT_DIR" not in self._environ and not places.leads_to(self.root / ".git", self.git_dir):
            raise CannotRun(
                f"The repository's settings place its files at {self.root} (core.worktree); unset that."
            )

    def _place(self) -> places.Place:
        """The same, one question at a time: paths with line ends make it hard to tell answers apart."""
        self._check_version()
        asked = (self.run("rev-parse", one) for one in places.QUESTIONS[:3])
        git_dir, object_format, inside = (os.fsdecode(one).removesuffix("\n") for one in asked)
        if object_format not in places.FORMATS:
            raise CannotRun(f"git answered something unexpected: {object_format!r}.")
        if inside != "true":
            return places.Place(Path(git_dir), object_format, None)
        top = os.fsdecode(self.run("rev-parse", "--show-toplevel")).removesuffix("\n")
        return places.Place(Path(git_dir), object_format, Path(top))

    def _refuse_planted(self) -> None:
        """Refuse a bare repository in the work tree of another, unless somebody named it (GIT_DIR)."""
        if "GIT_DIR" in self._environ:
            return
        around = self.outcome(
            "-C", str(self.git_dir.parent), "rev-parse", "--show-toplevel", "--absolute-git-dir"
        )
        if around.code == 0:
            places.refuse_planted(self.git_dir, os.fsdecode(around.out))

    @contextmanager
    def start(self, args: tuple[str, ...]) -> Iterator[tuple[subprocess.Popen[bytes], IO[bytes]]]:
        """A git process that is gone, and waited for, when the block is left in whatever way."""
        process, errors = self.begun(args)
        try:
            yield process, errors
        finally:
            end(process, errors)

    def begun(self, args: tuple[str, ...]) -> tuple[subprocess.Popen[bytes], IO[bytes]]:
        """A git process, and the file in which it complains; whoever asks for it ends it (``pipes.end``)."""
        self.processes += 1
        settings = [part for setting in SETTINGS for part in ("-c", setting)]
        errors = tempfile.TemporaryFile()  # noqa: SIM115 - it is closed with the process
        try:
            process = subprocess.Popen(
                [self._git, "--no-pager", *settings, *args],
                cwd=self._cwd,
                env={**self._environ, "PATH": self._path},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
            )
        except OSError as error:
            errors.close()
            if isinstance(error, FileNotFoundError):
                raise CannotRun("git was not found; install git 2.34 or later.") from None
            raise CannotRun(f"git cannot be started in {self._cwd}: {error.strerror}.") from None
        return process, errors

    def refusal(self, args: tuple[str, ...], code: int, err: str) -> CannotRun:
        """Why a git command failed, in a sentence that says how to go on."""
        partial = False
        if is_damage(err):
            wanted = r"^(remote\..*\.promisor|extensions\.partialclone)$"
            partial = bool(self.outcome("config", "--get-regexp", wanted).out)
        return failure(args[0], code, err, self.git_dir / "index", partial=partial)


def _looks_otherwise(rev: str, oid: str) -> bool:
    """Whether a name reads as the beginning of another commit's id: a ref can be called like that."""
    return _SHORT.fullmatch(rev) is not None and not oid.startswith(rev.lower())


def _text(errors: IO[bytes]) -> str:
    errors.seek(0)
    return errors.read().decode("utf-8", "replace")


def _checked(oid: str) -> str:
    if not _OBJECT.fullmatch(oid.removesuffix("^{tree}")):
        raise CannotRun(f"{oid!r} is no object name.")
    return oid
