"""Broken documents never stop the check: the engine answers whatever stands in one, and judges the others."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.library import founded, snapshot, text

from isodocs.core.library import Judged
from isodocs.core.problem import Profile
from isodocs.reports import problems as report
from isodocs.rules import engine
from isodocs.rules.examples import BODY, COMPANY, PATH, page
from isodocs.rules.registry import BY_CODE

SOURCE = page(
    f"{BODY}\n[a](SOP-002-b.md#x) ![p](img/p.png)\n\n```\ncode\n```\n",
    change="why",
    review_date="2027-06-30",
    related="[SOP-002]",
    records="[{name: x, keeper: sales}]",
).encode()
OTHER = page(id="SOP-002", owner="nobody")
PIECES = [
    b"---\n", b"\x00", b"\xff\xfe", b"\r\n", b"\t", b": ", b"- ", b"[", b"]", b"{", b"}", b"<", b"<!--",
    b"-->", b"`", b"```\n", b"](", b"![", b"isodocs:", b"#", b"%2e%2e/", b"//", b"id: ", b"\xe2\x80\xa8",
    b"\xed\xa0\x80", b"&a", b"*a", b"!!x ", b"<<: ", b"'", b'"', b"|\n", b"?", b"\\", b"<<<<<<< x\n",
    b"..", b"/", b"\x1b[2J",
]  # fmt: skip
MUTATION = st.tuples(
    st.integers(0, len(SOURCE)), st.integers(0, 12), st.sampled_from(PIECES) | st.binary(max_size=6)
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(MUTATION, min_size=1, max_size=4))
def test_mutants(mutations: list[tuple[int, int, bytes]]) -> None:
    data = SOURCE
    for start, cut, piece in mutations:
        data = data[:start] + piece + data[start + cut :]
    library = snapshot({**COMPANY, PATH: data, "documents/SOP-002-b.md": OTHER})
    found = engine.run(library)
    assert any(problem.code == "FM110" and problem.path == "documents/SOP-002-b.md" for problem in found)
    lines = data.count(b"\n") + data.count(b"\r") + 2
    for problem in found:
        assert problem.code in BY_CODE
        assert problem.span.line >= 1
        assert problem.span.column >= 1
        if problem.path == PATH:
            assert problem.span.line <= lines
    told = report.text(found, library, colour=False)
    assert "\x1b" not in told
    assert "\x00" not in told
    assert report.to_json(found, library).isascii()
    assert report.github(found, library)


@pytest.mark.parametrize("judged", list(Judged))
@pytest.mark.parametrize("profile", list(Profile))
@pytest.mark.parametrize(
    "data", [b"", b"\n", b"---\n---\n", b"\xff", b"---\nid: WI-001\n---\n", b"{}", b"+++\n"]
)
def test_an_approved_document_made_unreadable(judged: Judged, profile: Profile, data: bytes) -> None:
    line = founded().commit({"documents/WI-001.md": data}, day="2026-02-02")
    base = None if judged in {Judged.SNAPSHOT, Judged.MAINLINE} else -2
    library = line.library(judged, base=base, profile=profile)
    found = engine.run(library)
    assert found
    assert report.text(found, library, colour=True)


def test_names_of_every_kind() -> None:
    files = {
        "documents/with space.md": text("WI-001"),
        "documents/-x.md": text("WI-002"),
        "documents/ä/ö.md": text("WI-003"),
        "documents/e\u0301.md": text("WI-004"),
        "documents/\u00e9.md": text("WI-005"),
        "documents/" + "d/" * 60 + "x.md": text("WI-006"),
    }
    found = engine.run(snapshot({**COMPANY, **files}))
    assert {problem.path for problem in found if problem.code == "ID103"} == {"documents/\u00e9.md"}
    assert {problem.path for problem in found if problem.code == "ID105"} == set(files)
