"""Settings, people and the other protected files: judging what is signed on them, and when a set is adopted.

A set is adopted when the role of the authority reaches its quorum or, where the settings name a role for
recovery, that role its own. The two are never added up, and what was adopted by recovery is marked for ever.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from isodocs.core.judging import judgement, signature
from isodocs.core.policy import reach
from isodocs.core.tree import AUTHORITY_ID
from isodocs.core.warrant import check_role, check_signer

if TYPE_CHECKING:
    from isodocs.core.life import Authority, Evidence, Judged, State
    from isodocs.core.settings import AuthorityPolicy
    from isodocs.core.statement import Content, Statement
    from isodocs.core.warrant import Fault


@dataclass(frozen=True, slots=True)
class Quorum:
    """How far a role has come with its signatures on a set.

    Attributes:
        role: who signs.
        asked: how many people it takes.
        items: the statements that count.
        recovery: it is the role that steps in where the usual quorum is lost.
    """

    role: str
    asked: int
    items: tuple[Judged, ...]
    recovery: bool

    @property
    def reached(self) -> int:
        """How many people have signed, each counted once, as signer and as the one signed for."""
        return reach(self.items)


def judge_authority(state: State, governing: Authority, evidence: Evidence) -> list[Judged]:
    """Judge the statements in the tree that name its protected set and were not judged before."""
    entered = []
    known = {item.digest for item in state.authority_log}
    for digest in sorted(state.tree.about.get(AUTHORITY_ID, {}).keys() - known):
        found = state.tree.statement(digest, AUTHORITY_ID)
        statement = found[1].statement if found else None
        if statement is None or statement.qms != governing.settings.qms:
            continue
        if statement.content != state.protected:
            continue
        verdict = signature(state, digest, evidence, AUTHORITY_ID)
        if verdict is None or not verdict.ok:
            continue
        code, why = (
            check_signer(statement, verdict, state.time, governing)
            or _check_authority(statement, state.time, governing)
            or ("", "")
        )
        weak = governing.settings.authority.user_verification and not verdict.user_verified
        item = judgement(digest, statement, verdict, state, code, why, weak=weak)
        entered.append(item)
    return entered


def _check_authority(statement: Statement, moment: int, governing: Authority) -> Fault | None:
    policy = governing.settings.authority
    recovers = policy.recovery is not None and statement.role == policy.recovery.role
    if statement.role != policy.role and not recovers:
        return "AP103", f"settings and people are changed by the role {policy.role}, not {statement.role}"
    if recovers and statement.signer != statement.person:
        return "AP103", f"{statement.signer} signed for {statement.person}, but recovery knows no deputies"
    if failure := check_role(statement, moment, governing):
        return failure
    again = statement.content.digest == governing.digest
    if statement.predecessor != (governing.predecessor if again else governing.digest):
        return "RV106", "it was signed on another set of protected files than the one that governs"
    return None


def quorums(state: State, governing: Authority, content: Content) -> tuple[Quorum, ...]:
    """How far each role that may change the protected set has come with a new one; the usual role first."""
    policy = governing.settings.authority
    items = [
        item
        for item in state.authority_log
        if item.valid
        and not item.weak
        and item.step > governing.step
        and item.statement.predecessor == governing.digest
        and item.statement.content == content
    ]
    return tuple(
        Quorum(role, asked, tuple(item for item in items if item.statement.role == role), recovery)
        for role, asked, recovery in _roles(policy)
    )


def _roles(policy: AuthorityPolicy) -> list[tuple[str, int, bool]]:
    roles = [(policy.role, policy.quorum, False)]
    if policy.recovery is not None:
        roles.append((policy.recovery.role, policy.recovery.quorum, True))
    return roles


def enough(state: State, governing: Authority, content: Content) -> Quorum | None:
    """The quorum by which a new set is adopted; None while there is none."""
    return next((one for one in quorums(state, governing, content) if one.reached >= one.asked), None)
