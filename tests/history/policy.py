"""Whose signatures the settings ask for, read from the settings as plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from model.reading import Authority, Statement

    from isodocs.core.document import Document

LEVELS = ("unsigned", "witnessed", "signed")


def policy(name: str, rules: Authority, meaning: str) -> dict[str, object] | None:
    """The policy of a meaning for a document; None where the settings do not know its type."""
    kind = rules.kind(name.rpartition("-")[0])
    found = kind and (kind.get(meaning) or kind["approved"])
    return found if isinstance(found, dict) else None


def independence(name: str, rules: Authority) -> str:
    """The kind of independence that a document's type asks for; "none" for an unknown type."""
    kind = rules.kind(name.rpartition("-")[0])
    return str(kind["independence"]) if kind else "none"


def weak(one: Statement, rules: Authority) -> bool:
    """Whether its assurance is below what is asked; nothing is asked for an unknown type."""
    asked = policy(one.said("id"), rules, one.said("meaning"))
    return asked is not None and LEVELS.index(one.said("assurance")) < LEVELS.index(str(asked["assurance"]))


def roles(text: Document, rules: Authority, meaning: str) -> set[str]:
    """The roles and people who must sign; nobody for an unknown type."""
    found = policy(text.id, rules, meaning)
    if found is None:
        return set()
    listed = found["roles"]
    assert isinstance(listed, list)
    asked = {text.owner if role == "owner" else role for role in listed}
    return asked | set(text.approvers) if meaning == "approved" else asked


def satisfied(text: Document, statements: Iterable[Statement], rules: Authority, meaning: str) -> bool:
    """Whether all who must have signed; an unknown type is never satisfied."""
    asked = roles(text, rules, meaning)
    return bool(asked) and asked <= {one.said("role") for one in statements}
