"""The tamper matrix: every byte, three ways, of documents, statements, signatures, settings and register.

Each is tried twice. An insider commits the altered file on top of the mainline: the gate refuses it; and had
it been let in, nothing but what was signed would be in force, and a look at the whole would tell. Or somebody
who holds the repository rebuilds its history, as if the file had always been so: then what was signed over it
does not enter, or the chain of authority breaks.

The root's own settings and people are signed by nobody: another byte there is another trust root. It is
caught by the next set that names it as predecessor, and for want of one by the pinned root alone (see the
last tests).

    ISODOCS_TAMPER=all pytest tests/tamper/test_every_byte.py
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.statements import content_digest, content_of
from tamper import paper
from tamper.alterations import PICTURE, SLICE, Alteration, alterations, company, everything
from tamper.ledger import Ledger

from isodocs.core.problem import Severity
from isodocs.registers import signatures
from isodocs.rules import engine

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from isodocs.core.library import Library

LEAST = 10_000
FILES = sorted(company().tree)
OF_THE_ROOT = ("isodocs.yml", "people.yml", paper.place("WI-001"))


def chosen(found: Iterable[Alteration]) -> Iterator[Alteration]:
    """All, or every 37th."""
    return (one for number, one in enumerate(found) if everything() or number % SLICE == 0)


def errors(library: Library) -> set[str]:
    """The codes of what blocks."""
    return {one.code for one in engine.run(library) if one.severity is Severity.ERROR}


def standing(library: Library) -> dict[str, tuple[object, ...]]:
    """What readers are shown: by document its status, and which revision of which content is in force."""
    return {
        name: (
            view.status,
            view.in_force and (view.in_force.approval.revision, view.in_force.approval.content),
            [(one.revision, one.content) for one in view.upcoming],
        )
        for name, view in library.views.items()
        if view.life.approvals
    }


def signed_contents(ledger: Ledger) -> set[tuple[str, str]]:
    """Revision and digest of each content that somebody really approved."""
    texts = [written.tree[paper.place("WI-001")] for written in ledger.written]
    pictures = [{}, {}, {"img/valve.png": PICTURE}]
    digests = [
        content_digest(content_of(text, embedded)) for text, embedded in zip(texts, pictures, strict=True)
    ]
    return {("1", digests[0]), ("2", digests[2])}


def shown(library: Library) -> set[tuple[str, str]]:
    """Revision and digest of each content that the fold holds to be approved."""
    return {
        (one.revision, one.content.digest) for view in library.views.values() for one in view.life.approvals
    }


def tells(library: Library) -> bool:
    """Whether ``check`` or ``verify`` says of the whole mainline that something is wrong."""
    return bool(errors(library)) or any(one.fails for one in signatures.findings(library))


def undetected_on_top(one: Alteration) -> str:
    """What goes wrong when the altered file is committed on top; empty if all is well."""
    honest = company().mainline()
    ledger = company().copy().commit({one.path: one.altered}, by="max", when="2026-02-02")
    gate, reader = ledger.pushed(len(ledger.steps) - 1), ledger.mainline()
    if not errors(gate):
        return "the gate lets it in"
    if standing(reader) != standing(honest):
        return f"readers are shown something else: {standing(reader)}"
    governing = reader.state.authority
    if governing is None or governing.digest != paper.set_digest(company().tree):
        return "another set of settings and people governs"
    return "" if tells(reader) else "nobody is told"


def undetected_when_rebuilt(one: Alteration, since: int = 0) -> str:
    """What goes wrong when the file was so from the start; empty if all is well."""
    ledger = company().rebuilt(one.path, one.honest, one.altered)
    if ledger.steps[since].commit.oid == company().steps[since].commit.oid:
        return "the history was not rebuilt"
    evidence = ledger.evidence()
    if not any(state.authority for state in ledger.fold(evidence)):
        return ""  # every command ends: no readable settings and people
    reader = ledger.mainline()
    if not shown(reader) <= signed_contents(company()):
        return f"somebody's approval is shown that nobody gave: {shown(reader)}"
    return "" if tells(reader) or standing(reader) != standing(company().mainline()) else "nobody is told"


def test_the_company_itself_is_well() -> None:
    reader = company().mainline()
    assert not tells(reader)
    assert shown(reader) == signed_contents(company())
    view = reader.views["WI-001"]
    assert view.in_force is not None
    assert view.in_force.approval.revision == "2"
    for number in range(1, len(company().steps)):
        assert not errors(company().pushed(number))


def test_there_are_more_than_ten_thousand_cases() -> None:
    texts = company().tree
    assert {one.rpartition(".")[2] for one in texts} == {"yml", "md", "json", "sig", "png"}
    assert len({(one.path, one.altered) for path in FILES for one in alterations(path, texts[path])}) > LEAST


@pytest.mark.parametrize("path", FILES)
def test_an_altered_byte_on_top_is_refused_and_changes_nothing(path: str) -> None:
    found = {str(one): undetected_on_top(one) for one in chosen(alterations(path, company().tree[path]))}
    assert found
    assert not {name: why for name, why in found.items() if why}


@pytest.mark.parametrize("path", FILES)
def test_an_altered_byte_in_a_rebuilt_history_is_told(path: str) -> None:
    last = len(company().steps) - 1
    found = {
        str(one): undetected_when_rebuilt(one, last)
        for one in chosen(alterations(path, company().tree[path]))
    }
    assert found
    assert not {name: why for name, why in found.items() if why}


@pytest.mark.parametrize("path", OF_THE_ROOT)
def test_an_altered_byte_of_the_root_breaks_the_chain_after_it(path: str) -> None:
    """The first set that was signed names the root's as its predecessor, revision 2 names revision 1."""
    honest = company().written[0].tree[path]
    found = {str(one): undetected_in_the_root(one) for one in chosen(alterations(path, honest))}
    assert found
    assert not {name: why for name, why in found.items() if why}


