"""What ``init`` does: asks who you are, finds or makes your key, and writes a repository that can begin."""

from __future__ import annotations

import json
import os
import shlex
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from isodocs.commands.founding import ask_founder, choose_key, machine_zone, scalar
from isodocs.core.identity import add_months, local_day
from isodocs.core.problem import CannotRun
from isodocs.core.reading import read_register, read_settings
from isodocs.core.settings import ALWAYS_PROTECTED, REGISTER_FILE, SETTINGS_FILE
from isodocs.core.statement import canonical, sha256
from isodocs.git.names import to_text
from isodocs.git.repository import Repository
from isodocs.signing import enrol
from isodocs.workspace.contents import now
from isodocs.writing import clear_dead, scratch, take_back, write, write_new

if TYPE_CHECKING:
    from datetime import date

    from isodocs.commands.founding import Founder, Questions, Wish
    from isodocs.signing.signer import Signer

_JOURNAL = "isodocs-init"
STARTER = Path(__file__).parent / "starter"
FIRST = "SOP-001"
FIRST_FILE = f"documents/{FIRST}-control-of-documents.md"
REVIEW_AFTER = 12
_WANTED = {
    "mkdocs.yml": "docs_dir: documents, and isodocs among the plugins",
    ".gitattributes": "*.md text eol=lf, *.yml text eol=lf, signatures/** -text",
    ".gitignore": "/site/",
    ".pre-commit-config.yaml": "the hooks isodocs-check and isodocs-gate",
}
TITLE = "Quality management system"
STANDARD = "iso9001:2015"
CLAUSES = {"iso9001:2015": "7.5.1, 7.5.2, 7.5.3"}
_FILES = {
    SETTINGS_FILE: "isodocs.yml",
    "mkdocs.yml": "mkdocs.yml",
    ".pre-commit-config.yaml": "pre-commit-config.yaml",
    ".gitattributes": "gitattributes",
    ".gitignore": "gitignore",
    "templates/sop.md": "sop.md",
    FIRST_FILE: "control-of-documents.md",
}


@dataclass
class Begun:
    """What ``init`` did.

    Attributes:
        root: the top of the work tree.
        founder: the first person.
        mainline: the branch that counts.
        fresh: nothing was committed here before.
        key: the file of the key, as ``--key`` would name it.
        written: the new files, by path.
        left: files that were there and stayed as they are.
        notes: further sentences on what was done.
    """

    root: Path
    founder: Founder
    mainline: str
    fresh: bool
    key: str = ""
    written: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)


def begin(folder: Path, wish: Wish, ask: Questions) -> Begun:
    """Begin a management system in a folder.

    Raises:
        CannotRun: there is one already, an answer is missing, or something cannot be made; what was there
            stays as it was.
    """
    found = _repository(folder)
    if found is not None:
        _recover(found)
    _refuse_second(folder)
    config = _configuration(found)
    founder = ask_founder(wish, ask, config)
    title = wish.title or ask.text("Title of the management system", TITLE, "--title")
    zone = wish.timezone or ask.text("Time zone", machine_zone(), "--timezone")
    texts = _texts(founder, title, zone, wish.standards or (STANDARD,), _mainline(found))
    settings, problems = read_settings(texts[SETTINGS_FILE].encode())
    if settings is None:
        raise CannotRun(f"These settings cannot be used: {problems[0].message}. {problems[0].fix}".rstrip())
    key, key_name = choose_key(wish.key, ask, config, founder.email)
    today = local_day(now(), settings.timezone)
    texts[REGISTER_FILE] = _people(founder, key, settings.qms, today)
    repository = found or _create(folder)
    root = repository.root or folder
    left = tuple(path for path in texts if (root / path).exists())
    files = {path: text.encode() for path, text in texts.items() if path not in left}
    fresh = repository.head() is None
    done = Begun(root, founder, settings.mainline, fresh, key_name, tuple(files), left)
    journal = repository.git_dir / _JOURNAL
    write(journal, canonical({path: sha256(data) for path, data in files.items()}))
    write_new(root, files)
    try:
        _configure(repository, done, config)
        journal.unlink()
    except BaseException:
        take_back(root, files)
        raise
    return done


def _recover(repository: Repository) -> None:
    """Take back what a run wrote that was killed midway, unless somebody has changed or staged it since."""
    journal = repository.git_dir / _JOURNAL
    if repository.root is None or not journal.exists():
        return
    try:
        written = json.loads(journal.read_bytes())
    except ValueError:
        written = {}
    staged = to_text(repository.run("ls-files", "-z")).split("\0")
    ours = [path for path in written if path not in staged and _holds(repository.root / path, written[path])]
    take_back(repository.root, ours)
    clear_dead(repository.root)
    journal.unlink()


def _holds(place: Path, digest: str) -> bool:
    return place.is_file() and not place.is_symlink() and sha256(place.read_bytes()) == digest


def _refuse_second(folder: Path) -> None:
    for path in (*ALWAYS_PROTECTED, FIRST_FILE):
        if (folder / path).exists():
            raise CannotRun(f"{path} is there already; nothing was written. One folder, one system.")


def _repository(folder: Path) -> Repository | None:
    """The repository whose top the folder is; None if there is none yet.

    Raises:
        CannotRun: the folder lies within a repository, or the repository is bare.
    """
    if not folder.exists():
        near = next(one for one in folder.absolute().parents if one.exists())
    elif folder.is_dir():
        near = folder
    else:
        raise CannotRun(f"{folder} is a file; name a folder.")
    try:
        repository = Repository.open(near)
    except CannotRun as error:
        if "not in a git repository" in str(error):
            return None
        raise
    if repository.root is None:
        raise CannotRun(f"{folder} is a bare repository; begin in a clone of it.")
    if repository.root.resolve() != folder.resolve():
        raise CannotRun(
            f"{folder} lies within the repository {repository.root}, and a management system stands at the "
            f"top of its own. Begin at the top, or run `git init` in {folder} first."
        )
    return repository


