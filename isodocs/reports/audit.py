"""What ``verify`` found, for people: each document with its statements, the keys, and the sum of it all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from isodocs.core.text import visible
from isodocs.reports.tables import day

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    Row = Mapping[str, Any]

_COLOURS = {
    "counts": "\x1b[32m",
    "void": "\x1b[31m",
    "bad": "\x1b[31m",
    "unreadable": "\x1b[31m",
    "weak": "\x1b[33m",
    "idle": "\x1b[33m",
    "waits": "\x1b[33m",
}
_RESET = "\x1b[0m"
_WIDTH = max(map(len, _COLOURS))
_SUMS = {
    "counts": ("counts", "count"),
    "weak": ("is too weak to count", "are too weak to count"),
    "idle": ("is asked by no policy", "are asked by no policy"),
    "void": ("is void", "are void"),
    "waits": ("waits for what it names", "wait for what they name"),
    "bad": ("has a bad signature", "have a bad signature"),
    "unreadable": ("cannot be read", "cannot be read"),
}


@dataclass(frozen=True, slots=True)
class Report:
    """What was found.

    Attributes:
        statements: rows of ``registers.signatures``, each perhaps with ``second_opinion``.
        documents: rows of ``registers.evidence``.
        keys: likewise.
        authority: the row of ``registers.evidence`` on settings and people; None where it was not asked for.
        lists_keys: whether people want to see each key, too.
    """

    statements: Sequence[Row]
    documents: Sequence[Row]
    keys: Sequence[Row]
    authority: Row | None = None
    lists_keys: bool = False

    @property
    def fails(self) -> bool:
        """Whether anything that should count does not."""
        return any(row["fails"] for row in (*self.statements, *self.keys))


def text(report: Report, *, zone: str, colour: bool) -> str:
    """The report as lines; days are those of the company's time zone."""
    heads = {row["id"]: _document(row, zone) for row in report.documents}
    for name in sorted({row["id"] for row in report.statements} - heads.keys()):
        heads[name] = f"{visible(name)}: no such document"
    if report.authority is not None:
        heads["_authority"] = _authority(report.authority, zone)
    about: dict[str, list[Row]] = {}
    for row in report.statements:
        about.setdefault(row["id"], []).append(row)
    blocks = [
        "\n".join([head, *(line for row in about.get(name, ()) for line in _statement(row, colour=colour))])
        for name, head in heads.items()
    ]
    if report.lists_keys and report.keys:
        blocks.append("\n".join(["Keys in people.yml", *map(_key, report.keys)]))
    return "\n\n".join([*blocks, "\n".join(_sums(report))])


def _key(row: Row) -> str:
    """One key: whose, from when until when, and how it was taken in."""
    name = row["fingerprint"] or row["key"]
    line = f"  {row['person']}, {name}: {row['valid']}"
    if row["revoked"] is not None:
        since = row["revoked"]["compromised_since"]
        lost = f" (in other hands since {since})" if since else ""
        line = f"{line}{lost}: {row['revoked']['reason']}"
    if row["enrolled"] is None:
        return visible(f"{line}; no proof of possession")
    proof = "proof of possession" if row["proved"] else "BAD proof of possession"
    checked = f", identity checked by {row['checked_by']}" if row["checked_by"] else ""
    return visible(f"{line}; {proof}, {row['enrolled']}{checked}")


def _document(row: Row, zone: str) -> str:
    if row["revision"] is None:
        return f"{row['id']} {visible(row['title'])}: {row['status']}, no revision was approved"
    since = f" since {day(row['effective_from'], zone)}" if row["status"] == "effective" else ""
    marks = ", CHALLENGED: a key that signed it may have been in other hands" if row["challenged"] else ""
    whole = "all its signatures verify" if row["verified"] else "NOT all its signatures verify"
    return (
        f"{row['id']} revision {row['revision']}: {row['status']}{since}, approved by "
        f"{' and '.join(map(visible, row['approved_by'])) or 'nobody'}; {whole}{marks}\n"
        f"  content {row['content']}"
    )


