"""Files of the repository that would run or reach something in the hands of a careless reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hostile.calls import Call
from hostile.wounds import git
from support.company import document_text

if TYPE_CHECKING:
    from pathlib import Path

    from hostile.calls import Company

TAGS = (
    '!!python/object/apply:os.system ["touch hit"]',
    "!!python/object/new:subprocess.Popen [[touch, hit]]",
    "!!python/name:os.system",
    "!!python/module:antigravity",
    "!include /etc/passwd",
    "!ENV HOME",
    "!relative $docs_dir",
)
BUILDER = """\
site_name: x
docs_dir: documents
hooks: [hooks.py]
plugins:
  - macros
  - exec: {run: hooks.py}
"""
TEMPLATES = (
    "{{ 7 * 191 }}",
    "{% include '/etc/passwd' %}",
    "${7*191}",
    "#{7*191}",
    "<%= 7*191 %>",
    "{{ config }}",
)
COMMANDS = (
    ("check",),
    ("status",),
    ("list",),
    ("verify",),
    ("export", "out"),
    ("approve", "WI-001", "--yes"),
)


@pytest.fixture
def copy(company: Company, tmp_path: Path) -> Company:
    """The company, to be changed, on its draft branch."""
    found = company.copy(tmp_path / "copy")
    found.run(Call(("list",)))
    return found


def committed(company: Company, files: dict[str, str], branch: str = "draft") -> None:
    """Commit files on a branch; the mainline follows where it is asked for."""
    for name, text in files.items():
        (company.root / name).parent.mkdir(parents=True, exist_ok=True)
        (company.root / name).write_text(text)
    git(company, "add", "-A")
    company.office.play.repo.commit("Change", author=("Max", "max@ex.org"))
    if branch == "main":
        git(company, "update-ref", "refs/heads/main", "HEAD")


def run_all(company: Company) -> str:
    """All that the commands say; nothing was made that a program would have made."""
    said = []
    for words in COMMANDS:
        ended = company.run(Call(words, on=""), company.root)
        assert "fault of isodocs" not in ended.err, ended.err
        assert ended.status in {0, 1, 2}
        said.append(ended.out + ended.err)
    assert not list(company.folder.rglob("hit"))
    return "".join(said)


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize("place", ["documents/WI-001-text.md", "isodocs.yml", "people.yml"])
def test_yaml_tags_mean_nothing(copy: Company, place: str, tag: str) -> None:
    text = (copy.root / place).read_text()
    key = "x-note" if place.endswith(".md") else "title"
    committed(
        copy,
        {
            place: text.replace("---\n", f"---\n{key}: {tag}\n", 1)
            if place.endswith(".md")
            else f"{key}: {tag}\n{text}"
        },
    )
    assert "root:x:" not in run_all(copy)


def test_an_edition_brings_no_program_of_the_repository(copy: Company) -> None:
    """MkDocs runs the hooks that its own settings name; an exported edition has no such settings."""
    hook = "open('hit', 'w')\ndef on_startup(**_): open('hit', 'w')\n"
    planted = {"mkdocs.yml": BUILDER, "hooks.py": hook, "documents/hooks.py": hook, "main.py": hook}
    committed(copy, planted, "main")
    run_all(copy)
    made = {path.name for path in (copy.root / "out").rglob("*") if path.is_file()}
    assert {name.rpartition(".")[2] for name in made} <= {"md", "json", "yml"}
    assert made.isdisjoint({"mkdocs.yml", "hooks.py", "main.py"})


@pytest.mark.parametrize("text", TEMPLATES)
def test_templates_stay_text(copy: Company, text: str) -> None:
    words = document_text("WI-003", "1", f"Text {text} of it.").replace("Document WI-003", f"Title of {text}")
    committed(
        copy,
        {
            "documents/WI-003-x.md": words.replace(
                f"title: Title of {text}", f"title: 'Title of {text.replace(chr(39), chr(39) * 2)}'"
            )
        },
    )
    said = run_all(copy)
    assert "1337" not in said
    assert "root:x:" not in said
    assert text in said


@pytest.mark.parametrize(
    "place",
    [
        "/etc/passwd",
        "../../../../../../etc/passwd",
        "../.git/config",
        "file:///etc/passwd",
        "%2e%2e/%2e%2e/x",
    ],
)
def test_pictures_and_payloads_stay_in_the_repository(copy: Company, place: str) -> None:
    text = document_text("WI-001", "3", f"![p]({place}) <img src='{place}'>", payload=place)
    committed(copy, {"documents/WI-001-text.md": text})
    assert "root:x:" not in run_all(copy)
    if not place.startswith("file:"):  # an address, so it is no part of what is signed
        assert not list(copy.root.glob("signatures/WI-001/3/*"))


@pytest.mark.parametrize(
    ("glob", "why"), [("a**/b", "between slashes"), ("x" * 501, "longer than"), ("**a**a**a**a**b", "")]
)
def test_globs_that_would_take_long(copy: Company, glob: str, why: str) -> None:
    text = (copy.root / "isodocs.yml").read_text()
    committed(copy, {"isodocs.yml": text.replace("protects: [", f'protects: ["{glob}", '), "a" * 200: "x"})
    ended = copy.run(Call(("check",), on=""), copy.root)
    assert why in ended.out + ended.err
    assert (ended.status == 2) == bool(why)
