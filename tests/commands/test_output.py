"""Colour only where wanted, width only where watched, one envelope for machines."""

from __future__ import annotations

import io
import json

import pytest

from isodocs.commands.output import colourful, envelope, remark, say, say_json, width


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "environment", "wanted"),
    [
        (Terminal(), {}, True),
        (io.StringIO(), {}, False),
        (Terminal(), {"NO_COLOR": "1"}, False),
        (Terminal(), {"NO_COLOR": ""}, True),
        (io.StringIO(), {"FORCE_COLOR": "1"}, True),
        (io.StringIO(), {"FORCE_COLOR": ""}, False),
        (Terminal(), {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        (Terminal(), {"TERM": "dumb"}, False),
    ],
)
def test_colour(stream: io.StringIO, environment: dict[str, str], wanted: bool) -> None:  # noqa: FBT001 - a case
    assert colourful(stream, environment) is wanted


def test_width_is_known_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "72")
    assert width(Terminal()) == 72
    assert width(io.StringIO()) is None


def test_results_and_remarks_go_apart_and_end_their_line(capsys: pytest.CaptureFixture[str]) -> None:
    say("result")
    remark("by the way\n")
    say("")
    assert capsys.readouterr() == ("result\n", "by the way\n")


def test_the_envelope_without_a_library() -> None:
    assert envelope("rules", None, [{"code": "FM101"}], counts={"error": 1}) == {
        "format": 1,
        "command": "rules",
        "commit": None,
        "as_of": None,
        "mainline": None,
        "items": [{"code": "FM101"}],
        "counts": {"error": 1},
    }


def test_json_is_ascii_whatever_the_names(capsys: pytest.CaptureFixture[str]) -> None:
    say_json({"name": "Jürgen \udcff"})
    out = capsys.readouterr().out
    assert out.isascii()
    assert json.loads(out) == {"name": "Jürgen \udcff"}
