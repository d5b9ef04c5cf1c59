"""``isodocs init``: what it asks, writes and refuses, and that a company can begin with what it says."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result
from support.gitrepo import environment

from isodocs.cli import program
from isodocs.core.problem import CannotRun
from isodocs.core.reading import read_document, read_register, read_settings
from isodocs.signing import enrol, keyfile

if TYPE_CHECKING:
    from pathlib import Path

    from isodocs.core.authority import Register
    from isodocs.core.settings import Settings

JANE = ("--name", "Jane Doe", "--email", "jane@ex.example")
FIRST = "documents/SOP-001-control-of-documents.md"
WRITTEN = {
    "isodocs.yml",
    "people.yml",
    "mkdocs.yml",
    ".pre-commit-config.yaml",
    ".gitattributes",
    ".gitignore",
    "templates/sop.md",
    FIRST,
}
SHIM = """\
#!/bin/sh
case "$1" in approve) set -- "$@" --yes ;; esac
exec '{python}' -P -m isodocs "$@"
"""


@dataclass(frozen=True)
class Desk:
    """A machine on which nothing is configured yet: its home, and a folder to work in."""

    home: Path
    folder: Path

    def init(self, *words: str, answers: str = "", where: Path | None = None) -> Result:
        """Run ``isodocs init``."""
        return CliRunner().invoke(program, ["init", str(where or self.folder), *words], input=answers)

    def quietly(self, *words: str) -> str:
        """Run it without questions; it must succeed."""
        done = self.init(*JANE, "--yes", *words)
        assert done.exit_code == 0, done.exception or done.output
        return done.output

    def isodocs(self, *words: str) -> Result:
        """Run another command; its status is the return value."""
        return CliRunner().invoke(program, ["-C", str(self.folder), *words], standalone_mode=False)

    def git(self, *words: str) -> str:
        """What git prints in the folder."""
        done = subprocess.run(["git", *words], cwd=self.folder, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    def files(self) -> set[str]:
        """What lies in the folder, git's own aside."""
        found = (path.relative_to(self.folder) for path in self.folder.rglob("*") if path.is_file())
        return {path.as_posix() for path in found if path.parts[0] != ".git"}

    def settings(self) -> Settings:
        """The settings that were written."""
        settings, problems = read_settings((self.folder / "isodocs.yml").read_bytes())
        assert settings is not None, problems
        return settings

    def register(self) -> Register:
        """The register that was written."""
        register, problems = read_register((self.folder / "people.yml").read_bytes())
        assert register is not None, problems
        return register

    def follow(self, printed: str) -> str:
        """Do what the last lines say, as they say it."""
        steps = printed.partition("Next:\n")[2]
        assert steps
        tools = self.home / "tools"
        tools.mkdir()
        for name, text in {
            "isodocs": SHIM.format(python=sys.executable),
            "pre-commit": "#!/bin/sh\n",
            "mkdocs": "#!/bin/sh\n",
        }.items():
            (tools / name).write_text(text)
            (tools / name).chmod(0o755)
        variables = {**os.environ, "PATH": f"{tools}:{os.environ['PATH']}"}
        done = subprocess.run(
            ["sh", "-exc", steps], cwd=self.folder, env=variables, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    for name in [one for one in os.environ if one.startswith(("GIT_", "SSH_"))]:
        monkeypatch.delenv(name)
    for name, value in environment(tmp_path / "home").items():
        monkeypatch.setenv(name, value)
    return Desk(tmp_path / "home", tmp_path / "quality")


def refusal(done: Result) -> str:
    assert isinstance(done.exception, CannotRun), done.output
    return str(done.exception)


class TestWritten:
    def test_all_of_it(self, desk: Desk) -> None:
        output = desk.quietly()
        assert desk.files() == WRITTEN
        for path in WRITTEN:
            assert path in output
        assert desk.git("symbolic-ref", "HEAD") == "refs/heads/main"

    def test_settings(self, desk: Desk) -> None:
        desk.quietly("--title", "Our way", "--timezone", "Europe/Oslo", "--standard", "iso13485:2016")
        settings = desk.settings()
        assert (settings.title, settings.timezone) == ("Our way", "Europe/Oslo")
        assert settings.standards == ("iso13485:2016",)
        assert settings.types["SOP"].independence == "none"

    def test_each_system_has_a_number_of_its_own(self, desk: Desk, tmp_path: Path) -> None:
        desk.quietly()
        other = Desk(desk.home, tmp_path / "other")
        other.quietly()
        assert desk.settings().qms != other.settings().qms

    def test_you_are_its_first_person_with_proof(self, desk: Desk) -> None:
        desk.quietly()
        (person,) = desk.register().people.values()
        assert (person.name, person.emails) == ("Jane Doe", ("jane@ex.example",))
        (key,) = person.keys
        assert key.enrolled is not None
        day, proof = key.enrolled.on.isoformat(), key.enrolled.proof.encode()
        assert enrol.proves(desk.settings().qms, "jane-doe", key.key, day, proof).ok

    def test_the_first_document_is_whole(self, desk: Desk) -> None:
        desk.quietly()
        reading = read_document(FIRST, (desk.folder / FIRST).read_bytes())
        assert reading.problems == ()
        assert reading.front is not None
        assert reading.front.revision == "1"
        headings = {heading.text for heading in reading.outline.headings}
        assert set(desk.settings().types["SOP"].sections) <= headings

    @pytest.mark.parametrize(
        ("name", "person"),
        [("Åsa Öberg", "asa-oberg"), ('O\'Neill, Shaun: "Sh" #1', "o-neill-shaun-sh-1"), ("Yes", "yes")],
    )
    def test_names_are_kept_as_they_are_written(self, desk: Desk, name: str, person: str) -> None:
        done = desk.init("--name", name, "--email", "x@ex.example", "--title", f"Q: {name}", "--yes")
        assert done.exit_code == 0, done.exception
        assert desk.register().people[person].name == name
        assert desk.settings().title == f"Q: {name}"

    def test_what_alone_means_is_told(self, desk: Desk) -> None:
        assert "independence: none" in desk.quietly()

    def test_a_role_of_your_own(self, desk: Desk) -> None:
        desk.quietly("--role", "director", "--person", "jd")
        assert desk.settings().authority.role == "director"
        assert [grant.role for grant in desk.register().people["jd"].roles] == ["director"]
        assert "owner: director\n" in (desk.folder / FIRST).read_text("utf-8")


class TestBeginning:
    """The lines under *Next*, followed to the letter."""

    def test_an_empty_folder(self, desk: Desk) -> None:
        output = desk.quietly()
        assert re.search(r"SOP-001 +1 +effective", desk.follow(output))
        assert desk.git("status", "--porcelain") == ""
        for words in (["check"], ["check", "--profile", "release"], ["gate"], ["verify"]):
            assert desk.isodocs(*words).return_value == 0, words

    def test_the_edition_holds_it(self, desk: Desk, tmp_path: Path) -> None:
        desk.follow(desk.quietly())
        assert desk.isodocs("export", str(tmp_path / "edition")).return_value == 0
        pages = "".join(path.read_text("utf-8") for path in (tmp_path / "edition").rglob("*.md"))
        assert "Control of documents" in pages
        assert "approved by its author" in pages

    def test_a_repository_with_a_past(self, desk: Desk) -> None:
        desk.folder.mkdir()
        desk.git("init", "--quiet", "--initial-branch=trunk")
        (desk.folder / "README.md").write_text("Ours.")
        desk.git("add", ".")
        desk.git("-c", "user.name=x", "-c", "user.email=x@y.example", "commit", "--quiet", "-m", "begin")
        output = desk.quietly()
        assert desk.settings().mainline == "trunk"
        assert re.search(r"SOP-001 +1 +effective", desk.follow(output))
        assert desk.git("status", "--porcelain") == ""

    def test_without_the_approval_it_does_not_pass(self, desk: Desk) -> None:
        desk.quietly()
        desk.git("add", ".")
        done = desk.isodocs("check", "--staged")
        assert done.return_value == 1
        assert "AP101" in done.output


class TestKeys:
    def test_a_new_one(self, desk: Desk) -> None:
        desk.quietly()
        key = desk.home / ".ssh" / "isodocs_ed25519"
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
        assert desk.git("config", "--local", "user.signingkey") == str(key)
        assert not (desk.home / ".gitconfig").exists()

    def test_the_same_for_the_next_system(self, desk: Desk, tmp_path: Path) -> None:
        desk.quietly()
        other = Desk(desk.home, tmp_path / "other")
        other.quietly()
        keys = [next(iter(one.register().people.values())).keys[0].key for one in (desk, other)]
        assert keys[0] == keys[1]

    def test_one_that_is_named(self, desk: Desk, tmp_path: Path) -> None:
        public = keyfile.generate(tmp_path / "mine", "mine")
        desk.quietly("--key", str(tmp_path / "mine"))
        assert desk.register().people["jane-doe"].keys[0].key == public.line()
        assert not (desk.home / ".ssh").exists()

    def test_that_of_git(self, desk: Desk, tmp_path: Path) -> None:
        public = keyfile.generate(tmp_path / "mine", "mine")
        (desk.home / ".gitconfig").write_text(
            "[user]\n\tname = Jane Doe\n\temail = jane@ex.example\n"
            f"\tsigningkey = {tmp_path / 'mine.pub'}\n[gpg]\n\tformat = ssh\n"
        )
        done = desk.init("--yes")
        assert done.exit_code == 0, done.exception
        assert desk.register().people["jane-doe"].keys[0].key == public.line()
        assert "user." not in desk.git("config", "--local", "--list")

    def test_none_without_consent(self, desk: Desk) -> None:
        done = desk.init(*JANE, answers="\n\n\n\nn\n")
        assert "--key FILE" in refusal(done)
        assert not desk.folder.exists()
        assert not (desk.home / ".ssh").exists()

    def test_with_a_passphrase(self, desk: Desk) -> None:
        done = desk.init(*JANE, answers="\n\n\n\ny\nsecret\nsecret\nsecret\n")
        assert done.exit_code == 0, done.exception or done.output
        assert keyfile.KeyFile(desk.home / ".ssh" / "isodocs_ed25519").encrypted

    def test_one_that_is_not_there(self, desk: Desk) -> None:
        assert "does not exist" in refusal(desk.init(*JANE, "--yes", "--key", "/nowhere/key"))
        assert not desk.folder.exists()


class TestQuestions:
    def test_answers_are_taken(self, desk: Desk) -> None:
        answers = "Max Roe\nmax@ex.example\n\nchief\nThe way\nEurope/Paris\ny\n\n\n"
        done = desk.init(answers=answers)
        assert done.exit_code == 0, done.exception or done.output
        assert desk.register().people["max-roe"].roles[0].role == "chief"
        assert (desk.settings().title, desk.settings().timezone) == ("The way", "Europe/Paris")

    def test_nobody_to_ask(self, desk: Desk) -> None:
        assert "--name" in refusal(desk.init("--yes"))
        assert "--email" in refusal(desk.init("--yes", "--name", "Jane Doe"))
        assert not desk.folder.exists()


class TestRefusals:
    @pytest.mark.parametrize("path", ["isodocs.yml", "people.yml", FIRST])
    def test_a_system_is_there(self, desk: Desk, path: str) -> None:
        place = desk.folder / path
        place.parent.mkdir(parents=True)
        place.write_text("mine")
        assert f"{path} is there already" in refusal(desk.init(*JANE, "--yes"))
        assert desk.files() == {path}
        assert place.read_text() == "mine"

    def test_other_files_stay_and_are_named(self, desk: Desk) -> None:
        desk.folder.mkdir()
        (desk.folder / ".gitignore").write_text("mine\n")
        (desk.folder / "mkdocs.yml").write_text("site_name: mine\n")
        output = desk.quietly()
        assert (desk.folder / ".gitignore").read_text() == "mine\n"
        assert (desk.folder / "mkdocs.yml").read_text() == "site_name: mine\n"
        assert ".gitignore: /site/" in output
        assert "mkdocs.yml: docs_dir" in output

    def test_within_another_repository(self, desk: Desk) -> None:
        desk.folder.mkdir()
        desk.git("init", "--quiet")
        inner = desk.folder / "inner" / "folder"
        assert "lies within the repository" in refusal(desk.init(*JANE, "--yes", where=inner))
        assert not inner.exists()

    def test_a_bare_repository(self, desk: Desk) -> None:
        desk.folder.mkdir()
        desk.git("init", "--quiet", "--bare")
        assert "bare" in refusal(desk.init(*JANE, "--yes"))

    def test_a_file(self, desk: Desk) -> None:
        desk.folder.write_text("a file")
        assert "is a file" in refusal(desk.init(*JANE, "--yes"))

    @pytest.mark.parametrize(
        ("option", "value", "words"),
        [
            ("--timezone", "Mars/Base", "time zone"),
            ("--person", "Jane Doe", "an id has small letters"),
            ("--role", "Boss!", "an id has small letters"),
            ("--role", "jane-doe", "both a person and a role"),
            ("--email", "jane", "no e-mail address"),
        ],
    )
    def test_what_cannot_be(self, desk: Desk, option: str, value: str, words: str) -> None:
        assert words in refusal(desk.init(*JANE, "--yes", option, value))
        assert not desk.folder.exists()
        assert not (desk.home / ".ssh").exists()
