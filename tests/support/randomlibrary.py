"""Random mainlines of the small company, with every sort of fault, for tests that compare two ways.

The same seed gives the same mainline.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from support.company import Kind, Settings
from support.library import Mainline, text

from isodocs.core.library import Judged
from isodocs.core.problem import Profile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.core.library import Library

IDS = ("WI-001", "WI-002", "WI-003", "SOP-001", "SOP-002", "FRM-001")
PEOPLE = ("jane", "jane", "bob", "anna", "max", "tom", "forged")
WORDS = (
    "We do it.",
    "See [the other](WI-002.md) and [it](SOP-001-x.md#document-sop-001).",
    "See [old](../WI-003.md), [gone](WI-900.md#x), [here](#no), isodocs:WI-001 and [id](isodocs:WI-002#y).",
    "![A](a.png) and ![b](img/b.png) <img src='a.png' alt=x>",
    "![C](../../outside.png) [file](file:///c/x) [up](../isodocs.yml) [dir](a.pn)",
    "TODO: as appropriate, <value from engineering>.\n\n## Empty\n\n## Full {#own}\n\nText if necessary.",
    "<<<<<<< HEAD\none\n=======\ntwo\n>>>>>>> b\n",
    "```\nTODO\n```\n<!-- TBD -->\n`FIXME` ![R][ref]\n\n[ref]: a.png\n",
    "",
)
FRONT: tuple[dict[str, str | None], ...] = (
    {},
    {},
    {"review_date": "2026-01-20"},
    {"review_date": "2026-03-20"},
    {"review_date": "2031-01-01", "effective_date": "2026-04-01"},
    {"owner": "proces-owner", "approvers": "[bob, nobody]"},
    {"tilte": "x", "status": "approved"},
    {"supersedes": "[WI-003]", "related": "[WI-001, WI-003#a]"},
    {"change": None, "title": "TBD"},
    {"type": "XX"},
    {"title": "a: b"},
    {"owner": None},
    {"payload": "a.png"},
)


class Dice(random.Random):
    """Chance, with the company's turns."""

    def document(self, name: str) -> str:
        """The text of a document, perhaps with faults."""
        written = self.choice([name, name, name, name.lower(), "SOP-002", "no id"])
        revision = self.choice(["1", "1", "2", "2", "3", "5", "1a"])
        return text(name, revision, self.choice(WORDS), **{"id": written, **self.choice(FRONT)})

    def path(self, name: str) -> str:
        """Where it stands."""
        leaf = self.choice([name, name, f"{name}-x", f"{name}-X", f"{name}-Überblick"])
        return f"documents/{self.choice(['', '', 'sub/'])}{leaf}.md"

    def turn(self, line: Mainline) -> None:
        """Change something."""
        name = self.choice(IDS)
        known = sorted(path for path in line.files if path.startswith("documents/"))
        here = [path for path in known if name in path] or [self.path(name)]
        self.choice([self._write, self._write, self._sign, self._sign, self._remove, self._more])(
            line, name, self.choice(here)
        )

    def _write(self, line: Mainline, name: str, path: str) -> None:
        line.write({self.choice([path, self.path(name)]): self.document(name)})
        if self.random() < 0.3:
            line.write({f"documents/{self.choice(['a.png', 'img/b.png', 'A.png'])}": self.choice("xy")})

    def _sign(self, line: Mainline, name: str, path: str) -> None:
        if path not in line.files and path not in line.waiting:
            line.write({path: text(name)})
        if line.waiting.get(path, "") is None:
            return
        meaning = self.choice(["approved"] * 6 + ["withdrawn", "reaffirmed", "returned", "acknowledged"])
        pictures = {"a.png": "documents/a.png"} if "documents/a.png" in line.files else {}
        embedded = pictures if self.random() < 0.3 else {}
        words = line._data(path).decode()
        revision = words.partition("revision: ")[2].partition("\n")[0] or "1"
        person = self.choice(PEOPLE)
        key = "forged" if person == "forged" else None
        who = "jane" if person == "forged" else person
        role = self.choice(["quality-manager", "quality-manager", "process-owner"])
        digest = line.sign(
            name, who, path=path, meaning=meaning, role=role, revision=revision, key=key, embedded=embedded
        )
        if meaning == "approved" and who in {"jane", "bob"} and key is None:
            line.known[name] = digest

    def _remove(self, line: Mainline, _name: str, path: str) -> None:
        files = sorted(line.files)
        victims = [one for one in files if one.startswith("signatures/")] or [path]
        line.write({self.choice([path, *victims]): None})

    def _more(self, line: Mainline, _name: str, path: str) -> None:
        signed = sorted(one for one in line.files if one.startswith("signatures/") and one.endswith(".json"))
        if signed and self.random() < 0.5:
            one = self.choice(signed)
            line.write({self.choice(["signatures/x.json", "signatures/junk.txt", one]): line.files[one][1]})
        elif self.random() < 0.5:
            line.write({"signatures/WI-001/odd.json": "{}", "signatures/README.md": "x"})
        else:
            line.write({path.replace("documents/", "documents/moved-"): self.document("WI-003")})


def random_mainline(seed: int, commits: int = 8) -> Mainline:
    """A mainline whose root holds an approved document."""
    dice = Dice(seed)
    kinds = {
        "WI": Kind(assurance=dice.choice(["signed", "signed", "unsigned"])),
        "SOP": Kind(approved=("owner", "quality-manager")),
    }
    line = Mainline(Settings(drafts=dice.random() < 0.5, kinds=kinds))
    waived = dice.choice(["RD101", "AP101", "LN101"])
    line.extra_settings = (
        f"waivers: [{{rule: {waived}, id: WI-001, until: 2027-01-01, reason: none}}]\n"
        f"rules: {{RD102: {{draft: {dice.choice(['error', 'warning'])}}}, LN104: {{draft: error}}}}\n"
    )
    line.company().write({"documents/WI-001.md": text("WI-001", review_date="2026-02-10")})
    line.known["WI-001"] = line.sign("WI-001", "jane")
    line.write({"documents/WI-003.md": text("WI-003")})
    line.known["WI-003"] = line.sign("WI-003", "jane")
    line.commit()
    if dice.random() < 0.5:
        line.sign("WI-003", "bob", meaning="withdrawn")
        line.commit()
    for number in range(commits):
        for _ in range(dice.choice([1, 1, 2, 4])):
            dice.turn(line)
        if dice.random() < 0.1:
            line.settings = Settings(title=f"Title {number}", drafts=True, kinds=kinds)
            line.company()
            if dice.random() < 0.5:
                line.sign_authority("jane", predecessor=line.authority())
        links = [path for path in line.waiting if path.endswith(".md") and dice.random() < 0.02]
        line.commit(day=f"2026-02-{number + 2:02}", links=links, who=dice.choice(["max", "jane", "eve"]))
    return line


def judged_ways(line: Mainline) -> Iterator[tuple[str, Library]]:
    """The last commits of a mainline, judged in every way; with a name each."""
    for judged in Judged:
        bases = (None,) if judged in {Judged.SNAPSHOT, Judged.MAINLINE} else (-2, -4, None)
        for base in bases:
            for profile in Profile:
                moment = "2026-02-28" if base == -4 else ""
                library = line.library(judged, base=base, profile=profile, moment=moment)
                yield f"{judged} {base} {profile}", library
