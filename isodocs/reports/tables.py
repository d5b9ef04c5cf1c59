"""Tables and short sheets for people, drawn by rich; the same values go out as JSON elsewhere."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING, Any

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from isodocs.core.identity import local_day, parse_time
from isodocs.core.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    Row = Mapping[str, Any]

WIDE = 200
_GAP = "   "
STYLES = {
    "effective": "green",
    "approved": "cyan",
    "in-review": "yellow",
    "returned": "magenta",
    "draft": "yellow",
    "withdrawn": "red",
    "superseded": "dim",
    "overdue": "bold red",
    "challenged": "bold red",
}


def master_list(rows: Sequence[Row], *, zone: str, colour: bool, width: int | None) -> str:
    """The master document list as a table; days are those of the time zone."""
    return _table(
        ("Id", "Rev", "Status", "Title", "Owner", "Effective", "Review due"),
        (
            (
                row["id"],
                row["revision"],
                _status(row, zone),
                row["title"],
                row["owner"],
                day(row["effective_from"], zone),
                row["review_due"] or "",
            )
            for row in rows
        ),
        colour=colour,
        width=width,
    )


def _status(row: Row, zone: str) -> Text:
    text = Text(row["status"], STYLES.get(row["status"], ""))
    for mark in ("overdue", "challenged"):
        if row[mark]:
            text.append(f", {mark}", STYLES[mark])
    for one in row["upcoming"]:
        if row["status"] == "effective":
            text.append(
                f", {visible(one['revision'])} from {day(one['effective_from'], zone)}", STYLES["approved"]
            )
    if row["draft"] is not None and row["status"] not in {"draft", "in-review", "returned"}:
        stage = "complete" if row["draft"]["status"] == "approved" else row["draft"]["status"]
        text.append(f", {visible(row['draft']['revision'])} {stage}", STYLES["draft"])
    return text


def history(rows: Sequence[Row], *, zone: str, colour: bool, width: int | None) -> str:
    """The revisions of one document, newest first, each with its reason and signatures."""
    return _table(
        ("Rev", "Status", "In force", "Reason for change", "Written by", "Signatures (times as claimed)"),
        (
            (
                row["revision"],
                Text(row["status"], STYLES.get(row["status"], "")),
                period(row, zone),
                row["reason"] or "first issue",
                ", ".join(row["writers"]) or "unknown",
                "\n".join(signatures(row["signatures"])),
            )
            for row in reversed(rows)
        ),
        colour=colour,
        width=width,
        lines=True,
    )


def period(row: Row, zone: str) -> str:
    """From when until when, in days of the time zone."""
    if row["effective_from"] is None:
        return "never"
    since, until = day(row["effective_from"], zone), day(row["effective_until"], zone)
    return f"{since} to {until}" if until else f"since {since}"


def signatures(rows: Sequence[Row]) -> list[str]:
    """The signatures on a revision, a line each; who only acknowledged it is counted."""
    lines = [signature(one) for one in rows if one["meaning"] != "acknowledged"]
    readers = {one["person"] for one in rows if one["meaning"] == "acknowledged" and one["valid"]}
    if readers:
        lines.append(f"acknowledged by {len(readers)} {'people' if len(readers) > 1 else 'person'}")
    return lines


def signature(one: Row) -> str:
    """One signature in a line: what, who, in which role, when, why, and whether it counts."""
    role = f" as {one['role_title'] or one['role']}" if one["role"] else ""
    level = "" if one["assurance"] == "signed" else f" [{one['assurance']}]"
    verdict = "" if one["valid"] else f" - does not count ({one['why']})"
    reason = f": {one['reason']}" if one["reason"] else ""
    due = f", next review {one['next_review']}" if one["next_review"] else ""
    return f"{one['meaning']} by {one['name']}{role}, {one['time']}{level}{due}{reason}{verdict}"


def sheet(pairs: Iterable[tuple[str, str]], *, colour: bool, width: int | None) -> str:
    """Names and values below each other; empty values are left out."""
    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold", no_wrap=True)
    table.add_column()
    for name, value in pairs:
        if value:
            table.add_row(name, _cell(value))
    return _draw(table, colour=colour, width=width)


def day(moment: str | None, zone: str) -> str:
    """The day of a UTC time in a time zone, or nothing."""
    epoch = parse_time(moment) if moment else None
    return "" if epoch is None else local_day(epoch, zone).isoformat()


def _table(
    heads: Sequence[str],
    rows: Iterable[Sequence[str | Text]],
    *,
    colour: bool,
    width: int | None,
    lines: bool = False,
) -> str:
    table = Table(box=box.SIMPLE_HEAD, show_lines=lines, pad_edge=False)
    for head in heads:
        table.add_column(head, no_wrap=head in {"Id", "Rev", "Effective", "Review due"})
    cells = [[cell if isinstance(cell, Text) else _visible(cell) for cell in row] for row in rows]
    widths = [max(map(_width, column)) for column in zip(heads, *cells, strict=True)]
    if not lines and _fits(cells, widths, width or WIDE):
        table.add_row(*("x" * one for one in widths))  # rich draws the head; a long list it draws too slowly
        top = _draw(table, colour=colour, width=width).split("\n")[:-1]
        return "\n".join([*top, *_drawn(cells, widths, colour=colour)])
    for row in cells:
        table.add_row(*(cell if isinstance(cell, Text) else Text(cell) for cell in row))
    return _draw(table, colour=colour, width=width)


def _fits(rows: Sequence[Sequence[str | Text]], widths: Sequence[int], width: int) -> bool:
    """Whether every row of a table is one line of the terminal."""
    if sum(widths) + len(_GAP) * len(widths) >= width:
        return False
    return not any("\n" in cell or "\t" in cell for row in rows for cell in row)


def _drawn(rows: Iterable[Sequence[str | Text]], widths: Sequence[int], *, colour: bool) -> Iterator[str]:
    """Rows as rich draws them where each is one line."""
    console = _console(StringIO(), colour=colour, width=WIDE)
    known: dict[tuple[object, ...], str] = {}
    for row in rows:
        parts = []
        for cell, width in zip(row, widths, strict=True):
            if isinstance(cell, str):
                parts.append(cell + " " * (width - _width(cell)))
                continue
            key = (cell.plain, cell.style, tuple(cell.spans), width)
            if key not in known:
                known[key] = _painted(cell, width, console)
            parts.append(known[key])
        yield f" {_GAP.join(parts)}".rstrip()


def _painted(cell: Text, width: int, console: Console) -> str:
    padded = cell.copy()
    padded.pad_right(width - cell.cell_len)
    with console.capture() as capture:
        console.print(padded, end="", soft_wrap=True)
    return capture.get()


def _width(cell: str | Text) -> int:
    """In columns of the terminal."""
    text = cell if isinstance(cell, str) else cell.plain
    return len(text) if text.isascii() else cell_len(text)


def _cell(text: str) -> Text:
    """A text in which nothing acts on the terminal: titles and names come from files of anybody."""
    return Text(_visible(text))


def _visible(text: str) -> str:
    return text if text.isprintable() else "\n".join(visible(line) for line in text.split("\n"))


def _console(target: StringIO, *, colour: bool, width: int | None) -> Console:
    return Console(
        file=target,
        force_terminal=colour,
        color_system="standard" if colour else None,
        no_color=not colour,
        width=width or WIDE,
        highlight=False,
        emoji=False,
        markup=False,
    )


def _draw(table: Table, *, colour: bool, width: int | None) -> str:
    target = StringIO()
    _console(target, colour=colour, width=width).print(table)
    return "\n".join(line.rstrip() for line in target.getvalue().splitlines()).strip("\n")