def _authority(row: Row, zone: str) -> str:
    since = f" since {day(row['since'], zone)}" if row["since"] else ""
    by = f", signed by {' and '.join(map(visible, row['signed_by']))}" if row["signed_by"] else ""
    begun = " from the trust root on" if row["root"] else since
    by += ", RECOVERED by the role that steps in where the quorum is lost" if row["recovered"] else ""
    by += ", CHALLENGED: a key that signed it may have been in other hands" if row["challenged"] else ""
    signed = "the files here differ and are signed, so they will govern from the mainline on"
    changed = signed if row["change_signed"] else "the files here are CHANGED and not signed"
    more = f"; {changed}" if row["changed_here"] else ""
    return f"Settings and people: this set governs{begun}{by}{more}\n  content {row['content']}"


def _statement(row: Row, *, colour: bool) -> Iterable[str]:
    word = f"{row['standing']:<{_WIDTH}}"
    start = f"{_COLOURS[row['standing']]}{word}{_RESET}" if colour else word
    indent = " " * (_WIDTH + 4)
    yield f"  {start}  {_said(row)}"
    if row["why"]:
        code = f"{row['code']} " if row["code"] else ""
        yield f"{indent}{code}{visible(row['why'])}"
    if row["path"] and row["standing"] != "counts":
        yield f"{indent}{visible(row['path'])}"
    if (opinion := row.get("second_opinion")) is not None and not opinion["agrees"]:
        yield f"{indent}ssh-keygen DISAGREES: {visible(opinion['why'] or 'it accepts the signature')}"


def _said(row: Row) -> str:
    """Who said what, when."""
    if row["meaning"] is None:
        return visible(row["path"])
    role = f" as {row['role_title'] or row['role']}" if row["role"] else ""
    revision = f" revision {row['revision']}" if row["revision"] else ""
    level = f" [{row['assurance']}]" if row["assurance"] != "signed" else ""
    times = f"{'claimed ' if row['claimed'] else ''}{row['time']}"
    entered = f", entered {row['entered']}" if row["entered"] else ""
    key = f", {row['fingerprint']}" if row["fingerprint"] else ""
    return visible(f"{row['meaning']}{revision} by {row['name']}{role}{level}, {times}{entered}{key}")


def _sums(report: Report) -> Iterable[str]:
    counts: dict[str, int] = {}
    for row in report.statements:
        counts[row["standing"]] = counts.get(row["standing"], 0) + 1
    parts = [f"{number} {_SUMS[name][number > 1]}" for name in _SUMS if (number := counts.get(name, 0))]
    total = len(report.statements)
    yield (
        f"{total} statement{'s' * (total != 1)}: {', '.join(parts)}." if total else "There are no statements."
    )
    yield from _keys(report.keys)
    rows = (*report.statements, *report.keys)
    asked = [row["second_opinion"] for row in rows if row.get("second_opinion") is not None]
    if asked:
        agree = sum(one["agrees"] for one in asked)
        yield f"ssh-keygen was asked about {len(asked)} signatures and agrees on {agree}."
    failed = sum(row["fails"] for row in (*report.statements, *report.keys))
    yield (
        "Everything that should count does."
        if not failed
        else f"{failed} of them should count and {'do' if failed > 1 else 'does'} not."
    )


def _keys(keys: Sequence[Row]) -> Iterable[str]:
    proved = sum(row["proved"] is True for row in keys)
    without = sum(row["proved"] is None for row in keys)
    if keys:
        rest = f", {without} without" if without else ""
        many = "s" * (len(keys) != 1)
        yield f"{len(keys)} key{many} in people.yml: {proved} with proof of possession{rest}."
    for row in keys:
        name = f"{row['person']}, {row['fingerprint'] or row['key']}"
        if row["proved"] is False:
            yield f"  bad proof: {name}: {visible(row['why'])}"
        if (opinion := row.get("second_opinion")) is not None and not opinion["agrees"]:
            yield f"  ssh-keygen DISAGREES: {name}: {visible(opinion['why'] or 'it accepts the proof')}"
