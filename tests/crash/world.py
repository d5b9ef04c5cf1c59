"""The writing commands of the crash matrix: where each starts, and what must hold after it was struck."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from support.company import document_text
from support.office import Office, run, write_key
from support.statements import Key

from isodocs.core.statement import file_name
from isodocs.core.statement_reader import UnreadableStatement, read
from isodocs.signing import verify

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

RANDOM = re.compile(
    r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ|"
    r"[0-9a-f]{8}-[0-9a-f-]{27}|ssh-ed25519 \S+|(?<=proof: \|\n)(?:[ ]{8,}.*\r?\n)+"
)
DIGEST = re.compile(r"\.[0-9a-f]{12}\.json")
LEFTOVER = re.compile(r"\.isodocs-(new-|old-|tmp-\w{8}$)")
EXPORTED = "manual"


@dataclass(frozen=True)
class Command:
    """One writing command.

    Attributes:
        name: for people.
        words: the command line; ``{home}`` is the machine's home, ``{out}`` a folder beside the repository.
        prepare: makes the situation from the company on its branch.
        by: who runs it.
        random: its result holds chance, such as a new key; what is by chance is masked.
        again: the words of a refusal after which to go on with other words, and these.
        stdin: what is typed.
    """

    name: str
    words: tuple[str, ...]
    prepare: Callable[[Office], None]
    by: str = "jane"
    random: bool = False
    again: tuple[str, tuple[str, ...]] = ("", ())
    stdin: str = ""

    def line(self, office: Office, *, again: bool = False) -> list[str]:
        """The words, with the places of this office."""
        words = self.again[1] if again else self.words
        return [word.format(home=office.home, out=office.root.parent / EXPORTED) for word in words]


def _nothing(_office: Office) -> None:
    return


def _drafts(office: Office) -> None:
    office.play.branch("b")
    office.play.revise("SOP-001", "2")
    office.play.revise("WI-001", "2")


def _signed(office: Office) -> None:
    _drafts(office)
    office.ok("approve", "WI-001", "SOP-001", "--yes")


def _settings(office: Office) -> None:
    office.play.branch("b")
    office.play.write("mkdocs.yml", "site_name: b\n")
    office.play.commit("max")


def _second_key(office: Office) -> None:
    office.play.branch("b")
    write_key(office.home / "second", Key("jane's second"))


def _empty(office: Office) -> None:
    """A folder in which nothing was begun; the person's key is at home."""
    office.root = office.root.parent / "new"
    office.root.mkdir()


def _bare(office: Office) -> None:
    """The repository that people push to, on a server."""
    bare = office.root.parent / "new"
    office.play.repo.clone(bare, "--bare")
    office.root = bare


def _exported(office: Office) -> None:
    """A manual that was exported before, and a revision more."""
    office.ok("export", str(office.root.parent / EXPORTED))
    office.play.branch("b")
    office.play.write("documents/WI-001-text.md", document_text("WI-001", "2", "New words."))
    office.play.commit("max")
    office.play.signs("WI-001", "jane")
    office.play.merge("b")


COMMANDS = (
    Command("approve", ("approve", "WI-001", "--yes"), _drafts),
    Command("approve-two", ("approve", "WI-001", "SOP-001", "--yes"), _drafts),
    Command("review", ("review", "WI-001", "--yes"), _drafts),
    Command("author", ("author", "WI-001", "--yes"), _drafts, by="max"),
    Command("return", ("return", "WI-001", "--yes", "--reason", "No."), _drafts),
    Command("reaffirm", ("reaffirm", "WI-001", "--yes"), _nothing),
    Command("acknowledge", ("acknowledge", "WI-001", "--yes"), _nothing, by="tom"),
    Command("withdraw", ("withdraw", "WI-001", "--yes", "--reason", "No."), _nothing),
    Command("authorise", ("authorise", "--yes"), _settings),
    Command("undo", ("undo", "--yes"), _signed),
    Command("enrol", ("enrol", "jane", "--key", "{home}/second", "--yes"), _second_key),
    Command("enrol-new", ("enrol", "jane", "--new", "{home}/fresh", "--yes"), _second_key, random=True,
            again=("is there already", ("enrol", "jane", "--key", "{home}/fresh", "--yes")), stdin="\n\n"),
    Command("seal", ("seal", "--output", "seal.json"), _nothing, random=True,
            again=("is never overwritten", ("verify", "--seal", "seal.json"))),
    Command("receive", ("receive", "--install"), _bare, random=True),
    Command("init", ("init", "--yes", "--name", "Jane", "--email", "jane@ex.org", "--key", "{home}/jane"),
            _empty, random=True, again=("One folder, one system", ("list",))),
    Command("export", ("export", "{out}", "--as-of", "2026-06-30"), _nothing),
    Command("export-again", ("export", "{out}", "--as-of", "2026-06-30"), _exported),
)  # fmt: skip