def _create(folder: Path) -> Repository:
    """A new repository, which appears whole: git makes it in a folder beside."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with scratch(folder) as draft:
            Repository(draft, _environment()).run("init", "--quiet", "--initial-branch=main")
            (draft / ".git").rename(folder / ".git")
    except OSError as error:
        raise CannotRun(f"{folder} cannot be made: {error.strerror}.") from error
    return Repository.open(folder)


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("GIT_DIR", "GIT_WORK"))}


def _configuration(repository: Repository | None) -> dict[str, str]:
    """The configuration of git, as it holds in the repository or, before there is one, for the user."""
    asked = repository or Repository(Path("/"), _environment())
    output = asked.run("config", "-z", "--list", check=False).decode("utf-8", "replace")
    return dict(item.split("\n", 1) for item in output.split("\0") if "\n" in item)


def _mainline(repository: Repository | None) -> str:
    return (repository.branch() if repository else None) or "main"


def _people(founder: Founder, key: Signer, qms: str, today: date) -> str:
    line = key.public_key.line()
    proof = key.sign(enrol.challenge(qms, founder.person, line, today.isoformat())).decode("ascii")
    armour = "".join(f"            {one}\n" for one in proof.splitlines())
    title = founder.role.replace("-", " ").capitalize()
    text = f"""\
# Who may sign what, and since when. A change counts once it is signed (isodocs authorise).
format: 1
roles:
  {founder.role}: {{title: {title}}}
people:
  {founder.person}:
    name: {scalar(founder.name)}
    emails: [{scalar(founder.email)}]
    roles:
      - {{role: {founder.role}, from: {today}}}
    keys:
      - key: {line}
        from: {today}
        enrolled:
          on: {today}
          proof: |
{armour}"""
    register, problems = read_register(text.encode())
    if register is None:
        raise CannotRun(f"This cannot be entered into {REGISTER_FILE}: {problems[0].message}.")
    return text


def _texts(
    founder: Founder, title: str, zone: str, standards: tuple[str, ...], mainline: str
) -> dict[str, str]:
    values = {
        "qms": str(uuid4()),
        "title": scalar(title),
        "mainline": scalar(mainline),
        "timezone": zone,
        "standards": ", ".join(scalar(one) for one in standards),
        "role": founder.role,
        "review_date": add_months(local_day(now(), "UTC"), REVIEW_AFTER).isoformat(),
        "clauses": next((CLAUSES[one] for one in standards if one in CLAUSES), ""),
    }
    return {
        path: (STARTER / name).read_text("utf-8").format_map(values)
        if path not in {".gitattributes", ".gitignore"}
        else (STARTER / name).read_text("utf-8")
        for path, name in _FILES.items()
    }


def _configure(repository: Repository, done: Begun, config: dict[str, str]) -> None:
    """Let git here commit and sign as the person who just entered; only this repository's own settings."""
    wanted = {"user.name": done.founder.name, "user.email": done.founder.email}
    if config.get("user.signingkey") != done.key or config.get("gpg.format") != "ssh":
        literal = " " in done.key and not Path(done.key).expanduser().exists()
        named = done.key if literal else str(Path(done.key).expanduser().absolute())
        wanted |= {"gpg.format": "ssh", "user.signingkey": named}
    for key, value in wanted.items():
        if config.get(key) != value:
            repository.run("config", key, value)
            done.notes.append(f"git config {key} {shlex.quote(value)}")


def report(done: Begun, target: Path) -> str:
    """What was done, what it means, and what comes next."""
    lines = [f"Written: {', '.join(done.written)}"]
    if done.left:
        lines += ["Left as they were; see that they hold this:"]
        lines += [f"  {path}: {_WANTED.get(path, 'as you like')}" for path in done.left]
    if done.notes:
        lines += ["Set for this repository:", *(f"  {note}" for note in done.notes)]
    lines += [
        "",
        f"{done.founder.name} is its first person, as {done.founder.role}.",
        "You are alone here, so the settings say 'independence: none': you may approve what you wrote,",
        'and the manual then says "approved by its author". ISO 9001 asks for no second pair of eyes;',
        "some other standards do. When somebody joins, set it to any-editor: then nobody approves what",
        "they wrote.",
        "",
        "Next:",
        *(f"  {line}" for line in _next(done, target)),
    ]
    return "\n".join(lines)


def _next(done: Begun, target: Path) -> list[str]:
    go = [f"cd {shlex.quote(str(target))}"] if target != Path() else []
    if done.fresh:
        return [
            *go,
            "pre-commit install                  # the hooks, once a clone",
            f"isodocs approve {FIRST}             # read it first; change it now if you like",
            "git add .",
            'git commit -m "Begin the management system"',
            "isodocs list                        # in force",
            "mkdocs serve                        # the manual",
        ]
    files = " ".join(shlex.quote(path) for path in done.written if not path.startswith("documents/"))
    return [
        *go,
        f"git switch {done.mainline}",
        f"git add {files}",
        'git commit -m "Set up the management system"   # settings and people first, alone',
        f"git switch -c {FIRST.lower()}",
        f'git add {FIRST_FILE} && git commit -m "{FIRST} r1: control of documents"',
        f"isodocs approve {FIRST}",
        f'git commit -m "Approve {FIRST} r1"',
        f'git switch {done.mainline} && git merge --no-ff -m "Merge {FIRST} r1" {FIRST.lower()}',
        "pre-commit install && isodocs list",
    ]
