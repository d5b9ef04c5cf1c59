"""How problems are told: to people, to programs, to GitHub."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from support.library import founded, text

from isodocs.core.library import Judged, Library
from isodocs.core.problem import Problem, Profile, Severity, Span
from isodocs.reports import problems as report
from isodocs.rules import engine

LINE = re.compile(
    r"^documents/WI-001\.md:6:11: AP101 Revision 2 is not approved: .+ must still sign\.$", re.MULTILINE
)
COMMAND = re.compile("\x1b\\[[0-9;]*m")


@pytest.fixture
def library() -> Library:
    """A push that is blocked: revision 2 of WI-001 without signatures, and a misspelt key."""
    words = {
        "documents/WI-001.md": text("WI-001", "2", tilte="x"),
        "documents/SOP-001.md": text("SOP-001", "2"),
    }
    return founded().commit(words, day="2026-02-02").library()


def problem(**more: object) -> Problem:
    whole = Problem("FM104", "Wrong.", "Mend it.", "a b.md", Span(2, 3, 2, 5), "SOP-001", Severity.ERROR)
    return replace(whole, **more)  # type: ignore[arg-type]


class TestText:
    def test_path_line_column_code_message_and_the_way_out_below(self, library: Library) -> None:
        told = report.text(engine.run(library), library, colour=False)
        assert LINE.search(told)
        assert "\n    Next: isodocs approve WI-001 --role quality-manager.\n" in told
        assert "FM104 The key `tilte` is not known.\n    Did you mean `title`?" in told

    def test_problems_of_one_file_stand_together(self, library: Library) -> None:
        blocks = report.text(engine.run(library), library, colour=False).split("\n\n")
        assert [block.partition(":")[0] for block in blocks[:2]] == [
            "documents/SOP-001.md",
            "documents/WI-001.md",
        ]

    def test_counts(self, library: Library) -> None:
        told = report.text(engine.run(library), library, colour=False)
        assert "\n3 errors; 2 documents judged (push, release).\n" in told
        some = [problem(), problem(severity=Severity.WARNING), problem(severity=Severity.INFO)]
        assert "1 error, 1 warning, 1 note;" in report.text(some, library, colour=False)

    def test_recap_offers_no_command_where_nobody_may_sign(self) -> None:
        words = {"documents/SOP-001.md": text("SOP-001", "2")}
        library = founded().commit(words, who="anna", day="2026-02-02").library()
        recap = report.text(engine.run(library), library, colour=False).partition("What comes next:")[2]
        assert recap.splitlines()[1:] == [
            "  SOP-001 revision 2",
            "    process-owner: nobody who holds it and did not write the text; give somebody else the role",
            "    quality-manager: bob or jane",
            "      isodocs approve SOP-001 --role quality-manager",
        ]

    def test_recap_says_who_signs_and_with_which_command(self, library: Library) -> None:
        recap = report.text(engine.run(library), library, colour=False).partition(
            "Blocked. What comes next:"
        )[2]
        assert recap.splitlines()[1:] == [
            "  SOP-001 revision 2",
            "    process-owner: anna",
            "      isodocs approve SOP-001 --role process-owner",
            "    quality-manager: bob or jane",
            "      isodocs approve SOP-001 --role quality-manager",
            "  WI-001 revision 2",
            "    first: Did you mean `title`?",
            "    quality-manager: bob or jane",
            "      isodocs approve WI-001 --role quality-manager",
            "  Mend the errors above, and try again.",
            "  More about a code: isodocs explain FM104",
        ]

    def test_recap_where_signing_would_not_help(self) -> None:
        line = founded().commit({"documents/WI-001.md": text("WI-001", "2", "![x](x.svg)")}, day="2026-02-02")
        judged = line.library()
        recap = report.text(engine.run(judged), judged, colour=False).partition("Blocked.")[2]
        assert "WI-001 revision 2\n    first: Add the file to the commit" in recap
        assert "\n    Add them where the document expects them" in recap

    def test_no_recap_where_nothing_is_blocked(self, library: Library) -> None:
        draft = replace(library, profile=Profile.DRAFT, judged=Judged.INDEX)
        waiting = [one for one in engine.run(draft) if one.code == "AP101"]
        told = report.text(waiting, draft, colour=False)
        assert "Blocked" not in told
        assert "AP101 info: Revision 2 is not approved" in told

    def test_nothing_found(self) -> None:
        clean = founded().library(base=None)
        assert report.text((), clean, colour=False) == "No problems. 2 documents judged (push, release)."

    def test_colour_only_when_asked(self, library: Library) -> None:
        found = engine.run(library)
        plain, colourful = (report.text(found, library, colour=colour) for colour in (False, True))
        assert "\x1b" not in plain
        assert COMMAND.sub("", colourful) == plain
        assert "\x1b[31mFM104\x1b[0m" in colourful

    def test_without_a_path(self, library: Library) -> None:
        told = report.text([problem(path="", fix="")], library, colour=False)
        assert told.startswith("FM104 Wrong.\n\n1 error;")

    def test_what_drives_terminals_is_taken_out(self, library: Library) -> None:
        evil = problem(message="a\x1b[2Jb\nc", fix="d\re", path="x\x07\u202ey.md")
        told = report.text([evil], library, colour=False)
        assert told.startswith("x\\x07\\u202ey.md:2:3: FM104 a\\x1b[2Jb\\nc\n    d\\re\n")


class TestJson:
    def test_envelope(self, library: Library) -> None:
        value = json.loads(report.to_json(engine.run(library), library, command="gate"))
        assert list(value) == [
            "format",
            "command",
            "commit",
            "as_of",
            "mainline",
            "items",
            "counts",
            "waived",
        ]
        assert (value["format"], value["command"], value["mainline"]) == (1, "gate", "main")
        assert value["as_of"] == "2026-02-02T09:00:00Z"
        assert value["commit"] == library.commit
        assert value["counts"] == {"error": 3, "warning": 0, "info": 0}

    def test_items(self, library: Library) -> None:
        (item,) = json.loads(report.to_json([problem()], library))["items"]
        assert item == {
            "code": "FM104",
            "name": "unknown-key",
            "severity": "error",
            "path": "a b.md",
            "line": 2,
            "column": 3,
            "end_line": 2,
            "end_column": 5,
            "message": "Wrong.",
            "fix": "Mend it.",
            "id": "SOP-001",
        }

    def test_what_lies_nowhere_has_no_place(self, library: Library) -> None:
        (item,) = json.loads(report.to_json([problem(path="", id="")], library))["items"]
        assert (item["path"], item["line"], item["id"]) == (None, None, None)

    def test_ascii_only(self, library: Library) -> None:
        assert report.to_json([problem(message="Prüfung\ud800")], library).isascii()


class TestGithub:
    def annotation(self, library: Library, **more: object) -> str:
        return report.github([problem(**more)], library).splitlines()[0]

    def test_a_problem_in_one_line(self, library: Library) -> None:
        assert self.annotation(library) == (
            "::error file=a b.md,line=2,col=3,endColumn=5,title=FM104 unknown-key::Wrong. Mend it."
        )

    def test_a_problem_over_several_lines_has_no_columns(self, library: Library) -> None:
        told = self.annotation(library, span=Span(2, 3, 4, 1))
        assert told.startswith("::error file=a b.md,line=2,endLine=4,title=")

    def test_severities(self, library: Library) -> None:
        assert self.annotation(library, severity=Severity.WARNING).startswith("::warning ")
        assert self.annotation(library, severity=Severity.INFO).startswith("::notice ")

    def test_without_a_path(self, library: Library) -> None:
        assert self.annotation(library, path="").startswith("::error title=FM104 unknown-key::Wrong.")

    def test_escapes(self, library: Library) -> None:
        told = self.annotation(library, path="a,b:c%\n.md", message="50%\r\n::error::x")
        assert "file=a%2Cb%3Ac%25%0A.md," in told
        assert told.endswith("::50%25%0D%0A::error::x Mend it.")

    def test_the_recap_holds_no_commands(self, library: Library) -> None:
        lines = report.github(engine.run(library), library).splitlines()
        assert sum(line.startswith("::error ") for line in lines) == 3
        assert "Blocked. What comes next:" in lines
        assert not any("::" in line for line in lines if not line.startswith("::error "))
