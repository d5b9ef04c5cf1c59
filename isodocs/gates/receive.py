"""The server's gate: judges a push before any ref moves, from git objects alone.

It runs as git's ``pre-receive`` hook. The pushed objects lie in quarantine (git-receive-pack(1)), and the
doorway to git looks there too. Only the mainline is judged; draft branches and tags pass. Which branch is
the mainline is never read from what is pushed. Whatever cannot be judged is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from isodocs.core.moment import AsOf
from isodocs.core.problem import CannotRun, Problem, Profile, Severity
from isodocs.core.reading import read_settings
from isodocs.core.settings import SETTINGS_FILE
from isodocs.gates.updates import REPLACED, Refusal, folded, objection
from isodocs.git.mainline import HEADS
from isodocs.rules import engine
from isodocs.workspace.folding import Question, fold
from isodocs.workspace.mainline import open_push
from isodocs.workspace.sheets import with_sheets

if TYPE_CHECKING:
    from isodocs.core.library import Library
    from isodocs.gates.updates import Update
    from isodocs.git.repository import Repository

_WRITTEN = re.compile(rb":\d{6} (?:100644|100755) [0-9a-f]+ ([0-9a-f]+) [A-Z]")  # a row of git's --raw


@dataclass(frozen=True)
class Judgement:
    """What the gate says of a push.

    Attributes:
        mainline: the mainline's name.
        refusals: what no push may do.
        library: the mainline as the push would have it; None where the push does not touch it.
        problems: what the rules found there.
    """

    mainline: str
    refusals: tuple[Refusal, ...] = ()
    library: Library | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def accepted(self) -> bool:
        """Whether the push may go in."""
        return not self.refusals and not any(map(_blocks, self.problems))


@dataclass(frozen=True, slots=True)
class Line:
    """The mainline of a server before a push.

    Attributes:
        name: of the branch that is the mainline.
        base: the commit that a push of it is judged against; None where there is no mainline yet.
        born: whether the branch exists.
        former: branches that were the mainline before the settings named another.
    """

    name: str
    base: str | None
    born: bool
    former: tuple[str, ...] = ()


@dataclass
class Gate:
    """A server's repository and what one push asks of it.

    Attributes:
        repository: where the push comes in.
        updates: what it asks.
        now: the clock, in seconds since 1970.
        mainline: the branch to begin with; HEAD's where None.
        trust_root: the pinned root, a full commit id.
    """

    repository: Repository
    updates: tuple[Update, ...]
    now: int
    mainline: str | None = None
    trust_root: str | None = None
    _libraries: dict[str, Library] = field(default_factory=dict)

    def judge(self) -> Judgement:
        """Judge the push.

        Raises:
            CannotRun: it cannot be judged, and so must be refused.
        """
        refs = refs_of(self.repository)
        self._require_known(refs)
        _require_whole_pushes(self.repository)
        if all(update.new is None and update.ref.startswith(REPLACED) for update in self.updates):
            return Judgement(self.mainline or "")
        line = self.line(refs)
        refusals = [refusal for update in self.updates if (refusal := self._refusal(update, line))]
        update = next((one for one in self.updates if one.ref == HEADS + line.name), None)
        if refusals or update is None or update.new is None:
            return Judgement(line.name, tuple(refusals) or self._before_the_first(line))
        library = self._pushed(line.name, line.base, update.new)
        if refused := _handing_over(library, line, self.updates, refs):
            return Judgement(line.name, refused, library)
        found = engine.run(library)
        return Judgement(line.name, _turned(library, found), library, found)

    def line(self, refs: dict[str, str]) -> Line:
        """The mainline, by the settings that govern: from the branch to begin with to the one they name.

        Raises:
            CannotRun: no branch can be followed.
        """
        name = (self.mainline or head_branch(self.repository)).removeprefix(HEADS)
        base, former = None, list[str]()
        while True:
            if target := symbolic(self.repository, HEADS + name):
                raise CannotRun(
                    f"On this server {name} is only another name for {target}; the mainline must be a branch "
                    f"of its own. Its administrator can mend that: git symbolic-ref --delete {HEADS}{name}"
                )
            tip = refs.get(HEADS + name)
            if tip is None:
                return Line(name, base, born=False, former=tuple(former))
            named = self._named(name, tip)
            if named == name:
                return Line(name, tip, born=True, former=tuple(former))
            former.append(name)
            name, base = named, tip
            if name in former:
                raise CannotRun(f"The settings of {former[-1]} and {name} name each other as the mainline.")

    def _require_known(self, refs: dict[str, str]) -> None:
        """A push that goes by an outdated state fails later anyway; one through another name is told here."""
        for update in self.updates:
            if refs.get(update.ref) != update.old:
                raise CannotRun(f"{update.ref} moved while this push came in; fetch, and push again.")

    def _named(self, name: str, tip: str) -> str:
        """The mainline by the settings that govern at a branch's tip; the branch itself where none do yet."""
        update = next((one for one in self.updates if one.ref == HEADS + name and one.new), None)
        if update is not None and update.new is not None:
            library = self._pushed(name, tip, update.new)
            return library.settings.mainline if library.base is not None else name
        if names_ever(self.repository, tip) <= {name}:
            return name
        authority = fold(Question(self.repository, tip, trust_root=self.trust_root)).state.authority
        return authority.settings.mainline if authority else name

    def _pushed(self, name: str, base: str | None, new: str) -> Library:
        """The mainline as the push would have it."""
        if name not in self._libraries:
            if self.repository.resolve(new) != new:
                raise CannotRun(f"{new[:12]} is no commit, so {name} cannot stand on it.")
            library = open_push(
                self.repository,
                base,
                new,
                AsOf.read(None, self.now),
                profile=Profile.RELEASE,
                trust_root=self.trust_root,
            )
            self._libraries[name] = with_sheets(replace(library, narrow=True), self.repository)
        return self._libraries[name]

    def _refusal(self, update: Update, line: Line) -> Refusal | None:
        target = symbolic(self.repository, update.ref)
        if target and target.startswith((HEADS, "refs/isodocs/", REPLACED)):
            return Refusal(f"On this server {update.ref} is only another name for {target}.", "Push there.")
        return objection(update, line.name, line.former)

    def _before_the_first(self, line: Line) -> tuple[Refusal, ...]:
        """Nothing goes in before there is a mainline: what it is could not be told."""
        if line.born or line.base is not None or all(update.new is None for update in self.updates):
            return ()
        return (
            Refusal(
                f"The mainline of this server is {line.name}, and it has no commit yet.",
                f"Push {line.name} first. If it should have another name, the server's administrator can say "
                "so: isodocs receive --install --mainline NAME",
            ),
        )


