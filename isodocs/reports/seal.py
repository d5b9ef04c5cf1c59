"""A seal that was made, and a seal held against the history of today, for people."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from isodocs.core.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from isodocs.core.seal import Seal

    Row = Mapping[str, Any]

_COLOURS = {"missing": "\x1b[31m", "changed": "\x1b[31m", "new": "\x1b[33m"}
_RED, _GREEN, _RESET = "\x1b[31m", "\x1b[32m", "\x1b[0m"
_WIDTH = max(map(len, _COLOURS))
_COUNTED = (
    ("documents", "document", "documents"),
    ("revisions", "approved revision", "approved revisions"),
    ("statements", "statement", "statements"),
    ("sets", "set of settings and people", "sets of settings and people"),
    ("in_force", "document in force", "documents in force"),
    ("withdrawn", "withdrawn", "withdrawn"),
)
_READ_OTHERWISE = (
    "The commits are the same and are read otherwise: with another trust root, or by another isodocs than "
    "the one that made the seal."
)


def made(seal: Seal) -> str:
    """What is sealed."""
    return (
        f"{visible(seal.title)}: {visible(seal.mainline)} at {seal.commit}\n"
        f"  step {seal.steps} since the trust root {seal.root[:12]}, {seal.time}\n"
        f"  {counted(seal.counts.model_dump())}\n"
        f"  sealed {seal.made} by {visible(seal.name)}"
    )


def counted(counts: Mapping[str, int]) -> str:
    """How many of each."""
    return ", ".join(f"{counts[key]} {one if counts[key] == 1 else many}" for key, one, many in _COUNTED)


def text(seal: Row, rows: Sequence[Row], *, grown: int | None, colour: bool) -> str:
    """Who sealed, whether it stands, and what is not as it was.

    Args:
        seal: of ``registers.sealing.facts``, perhaps with ``second_opinion``.
        rows: of ``registers.sealing.rows``.
        grown: how many steps came since; None where the sealed tip is gone.
        colour: whether the terminal shows colours.
    """
    blocks = ["\n".join(_head(seal, colour=colour)), "\n".join(_verdict(seal, grown, colour=colour))]
    shown = [row for row in rows if row["item"] != "commit"]
    for name, group in groupby(shown, key=lambda row: row["id"]):
        lines = [f"{_title(name)}", *(_difference(row, colour=colour) for row in group)]
        blocks.append("\n".join(lines))
    return "\n\n".join([*blocks, _sum(shown, stands=grown is not None)])


def _head(seal: Row, *, colour: bool) -> Iterable[str]:
    yield f"Seal of {visible(seal['title'])}, made {seal['made']} by {visible(seal['name'])}"
    yield f"  signed with the key {seal['fingerprint']}"
    if seal["expected_key"] is None:
        yield "    compare it with the fingerprint that you were given with the seal"
    elif seal["expected_key"]:
        yield "    it is the key that you named"
    else:
        yield f"    {_paint('it is NOT the key that you named', _RED, colour=colour)}"
    if seal["why"]:
        yield f"    {_paint('in doubt', _RED, colour=colour)}: {visible(seal['why'])}"
    else:
        yield f"    {seal['holder']}'s, by the register of then"
    if (opinion := seal.get("second_opinion")) is not None:
        agrees = "agrees" if opinion["agrees"] else f"DISAGREES: {visible(opinion['why'] or '')}"
        yield f"    ssh-keygen {agrees}"
    yield f"  sealed: {visible(seal['mainline'])} at {seal['commit']}, {seal['time']}"
    yield f"  {counted(seal['counts'])}"


def _verdict(seal: Row, grown: int | None, *, colour: bool) -> Iterable[str]:
    if grown is None:
        yield _paint("HISTORY WAS REBUILT since this seal was made.", _RED, colour=colour)
        yield f"The sealed commit {seal['commit'][:12]} is not on the mainline any more."
        if seal["here"]:
            yield f"It still lies in this repository: git log -p {seal['commit'][:12]} shows what it was."
        return
    since = "nothing was added since" if not grown else f"{grown} step{'s'[: grown > 1]} came since"
    yield f"{_paint('The sealed commit stands', _GREEN, colour=colour)} on the mainline; {since}."


def _title(name: str | None) -> str:
    if name is None:
        return "The history as a whole"
    return "Settings and people" if name == "_authority" else visible(name)


def _difference(row: Row, *, colour: bool) -> str:
    word = _paint(f"{row['kind']:<{_WIDTH}}", _COLOURS[row["kind"]], colour=colour)
    what = " ".join(part for part in (row["item"], row["name"]) if part)
    then, now = row["sealed"], row["found"]
    tail = {
        "missing": f"sealed: {then}",
        "changed": f"sealed: {then}; now: {now}",
        "new": f"now: {now}; by its date it should be in the seal",
    }[row["kind"]]
    return f"  {word}  {visible(f'{what}; {tail}')}"


def _sum(rows: Sequence[Row], *, stands: bool) -> str:
    if not rows:
        if stands:
            return "Nothing that was sealed is missing or different."
        return (
            "Nothing that was sealed is missing or different. What differs is in the commits: messages, "
            "names, or texts that nobody approved."
        )
    counts = [(sum(row["kind"] == kind for row in rows), kind) for kind in _COLOURS]
    told = f"Of what was sealed: {', '.join(f'{number} {kind}' for number, kind in counts if number)}."
    return f"{told}\n{_READ_OTHERWISE}" if stands else told


def _paint(words: str, colour_code: str, *, colour: bool) -> str:
    return f"{colour_code}{words}{_RESET}" if colour else words