@dataclass(frozen=True)
class State:
    """All that must be whole: files by path, the index, HEAD and the branches."""

    files: dict[str, bytes]
    index: str
    refs: str

    def normal(self, *, random: bool) -> dict[str, Any]:
        """The files without what differs from one run to the next: times, digests of them, chance."""
        return {DIGEST.sub(".json", path): self._value(path, random=random) for path in self.files}

    def _value(self, path: str, *, random: bool) -> object:
        data = self.files[path]
        if path.endswith(".json.sig"):
            return verify.check(self.files.get(path.removesuffix(".sig"), b""), data).ok
        if path.startswith("repo/signatures/"):
            value = json.loads(data)
            return {key: value[key] for key in value if key != "time"}
        return RANDOM.sub("?", data.decode()) if random else data


def look(office: Office) -> State:
    """The state of an office: its repository and what was exported beside it."""
    files: dict[str, bytes] = {}
    for folder in (office.root, office.root.parent / EXPORTED):
        for path in folder.rglob("*"):
            if path.is_file() and ".git" not in path.relative_to(folder).parts[:1]:
                top = "repo" if folder == office.root else EXPORTED
                files[f"{top}/{path.relative_to(folder)}"] = path.read_bytes()
    if (office.root / "HEAD").exists():
        files = {name: data for name, data in files.items() if name.startswith(("repo/hooks/", "repo/HEAD"))}
    if not (office.root / ".git").exists():
        return State(files, "", "")
    git = office.play.repo
    index = git.run("ls-files", "--stage", "-v", "-z", cwd=office.root).stdout.decode()
    return State(files, index, git.run("show-ref", check=False, cwd=office.root).stdout.decode())


def torn(office: Office, state: State) -> list[str]:
    """Statements and signatures in a state that are not whole; a signature may wait for its statement."""
    found = []
    for path, data in state.files.items():
        name = path.removeprefix("repo/")
        if not name.startswith("signatures/") or ".isodocs-" in name:
            continue
        beside = state.files.get(f"{path}.sig")
        if name.endswith(".json") and not _whole(name, data, beside):
            found.append(name)
    staged = re.findall(r"^\w (\d+) ([0-9a-f]+) 0\t(.*)$", state.index.replace("\0", "\n"), re.MULTILINE)
    if staged:
        ask = "".join(f"{oid}\n" for _, oid, _ in staged).encode()
        answers = office.play.repo.run("cat-file", "--batch-check", stdin=ask, cwd=office.root).stdout
        found += [line.decode() for line in answers.splitlines() if line.endswith(b"missing")]
    return found


def _whole(name: str, data: bytes, armour: bytes | None) -> bool:
    try:
        return file_name(data, read(data)) == name and armour is not None and verify.check(data, armour).ok
    except UnreadableStatement:
        return False


def leftovers(office: Office) -> list[str]:
    """Temporary files of ours, and signatures without statement, anywhere around the office."""
    around = office.root.parent
    found = [path for path in around.rglob("*") if LEFTOVER.search(path.name)]
    lone = [path for path in around.rglob("*.json.sig") if not path.with_suffix("").exists()]
    return sorted(str(path.relative_to(around)) for path in (*found, *lone))


def rerun(command: Command, office: Office) -> str:
    """Run the command again, as the person would; why it failed, or nothing."""
    ended = run(*command.line(office), env=office.env(command.by), cwd=office.root, stdin=command.stdin)
    if ended.status and command.again[0] and command.again[0] in ended.err:
        ended = run(*command.line(office, again=True), env=office.env(command.by), cwd=office.root)
    return "" if ended.status == 0 else ended.err


def place(folder: Path) -> Path:
    """A folder of its own for one case."""
    folder.mkdir(parents=True)
    return folder / "repo"
