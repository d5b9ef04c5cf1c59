"""Settings and people of the authority model, written as files for the product."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from support.company import Kind, Settings
from support.statements import Key
from tamper import paper
from tamper.model import BOSS, DAY, DEPUTY, DEPUTY_FOR, OWNER, QM, Protected, Rules, Window

PEOPLE = ("ann", "bob", "cat", "dan")
FIRST = 1_770_022_800  # 2026-02-02T09:00:00Z
LONG_AGO = FIRST // DAY - 400


def day_text(day: int) -> str:
    """A day as the register writes it."""
    return paper.day(day * DAY)


def files_of(found: Protected) -> dict[str, bytes]:
    """Settings and people as files."""
    people = _people(tuple(found.grants.items()), tuple(found.keys.items()), readable=found.readable)
    return {"isodocs.yml": _settings(found.rules), "people.yml": people}


Held = tuple[tuple[str, tuple[Window, ...]], ...]


@cache
def _people(grants: Held, keys: Held, *, readable: bool) -> bytes:
    roles, held = dict(grants), dict(keys)
    lines = ["format: 1", "roles:"]
    lines += [f"  {role}: {{title: T}}" for role in (QM, OWNER, BOSS)]
    lines += [f"  {role}: {{title: T, deputy_for: {of}}}" for role, of in DEPUTY_FOR.items()]
    lines += ["people:"]
    for person in (*PEOPLE, "max"):
        parts = ", ".join(f"{{role: {_window(one)}}}" for one in roles.get(person, ()))
        public = [replace(one, name=_public(one.name)) for one in held.get(person, ())]
        whose = ", ".join(f"{{key: {_window(one)}}}" for one in public)
        entry = f"name: {person.title()}, emails: [{person}@ex.org], roles: [{parts}], keys: [{whose}]"
        lines.append(f"  {person}: {{{entry}}}")
    lines += [] if readable else ["  broken: ["]
    return ("\n".join(lines) + "\n").encode()


@cache
def _public(name: str) -> str:
    return Key(name).public


@cache
def _settings(rules: Rules) -> bytes:
    kind = Kind(rules.roles, distinct=rules.distinct)
    settings = Settings(
        drafts=True,
        kinds={"WI": kind},
        quorum=rules.quorum,
        recovery=(BOSS, rules.recovery) if rules.recovery else None,
        verified=rules.verified,
    )
    return settings.text().encode()


def _window(one: Window) -> str:
    until = "" if one.until is None else f", until: {day_text(one.until)}"
    revoked = "" if one.revoked is None else f", revoked: {{on: {day_text(one.revoked)}, reason: lost"
    if one.revoked is not None:
        revoked += "" if one.compromised is None else f", compromised_since: {day_text(one.compromised)}"
        revoked += "}"
    return f"{one.name}, from: {day_text(one.since)}{until}{revoked}"


def root(rules: Rules) -> Protected:
    """Settings and people of the first day."""
    roles = {"ann": (QM,), "bob": (QM, DEPUTY), "cat": (OWNER, DEPUTY, QM), "dan": (BOSS,), "max": ()}
    return Protected(
        rules,
        {who: tuple(Window(role, LONG_AGO) for role in held) for who, held in roles.items()},
        {who: (Window(who, LONG_AGO), Window(f"sk-{who}", LONG_AGO)) for who in PEOPLE} | {"max": ()},
    )
