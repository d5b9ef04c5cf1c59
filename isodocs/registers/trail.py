"""The evidence of one document as a path: from its text over signatures, keys and people to the trust root.

Every hop can be followed with git, ``sha256sum`` and ``ssh-keygen`` alone; the commands stand beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from isodocs.core.document import resolve
from isodocs.core.identity import format_time
from isodocs.core.settings import REGISTER_FILE
from isodocs.core.statement import ON_APPROVED_REVISION, Assurance, Meaning
from isodocs.registers import stock_tools
from isodocs.registers.chain import governing, in_doubt, key_entry, key_period, links

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from isodocs.core.authority import Grant
    from isodocs.core.library import Library
    from isodocs.core.life import Approval, Judged
    from isodocs.core.status import DocumentView, RevisionView
    from isodocs.registers.chain import Link

Row = dict[str, Any]

_DECIDES = frozenset({Meaning.APPROVED, Meaning.AUTHORED, *ON_APPROVED_REVISION}) - {Meaning.ACKNOWLEDGED}


def trail(library: Library, name: str) -> Row | None:
    """The path from a document's revision in force, else its last approved one, to the trust root.

    Args:
        library: the mainline.
        name: the document.

    Returns:
        ``text`` (its files), ``statements`` (those that decide on the revision, and of who wrote it; each
        with its key, the entry of the register and the link of the chain that governed), ``links`` (their
        numbers, down to 0); None where no revision was approved.
    """
    view = library.views.get(name)
    one = _revision(view) if view else None
    if view is None or one is None:
        return None
    chain = links(library)
    approval = one.approval
    deciding = [item for item in one.signatures if item.valid and item.statement.meaning in _DECIDES]
    statements = [_statement(library, chain, approval, item) for item in _by_time(deciding)]
    last = max((row["link"] for row in statements), default=0)
    return {
        "id": name,
        "title": approval.document.title,
        "revision": approval.revision,
        "status": one.status.value,
        "effective_from": _time(one.effective_from),
        "effective_until": _time(one.effective_until),
        "approved": format_time(approval.time),
        "commit": approval.commit,
        "asked": sorted(approval.requirement.roles),
        "writers": sorted(approval.seen_writers | _named(deciding)),
        "challenged": one.challenged,
        "content": approval.content.digest,
        "text": _text(library, approval),
        "statements": statements,
        "links": list(range(last, -1, -1)),
        "root": library.state.root,
    }


def _revision(view: DocumentView) -> RevisionView | None:
    return view.in_force or (view.revisions[-1] if view.revisions else None)


def _by_time(items: Iterable[Judged]) -> list[Judged]:
    return sorted(items, key=lambda item: (item.step, item.statement.time, item.digest))


def _named(items: Iterable[Judged]) -> set[str]:
    return {writer for item in items for writer in item.statement.writers}


def _time(moment: int | None) -> str | None:
    return None if moment is None else format_time(moment)


def _text(library: Library, approval: Approval) -> list[Row]:
    """The document's file and those that it embeds, as they were when it was approved."""
    files = [(approval.path, approval.content.document or "")]
    files += [(resolve(approval.path, path) or path, digest) for path, digest in approval.content.embedded]
    return [
        {
            "path": path,
            "sha256": digest,
            "blob": library.evidence.object_of(digest) or None,
            "see": stock_tools.digest(approval.commit, path),
        }
        for path, digest in files
    ]


def _statement(library: Library, chain: list[Link], approval: Approval, item: Judged) -> Row:
    statement = item.statement
    link = governing(chain, item.step)
    commit, path = stock_tools.place(library, item)
    approves = statement.meaning is Meaning.APPROVED
    return {
        "meaning": statement.meaning.value,
        "person": statement.person,
        "signer": statement.signer,
        "name": library.register.name_on(statement),
        "role": statement.role,
        "time": statement.time,
        "claimed": statement.assurance is not Assurance.WITNESSED,
        "assurance": statement.assurance.value,
        "entered": format_time(item.time),
        "counts": not item.weak and (not approves or approval.requirement.counts(item)),
        "doubted": in_doubt(library, item),
        "commit": commit,
        "path": path,
        "statement": item.digest,
        "key": item.key or None,
        "fingerprint": item.fingerprint or None,
        "key_valid": key_period(key_entry(link.register, item)),
        "roles": _roles(link, item),
        "link": link.number,
        "register": {"commit": link.adoption.commit, "path": REGISTER_FILE},
        "see": _commands(item, link, commit, path),
    }


def _roles(link: Link, item: Judged) -> list[Row]:
    """By which grants the signer could sign: the role; for somebody else, also one that is deputy for it.

    Returns:
        Rows with ``person`` (who holds it), ``role``, ``from``, ``until``, and ``deputy_for``: the role that
        it stands in for, null for the role itself.
    """
    role, signer, person = item.statement.role, item.statement.signer, item.statement.person
    found = []
    for who in dict.fromkeys((signer, person)):
        entry = link.register.people.get(who)
        for grant in entry.roles if entry else ():
            known = link.register.roles.get(grant.role)
            deputises = known is not None and known.deputy_for == role and who == signer != person
            if (deputises or (grant.role == role and who == person)) and grant.holds(
                item.time, link.settings.zone
            ):
                found.append(_grant(who, grant, role if deputises else None))
    return found


def _grant(who: str, grant: Grant, deputy_for: str | None) -> Row:
    until = grant.until.isoformat() if grant.until else None
    return {
        "person": who,
        "role": grant.role,
        "from": grant.from_.isoformat(),
        "until": until,
        "deputy_for": deputy_for,
    }


def _commands(item: Judged, link: Link, commit: str, path: str) -> Mapping[str, str | None]:
    """How each hop is seen with stock tools, in the order in which one goes."""
    return {
        "statement": stock_tools.blob(commit, path),
        "entered": stock_tools.when(item.commit),
        "signature": stock_tools.signature(item, commit, path),
        "key": stock_tools.entry_of_key(item, link.adoption.commit, REGISTER_FILE),
    }
