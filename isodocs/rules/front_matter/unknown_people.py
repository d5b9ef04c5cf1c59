"""FM110, unknown-role-or-person: the front matter names somebody whom the register does not know.

What: `owner`, an entry of `approvers` or an entry of `audience` is neither a role nor a person of
people.yml. Where one is written nearly the same, it is named. A `deputy_for` in people.yml that names no
other role there is a warning.

Why: Nobody can sign for a role that does not exist, and nobody would be trained for it.

Good: `owner: process-owner` is a role of the register.

Bad: `owner: proces-owner` is none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isodocs.core.problem import Problem
from isodocs.core.settings import REGISTER_FILE
from isodocs.core.suggest import closest
from isodocs.rules.base import WARNING, Family, judged_sheets, rule
from isodocs.rules.examples import GOOD, document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.core.authority import Register
    from isodocs.core.library import Library


def check(library: Library) -> Iterator[Problem]:
    """Look up every name in the register that governs, and in the one adopted with this change."""
    known = known_names(library)
    nearest: dict[str, str | None] = {}
    for sheet in judged_sheets(library):
        for key, name, span in sheet.people:
            if name not in known:
                if name not in nearest:
                    nearest[name] = closest(name, known)
                near = nearest[name]
                message = f"`{key}` names `{name}`, which is neither a role nor a person."
                fix = f"Did you mean `{near}`?" if near else f"Add the role to {REGISTER_FILE} first."
                yield Problem("FM110", message, fix, sheet.path, span, sheet.called)
    yield from _deputies(_registers(library)[-1])


def known_names(library: Library) -> set[str]:
    """The roles and people that a document may name."""
    return {name for register in _registers(library) for name in (*register.roles, *register.people)}


def _registers(library: Library) -> list[Register]:
    authority = library.state.authority
    return [library.register, *([authority.register] if authority else [])]


def _deputies(register: Register) -> Iterator[Problem]:
    """A deputy for a role that is none stands in for nobody."""
    for name, role in register.roles.items():
        others = register.roles.keys() - {name}
        if role.deputy_for is not None and role.deputy_for not in others:
            near = closest(role.deputy_for, others)
            message = f"The role {name} is deputy for `{role.deputy_for}`, which is no other role."
            fix = f"Did you mean `{near}`?" if near else "Name a role of this file."
            yield Problem("FM110", message, fix, REGISTER_FILE, severity=WARNING)


RULE = rule(
    __doc__,
    "FM110",
    "unknown-role-or-person",
    Family.FRONT_MATTER,
    check,
    good=GOOD,
    bad=document(owner="proces-owner"),
    requires=("FM102", "FM103"),
)
