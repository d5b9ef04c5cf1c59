"""The chain of authority, and the path from one document to the trust root, for people who follow it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from isodocs.core.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    Row = Mapping[str, Any]

NOT_PINNED = (
    "not pinned: whoever can rewrite all of history can choose it; pin it with --trust-root or "
    "ISODOCS_TRUST_ROOT"
)
PINNED = "pinned: it is the commit that you named"
BY_NAME = "such a name can be moved or met by another commit; pin the whole id of the commit"
_CHANGE = {"added": "new", "changed": "changed", "removed": "removed", "unprotected": "no longer protected"}
_RED, _RESET = "\x1b[31m", "\x1b[0m"


def text(rows: Sequence[Row], title: str, *, colour: bool) -> str:
    """The links, oldest first, and whether they hold."""
    if not rows:
        return "No settings and people governed then."
    blocks = [f"{visible(title)}: who could change settings and people, from the trust root on"]
    blocks += ["\n".join(_link(row, colour=colour)) for row in rows]
    return "\n\n".join([*blocks, _sum(rows)])


def _link(row: Row, *, colour: bool) -> Iterable[str]:
    if row["root"]:
        yield f"0  Trust root {row['commit'] or 'of this tree'}, {row['entered']}"
        yield f"     {_pin(row)}"
    else:
        marks = _marks(row, colour=colour)
        yield f"{row['link']}  Commit {row['commit'] or 'to come'}, {row['entered']}{marks}"
        role = visible(row["role_title"] or row["role"])
        yield f"     adopted by {row['reached']} of {row['quorum']} as {role}"
    for one in row["signatures"]:
        yield f"     {_signature(one)}"
    if row["why"]:
        yield f"     {_paint('does not hold', colour=colour)}: {visible(row['why'])}"
        yield f"     {_way_out(row)}"
    yield f"     files: {', '.join(_file(one) for one in row['files']) or 'none differs'}"
    for one in row["changes"]:
        yield f"       {visible(one)}"
    yield f"     content {row['content']}"


def _pin(row: Row) -> str:
    """Who says that this is the trust root."""
    if row["pinned"]:
        return PINNED
    return NOT_PINNED if row["named"] is None else f"named as {visible(row['named'])}: {BY_NAME}"


def _marks(row: Row, *, colour: bool) -> str:
    marks = ["RECOVERED"] * row["recovered"] + ["CHALLENGED"] * row["challenged"]
    return "".join(f", {_paint(mark, colour=colour)}" for mark in marks)


def _paint(words: str, *, colour: bool) -> str:
    return f"{_RED}{words}{_RESET}" if colour else words


def _signature(one: Row) -> str:
    again = "" if one["counted"] else " again"
    doubt = ", IN DOUBT: the key may have been in other hands" if one["doubted"] else ""
    times = f"{'claimed ' if one['claimed'] else ''}{one['time']}"
    return visible(f"signed{again} by {one['name']}, {times}, {one['fingerprint']}{doubt}")


def _way_out(row: Row) -> str:
    if row["root"]:
        return "Compare it with a clone or a seal from outside, and pin the trust root that you know."
    if row["current"]:
        return "It governs now: let people whose keys are not in doubt sign it afresh (isodocs authorise)."
    return "A later set governs now. Look at what this one brought; then pin a trust root that lies after it."


def _file(one: Row) -> str:
    return f"{visible(one['path'])} ({_CHANGE[one['change']]})"


def _sum(rows: Sequence[Row]) -> str:
    broken = [row for row in rows if not row["holds"]]
    recovered = sum(row["recovered"] for row in rows)
    many = f"{len(rows)} link{'s' * (len(rows) != 1)}"
    lines = [f"{many}; the last of them governs."]
    if recovered:
        lines.append(f"{recovered} of them {'was' if recovered == 1 else 'were'} adopted by recovery.")
    if broken:
        names = ", ".join(str(row["link"]) for row in broken)
        lines.append(f"{len(broken)} of them {'does' if len(broken) == 1 else 'do'} not hold: {names}.")
    else:
        lines.append("Every link holds.")
    return "\n".join(lines)


def path(found: Row, links: Sequence[Row], *, broken: int, colour: bool) -> str:
    """The path from a document to the trust root, a block a hop; commands stand behind a dollar sign.

    Args:
        found: of ``registers.trail``.
        links: of ``registers.chain``, all of them.
        broken: how many statements about the document should count and do not.
        colour: whether the terminal shows colours.
    """
    blocks = [
        _document(found),
        *(_statement(one, number) for number, one in enumerate(found["statements"], 1)),
        *(_hop(links[number], colour=colour) for number in found["links"]),
        _path_sum(found, links, broken),
    ]
    return "\n\n".join("\n".join(block) for block in blocks)


def _document(found: Row) -> list[str]:
    period = f", in force since {found['effective_from']}" if found["status"] == "effective" else ""
    approved = f"approved {found['approved']}, commit {found['commit'][:12]}"
    writers = ", ".join(found["writers"]) or "unknown"
    lines = [
        f"{found['id']} {visible(found['title'])}",
        f"  Revision {visible(found['revision'])}: {found['status']}{period}; {approved}",
        f"  Asked to approve: {', '.join(found['asked'])}. Written by: {writers}.",
    ]
    if found["challenged"]:
        lines.append("  CHALLENGED: a key that signed it may have been in other hands.")
    for one in found["text"]:
        lines += [
            f"  {visible(one['path'])}",
            f"    SHA-256 {one['sha256']}, blob {one['blob'] or 'unknown'}",
            f"    $ {visible(one['see'])}",
        ]
    return lines


def _statement(one: Row, number: int) -> list[str]:
    role = f" as {one['role']}" if one["role"] else ""
    counts = "" if one["counts"] else "; does not count"
    doubt = "; IN DOUBT: the key may have been in other hands" if one["doubted"] else ""
    see = one["see"]
    lines = [
        visible(f"{number}. {one['meaning']} by {one['name']}{role}, claimed {one['time']}{counts}{doubt}"),
        "  The statement names the SHA-256 above:",
        f"    {visible(one['path'])}",
        f"    SHA-256 {one['statement']}",
        f"    $ {visible(see['statement'])}",
        f"  It entered the mainline at {one['entered']}:",
        f"    $ {see['entered']}",
    ]
    if see["signature"] is None:
        return [*lines, f"  It is {one['assurance']}: no signature stands behind it."]
    return [
        *lines,
        f"  It was signed with the key {one['fingerprint']}:",
        *_steps(see["signature"], "    "),
        *_key(one),
    ]


def _key(one: Row) -> Iterable[str]:
    """Whose key it is, by the register that governed."""
    valid = one["key_valid"]
    if valid is not None:
        until = f" until {valid['until']}" if valid["until"] else ""
        whose = f"{one['signer']}'s, from {valid['from']}{until}"
        yield f"  That key is {whose}, by people.yml of link {one['link']} of the chain:"
    for grant in one["roles"]:
        until = f" until {grant['until']}" if grant["until"] else ""
        stands_in = f", which is deputy for {grant['deputy_for']}" if grant["deputy_for"] else ""
        yield f"    {grant['person']} holds the role {grant['role']} from {grant['from']}{until}{stands_in}"
    yield f"    $ {one['see']['key']}"


def _hop(row: Row, *, colour: bool) -> Iterable[str]:
    """One link on the way down."""
    yield from _link(row, colour=colour)
    if row["see"]["mainline"]:
        yield "     Its commit stands on the mainline:"
        yield f"       $ {row['see']['mainline']}"
    for (name, digest), see in zip(row["sha256"].items(), row["see"]["files"], strict=False):
        yield f"     {name} of this link, SHA-256 {digest}:"
        yield f"       $ {see}"
    if not row["root"]:
        yield f"     Signed by people of link {row['link'] - 1}; the statement names these digests:"
    for one in row["signatures"]:
        yield f"       $ {visible(one['see']['statement'])}"
        yield from _steps(one["see"]["signature"], "       ")


def _steps(command: str | None, indent: str) -> Iterable[str]:
    """A command of several steps, a line each."""
    for step in (command or "").split(" && ") if command else ():
        yield f"{indent}$ {visible(step)}"


def _path_sum(found: Row, links: Sequence[Row], broken: int) -> list[str]:
    """What the path is worth."""
    lines = []
    if broken:
        many = "s" * (broken > 1)
        lines.append(f"{broken} statement{many} should count and do not: isodocs verify {found['id']}")
    if found["challenged"]:
        lines.append("The revision is challenged: a key that signed it may have been in other hands.")
    lines += [f"Link {number} does not hold." for number in found["links"] if not links[number]["holds"]]
    return lines or ["Every hop holds, down to the trust root."]
