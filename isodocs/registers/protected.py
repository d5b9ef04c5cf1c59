"""What differs between two sets that governed: which files, and in words what of settings and people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.core.authority import Grant, Key, Period, Person, Register
    from isodocs.core.settings import Settings
    from isodocs.registers.chain import Link

Row = dict[str, Any]

_SHOWN = 16  # of a key's base64, from its end: the beginning is the same for all of a kind


def changed_files(before: Link | None, after: Link) -> list[Row]:
    """The protected files that differ, sorted by path: ``added``, ``changed``, ``removed``, ``unprotected``.

    Of the trust root: all of them. ``sha256`` is null where the file is gone.
    """
    old = dict(before.adoption.content.embedded) if before else {}
    new = dict(after.adoption.content.embedded)
    return [
        {"path": path, "change": _change(path, old, new, after.settings), "sha256": new.get(path)}
        for path in sorted(old.keys() | new.keys())
        if old.get(path) != new.get(path)
    ]


def _change(path: str, old: dict[str, str], new: dict[str, str], settings: Settings) -> str:
    if path not in new:
        return "removed" if settings.protects(path) else "unprotected"
    return "changed" if path in old else "added"


def settings_changes(old: Settings, new: Settings) -> list[str]:
    """What differs in the settings, a clause each."""
    before, after = (one.model_dump(mode="json", exclude={"waivers"}) for one in (old, new))
    return [*_differences(before, after, ""), *_waivers(old, new)]


def _differences(old: dict[str, Any], new: dict[str, Any], place: str) -> Iterator[str]:
    """Every key below which something differs, such as ``types.SOP.review_months: 24, now 36``."""
    for key in sorted(old.keys() | new.keys()):
        before, after = old.get(key), new.get(key)
        if before == after:
            continue
        if isinstance(before, dict) and isinstance(after, dict):
            yield from _differences(before, after, f"{place}{key}.")
        else:
            yield f"{place}{key}: {_value(before)}, now {_value(after)}"


def _value(value: object) -> str:
    """A value in a few words."""
    if value is None or value in ([], {}):
        return "nothing"
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(value)
    return "something" if isinstance(value, list | dict) else str(value)


def _waivers(old: Settings, new: Settings) -> list[str]:
    found = [
        f"{one.rule} is waived for {one.id} until {one.until}"
        for one in new.waivers
        if one not in old.waivers
    ]
    found += [f"the waiver of {one.rule} for {one.id} ends" for one in old.waivers if one not in new.waivers]
    return found


def register_changes(old: Register, new: Register) -> list[str]:
    """What differs in the register, a clause each."""
    found = [f"role {name} is new" for name in sorted(new.roles.keys() - old.roles.keys())]
    found += [f"role {name} is gone" for name in sorted(old.roles.keys() - new.roles.keys())]
    found += [
        f"role {name} changed"
        for name in sorted(old.roles.keys() & new.roles.keys())
        if old.roles[name] != new.roles[name]
    ]
    for who in sorted(old.people.keys() | new.people.keys()):
        found += _person(who, old.people.get(who), new.people.get(who))
    return found


def _person(who: str, old: Person | None, new: Person | None) -> Iterator[str]:
    if new is None:
        yield f"{who} is gone"
        return
    if old is None:
        yield f"{who} is new"
    yield from _grants(who, old.roles if old else (), new.roles)
    yield from _keys(who, old.keys if old else (), new.keys)
    if old is not None and old.name != new.name:
        yield f"{who} is called {new.name} now"
    if old is not None and (old.emails, old.logins) != (new.emails, new.logins):
        yield f"{who}: addresses or logins changed"


def _grants(who: str, old: tuple[Grant, ...], new: tuple[Grant, ...]) -> Iterator[str]:
    for grant in new:
        if grant not in old:
            known = any(one.role == grant.role for one in old)
            word = "now holds the role" if known else "gets the role"
            yield f"{who} {word} {grant.role} {_period(grant)}"
    kept = {grant.role for grant in new}
    for role in dict.fromkeys(grant.role for grant in old if grant.role not in kept):
        yield f"{who} loses the role {role}"


def _keys(who: str, old: tuple[Key, ...], new: tuple[Key, ...]) -> Iterator[str]:
    for key in new:
        if key in old:
            continue
        if all(one.key != key.key for one in old):
            yield f"{who} gets the key …{key.key[-_SHOWN:]} {_period(key)}"
        elif key.revoked and all(one.revoked != key.revoked for one in old if one.key == key.key):
            yield f"{who}'s key …{key.key[-_SHOWN:]} is revoked on {key.revoked.on}: {key.revoked.reason}"
        else:
            yield f"{who}'s key …{key.key[-_SHOWN:]} now counts {_period(key)}"
    kept = {key.key for key in new}
    for line in dict.fromkeys(key.key for key in old if key.key not in kept):
        yield f"{who} loses the key …{line[-_SHOWN:]}"


def _period(period: Period) -> str:
    return f"from {period.from_}" + (f" until {period.until}" if period.until else "")
