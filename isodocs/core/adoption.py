"""Judging ``authority`` statements: those on settings, people and the other protected files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from isodocs.core.judging import check_role, check_signer, judgement, signature
from isodocs.core.tree import AUTHORITY_ID

if TYPE_CHECKING:
    from isodocs.core.life import Authority, Evidence, Judged, State
    from isodocs.core.statement import Statement


def judge_authority(state: State, governing: Authority, evidence: Evidence) -> list[Judged]:
    """Judge the statements in the tree that name its protected set and were not judged before."""
    entered = []
    for digest in sorted(state.tree.about.get(AUTHORITY_ID, ())):
        found = state.tree.statement(digest)
        statement = found[1].statement if found else None
        if digest in state.judged or statement is None or statement.qms != governing.settings.qms:
            continue
        if statement.content != state.protected:
            continue
        verdict = signature(state, digest, evidence)
        if verdict is None or not verdict.ok:
            continue
        code, why = (
            check_signer(statement, verdict, state.time, governing)
            or _check_authority(statement, state.time, governing)
            or ("", "")
        )
        item = judgement(digest, statement, verdict, state, code, why)
        state.judged[digest] = item
        entered.append(item)
    return entered


def _check_authority(statement: Statement, moment: int, governing: Authority) -> tuple[str, str] | None:
    role = governing.settings.authority.role
    if statement.role != role:
        return "AP103", f"settings and people are changed by the role {role}, not {statement.role}"
    if failure := check_role(statement, moment, governing):
        return failure
    again = statement.content.digest == governing.digest
    if statement.predecessor != (governing.predecessor if again else governing.digest):
        return "RV106", "it was signed on another set of protected files than the one that governs"
    return None
