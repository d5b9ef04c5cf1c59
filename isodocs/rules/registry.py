"""Every rule there is, in the order of the manual. One line a rule; nothing is found by scanning."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from isodocs.core.problem import Severity
from isodocs.rules.approval import (
    assurance,
    bad_signature,
    key,
    missing,
    not_independent,
    unauthorised,
    unreadable,
    void_before,
    waiting,
)
from isodocs.rules.authority import shared_key, unauthorised_change
from isodocs.rules.content import conflict, empty, placeholder, sections, template, vague
from isodocs.rules.front_matter import (
    encoding,
    no_front_matter,
    repeated,
    required,
    size,
    syntax,
    typed_status,
    unknown_key,
    unknown_people,
    wrong_type,
)
from isodocs.rules.history import clocks, deleted, statement_removed, truncated, turned
from isodocs.rules.identity import case, document_type, duplicate, file_name, malformed, reused
from isodocs.rules.links import anchor, old_path, outside, picture, target, withdrawn
from isodocs.rules.review import due_soon, interval, order, overdue
from isodocs.rules.revision import backwards, no_reason, predecessor, scheme, skipped, unchanged_number

if TYPE_CHECKING:
    from isodocs.rules.base import Rule


class RuleModule(Protocol):
    """What a rule's file must hold."""

    @property
    def RULE(self) -> Rule:  # noqa: N802 - it is a constant of the module
        """The rule."""


MODULES: Final[tuple[RuleModule, ...]] = (
    no_front_matter,
    syntax,
    repeated,
    unknown_key,
    wrong_type,
    required,
    encoding,
    size,
    typed_status,
    unknown_people,
    malformed,
    duplicate,
    case,
    reused,
    file_name,
    document_type,
    unchanged_number,
    backwards,
    skipped,
    no_reason,
    scheme,
    predecessor,
    missing,
    void_before,
    unauthorised,
    not_independent,
    bad_signature,
    key,
    assurance,
    unreadable,
    waiting,
    overdue,
    due_soon,
    order,
    interval,
    target,
    anchor,
    picture,
    withdrawn,
    old_path,
    outside,
    conflict,
    placeholder,
    sections,
    empty,
    vague,
    template,
    deleted,
    truncated,
    turned,
    clocks,
    statement_removed,
    unauthorised_change,
    shared_key,
)

RULES: Final[tuple[Rule, ...]] = tuple(module.RULE for module in MODULES)

BY_CODE: Final[dict[str, Rule]] = {rule.code: rule for rule in RULES}

FOREIGN: Final[dict[str, Severity]] = {
    "FM101": Severity.WARNING,
    "FM102": Severity.ERROR,
    "FM103": Severity.ERROR,
    "FM104": Severity.INFO,
    "FM107": Severity.ERROR,
    "FM108": Severity.ERROR,
    "LN101": Severity.ERROR,
    "LN102": Severity.WARNING,  # other programs make other anchors
    "LN103": Severity.ERROR,
    "CT101": Severity.ERROR,
}
"""The rules that make sense for documents written for another program, and the highest severity there."""
