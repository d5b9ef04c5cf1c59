"""AP107, assurance: a statement that is weaker than the policy asks.

What: A valid statement is unsigned, witnessed or legacy where the policy asks for more, so it does not count.
Or the policy has `user_verification`, and the key is not one of a device that knew its user by PIN or finger.

Why: How sure we are that a person meant it is part of the policy (21 CFR Part 11 and Annex 11 ask for it).

Good: The type asks for `signed`, and the approver signs with his own key.

Bad: The type asks for `signed`, and the statement says `unsigned`.
Or it asks for `user_verification`, and a key in a file signed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isodocs.core.policy import Requirement, requirement
from isodocs.core.problem import Problem
from isodocs.core.statement import Assurance, Meaning
from isodocs.rules.approval.void import describe, is_here, is_outweighed, path_of
from isodocs.rules.base import ERROR, WARNING, Family, entered_now, judged_now, rule
from isodocs.rules.premises import adopted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from isodocs.core.document import Document
    from isodocs.core.library import Library
    from isodocs.core.life import Judged
    from isodocs.core.settings import Settings
    from isodocs.core.statement import Statement
    from isodocs.core.survey import Placed


def check(library: Library) -> Iterator[Problem]:
    """Look for statements that would help if they were stronger."""
    devices = _asks_for_devices(adopted(library))
    for name, digest in _seen(library, devices=devices):
        item = library.state.judgement(name, digest)
        if item is None or not item.valid or (_is_signed(item) and not (item.weak or devices)):
            continue
        asked = _asked(library, item)
        if asked is None or asked.is_strong(item) or is_outweighed(library.state, item):
            continue
        message, fix = _words(item, asked)
        severity = ERROR if entered_now(library, item.step) else WARNING
        path = path_of(library, item)
        yield Problem("AP107", message, fix, path, id=item.statement.id or "", severity=severity)


def _seen(library: Library, *, devices: bool) -> Iterable[Placed]:
    """The statements of the tree that are looked at."""
    if not library.touched_only and devices:
        here = library.state.tree.about.items()
        return [(name, digest) for name, held in here if library.judges(name) for digest in held]
    if not library.touched_only:
        return library.index.lesser
    names = filter(library.judges, library.touched.union(waiver.id for waiver in library.settings.waivers))
    logs = [library.state.life(name).judged for name in names]
    items = [*judged_now(library), *library.state.authority_log, *(item for log in logs for item in log)]
    return dict.fromkeys((item.statement.about, item.digest) for item in items if is_here(library, item))


def _asks_for_devices(settings: Settings) -> bool:
    """Whether any policy asks that hardware keys knew their users."""
    policies = (kind.policy(meaning) for kind in settings.types.values() for meaning in Meaning)
    return settings.authority.user_verification or any(one.user_verification for one in policies)


def _is_signed(item: Judged) -> bool:
    return item.statement.assurance is Assurance.SIGNED


def _asked(library: Library, item: Judged) -> Requirement | None:
    """What a statement is held against; None where nobody waits for it."""
    statement, settings = item.statement, adopted(library)
    if statement.meaning is Meaning.AUTHORITY:
        role, verified = frozenset({statement.role or ""}), settings.authority.user_verification
        waits = statement.content == library.state.protected
        return Requirement(role, Assurance.UNSIGNED, user_verification=verified) if waits else None
    document = _document(library, statement)
    asked = requirement(settings, document, statement.meaning) if document else None
    return asked if asked is not None and statement.role in asked.roles else None


def _words(item: Judged, asked: Requirement) -> tuple[str, str]:
    """What is wrong and the way out."""
    statement = item.statement
    if asked.user_verification and not item.user_verified and _is_signed(item):
        message = (
            f"{describe(statement)} is not by a device that knew its user, and the policy asks for that."
        )
        return message, "Sign it anew with a hardware key that asks for a PIN or a finger."
    message = f"{describe(statement)} is {statement.assurance}, and the policy asks for more."
    return message, f"It must be {asked.assurance}: sign it anew."


def _document(library: Library, statement: Statement) -> Document | None:
    """The text a statement names, if it still waits or was approved."""
    view = library.views.get(statement.id or "")
    if view is None:
        return None
    approval = view.life.approved(statement.content)
    if approval is not None:
        return approval.document
    draft = view.draft
    return draft.document if draft is not None and draft.content == statement.content else None


RULE = rule(__doc__, "AP107", "assurance", Family.APPROVAL, check)