def _turned(library: Library, found: tuple[Problem, ...]) -> tuple[Refusal, ...]:
    """A turned mainline is refused here even where the settings let the rule (HX103) pass."""
    if library.push is None or not library.push.turned or any(_blocks(one) for one in found):
        return ()
    return (
        Refusal(
            "This push does not continue the mainline: its past would be another one.",
            "Fetch, bring your commits onto it with git merge --no-ff on the mainline, and push again.",
        ),
    )


def _blocks(problem: Problem) -> bool:
    return problem.severity is Severity.ERROR


def _handing_over(
    library: Library, line: Line, updates: tuple[Update, ...], refs: dict[str, str]
) -> tuple[Refusal, ...]:
    """What is wrong with settings that make another branch the mainline."""
    push, authority = library.push, library.state.authority
    if authority is None or authority.settings.mainline == line.name or (push and push.turned):
        return ()
    name = authority.settings.mainline
    if library.base is None:
        return (
            Refusal(
                f"The settings in this first push call {name} the mainline; here it is {line.name}.",
                "Change the settings, or let the server's administrator name the mainline: "
                f"isodocs receive --install --mainline {name}",
            ),
        )
    known = (*refs, *(update.ref for update in updates if update.new))
    taken = [ref for ref in known if folded(ref) == folded(HEADS + name)]
    if not taken:
        return ()
    return (
        Refusal(
            f"With this push {name} becomes the mainline, and {taken[0]} holds something else.",
            f"Delete or rename that branch first; {name} then begins where {line.name} ends.",
        ),
    )


def _require_whole_pushes(repository: Repository) -> None:
    """A shallow push, even of a draft, would cut the history of the whole server.

    Raises:
        CannotRun: the server takes them in.
    """
    if _answer(repository, "config", "--type=bool", "--get", "receive.shallowUpdate") == "true":
        raise CannotRun(
            "This server takes in shallow pushes, which cut its history. Its administrator can mend that: "
            "git config receive.shallowUpdate false"
        )


def names_ever(repository: Repository, tip: str) -> set[str]:
    """What the settings of any commit of a first-parent chain call the mainline, adopted or not.

    Cheap beside a fold, and enough where they never said but one thing. Along first parents git leaves
    nothing out for the sake of a path.
    """
    options = ("--first-parent", "--diff-merges=first-parent", "--full-history", "--root", "--raw", "-z")
    plain = ("--no-abbrev", "--no-renames", "--format=", "--end-of-options")
    repository.require_complete()
    output = repository.run("log", *options, *plain, tip, "--", SETTINGS_FILE)
    names = dict.fromkeys(match[1].decode("ascii") for match in _WRITTEN.finditer(output))
    found = (read_settings(data)[0] for _, data in repository.blobs(names))
    return {settings.mainline for settings in found if settings}


def refs_of(repository: Repository) -> dict[str, str]:
    """Where every ref points."""
    output = repository.run("for-each-ref", "--format=%(refname)%00%(objectname)")
    lines = output.decode("utf-8", "surrogateescape").split("\n")
    pairs = (line.partition("\0") for line in lines if line)
    return {name: oid for name, _, oid in pairs}


def symbolic(repository: Repository, ref: str) -> str:
    """What a symbolic ref stands for, even if that does not exist; empty for an ordinary ref.

    Raises:
        CannotRun: git did not get to an answer.
    """
    return _answer(repository, "symbolic-ref", "--quiet", "--", ref)


def _answer(repository: Repository, *question: str) -> str:
    """What git answers to a question whose answer may be none, which it says by the exit code 1."""
    outcome = repository.outcome(*question)
    if outcome.code not in {0, 1}:
        raise CannotRun(f"`git {question[0]}` failed: {outcome.err.strip() or outcome.code}.")
    return outcome.out.decode("utf-8", "surrogateescape").removesuffix("\n")


def head_branch(repository: Repository) -> str:
    """The branch that HEAD of a server's repository names.

    Raises:
        CannotRun: it names none.
    """
    target = symbolic(repository, "HEAD")
    if not target.startswith(HEADS):
        raise CannotRun(
            "HEAD of this server's repository names no branch. Its administrator can say which is the "
            "mainline: isodocs receive --install --mainline NAME"
        )
    return target.removeprefix(HEADS)