def undetected_in_the_root(one: Alteration) -> str:
    """What goes wrong when a file of the root was another; a root that cannot be read is none.

    Then the next commit is the root, with the set that the quorum did sign: nothing governs that was not
    signed, but the chain is shorter. Who pinned the root is told.
    """
    why = undetected_when_rebuilt(one)
    if not why:
        return ""
    ledger = company().rebuilt(one.path, one.honest, one.altered)
    (*_, state) = ledger.fold(ledger.evidence())
    later = state.root == ledger.steps[1].commit.oid
    if not later or not state.authority or state.authority.digest != paper.set_digest(company().tree):
        return why
    (*_, pinned) = ledger.fold(ledger.evidence(), root=company().steps[0].commit.oid)
    return "the pinned root lets it pass" if pinned.authority else ""


# --- what the repository alone cannot tell ------------------------------------------------------------


def root_only() -> Ledger:
    """A company whose settings and people were never changed."""
    return Ledger([], [], {}).put(company().written[0])


@pytest.mark.parametrize("path", ["isodocs.yml", "people.yml"])
def test_an_altered_root_is_another_root_and_refused_where_the_root_is_pinned(path: str) -> None:
    """Nothing signs the first register. Who pinned it is safe; who did not trusts who gave him the copy."""
    honest = root_only()
    pinned = honest.steps[0].commit.oid
    assert honest.mainline(root=pinned).state.authority is not None
    found = []
    for one in chosen(alterations(path, honest.tree[path])):
        other = honest.rebuilt(one.path, one.honest, one.altered)
        states = list(other.fold(other.evidence(), root=pinned))
        assert all(state.authority is None and not state.lives for state in states), str(one)
        found.append(one)
    assert found


def test_without_a_pinned_root_a_root_rebuilt_with_another_key_passes() -> None:
    """The limit of what a repository can say of itself: held here so that the manual goes on saying it."""
    tree = dict(root_only().tree)
    statement = next(path for path in tree if path.endswith(".sig"))
    tree["people.yml"] = tree["people.yml"].replace(b"Jane", b"Eve ")
    other = Ledger().commit(tree, when="2026-01-05")
    assert statement in other.tree
    assert not tells(other.mainline())
    assert other.steps[0].commit.oid != root_only().steps[0].commit.oid


def test_blanks_in_a_register_that_is_signed_anew_are_another_set_signed_by_its_quorum() -> None:
    """An alteration that the quorum signs is no tampering: it is a change, on record as one."""
    ledger = company().copy()
    before = paper.set_digest(ledger.tree)
    tree = {**ledger.tree, "people.yml": ledger.tree["people.yml"] + b"\n"}
    both = {**paper.authorised(tree, "jane", before), **paper.authorised(tree, "bob", before)}
    ledger.commit({**tree, **both}, by="jane", when="2026-02-02")
    assert not errors(ledger.pushed(len(ledger.steps) - 1))
    authority = ledger.mainline().state.authority
    assert authority is not None
    assert (authority.digest, authority.predecessor) == (paper.set_digest(tree), before)
