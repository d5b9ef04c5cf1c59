"""The chain of authority: every set of settings and people that governed, back to the trust root.

A link holds if the people whose signatures adopted it are still enough today: a key that may have been in
other hands leaves a link challenged, until fresh statements on the same set stand in for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from isodocs.core.identity import format_time
from isodocs.core.policy import reach
from isodocs.core.settings import ALWAYS_PROTECTED, REGISTER_FILE, SETTINGS_FILE
from isodocs.core.statement import Assurance
from isodocs.registers import stock_tools
from isodocs.registers.protected import changed_files, register_changes, settings_changes

if TYPE_CHECKING:
    from isodocs.core.authority import Key, Register
    from isodocs.core.library import Library
    from isodocs.core.life import Adoption, Judged, State
    from isodocs.core.settings import Settings

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Link:
    """One set that governed, with what its signatures are worth today.

    Attributes:
        number: 0 is the trust root.
        adoption: as the fold tells it.
        items: the statements that counted.
        fresh: valid statements on the same set that came later.
        doubted: digests of those of both whose key may have been in other hands.
        settings: as they stand in this set.
        register: likewise.
        holds: whether signatures that are not in doubt reach the quorum; the trust root needs none.
    """

    number: int
    adoption: Adoption
    items: tuple[Judged, ...]
    fresh: tuple[Judged, ...]
    doubted: frozenset[str]
    settings: Settings
    register: Register
    holds: bool

    @property
    def is_root(self) -> bool:
        """Whether it is the trust root, which nothing vouches for."""
        return self.number == 0


def links(library: Library) -> list[Link]:
    """Every set that governed on the mainline, oldest first.

    Args:
        library: a mainline, a branch or a snapshot; of a branch, what is on the mainline.
    """
    state = library.base or library.state
    return [_link(library, state, number, one) for number, one in enumerate(state.adoptions)]


def _link(library: Library, state: State, number: int, adoption: Adoption) -> Link:
    judged = {item.digest: item for item in state.authority_log}
    items = tuple(judged[digest] for digest in adoption.statements)
    fresh = tuple(item for item in state.authority_log if _is_fresh(item, adoption))
    doubted = frozenset(item.digest for item in (*items, *fresh) if in_doubt(library, item))
    sound = [item for item in (*items, *fresh) if item.digest not in doubted]
    settings, register = read_set(library, adoption)
    return Link(
        number,
        adoption,
        items,
        fresh,
        doubted,
        settings,
        register,
        holds=number == 0 or reach(sound) >= adoption.quorum,
    )


def _is_fresh(item: Judged, adoption: Adoption) -> bool:
    """Whether it says again, after the set was adopted, what adopted it."""
    statement = item.statement
    return (
        item.valid
        and not item.weak
        and item.step > adoption.step
        and statement.role == adoption.role
        and statement.predecessor == adoption.predecessor
        and statement.content.digest in {adoption.digest, adoption.signed}
    )


def in_doubt(library: Library, item: Judged) -> bool:
    """Whether the key that signed it may have been in other hands when it entered, as is known today."""
    register, zone = library.register, library.settings.zone
    return any(key.compromised(item.time, zone) for _, key in register.keys_of(item.key))


def read_set(library: Library, adoption: Adoption) -> tuple[Settings, Register]:
    """Settings and people as they stand in an adopted set."""
    names, evidence = dict(adoption.content.embedded), library.evidence
    source, people = (evidence.object_of(names[path]) for path in (SETTINGS_FILE, REGISTER_FILE))
    settings, register = evidence.settings[source], evidence.registers[people]
    assert settings is not None  # noqa: S101 - what was adopted could be read
    assert register is not None  # noqa: S101
    return settings, register


def governing(chain: list[Link], step: int) -> Link:
    """The set that governed what entered at a step: the last one adopted before it, at the root its own."""
    return next((one for one in reversed(chain) if one.adoption.step < step), chain[0])


def rows(library: Library, *, named: str | None) -> list[Row]:
    """One row a link, oldest first.

    Args:
        library: as for ``links``.
        named: how whoever asks named the trust root; None if not at all. Only a commit's whole id pins it:
            a branch or a tag can be moved, a short id can be met by another commit.

    Returns:
        Rows with ``link`` (0 is the trust root), ``root``, ``pinned`` and ``named`` (null but for the
        root), ``current`` (it governs), ``commit``, ``entered``; ``content`` (digest of the set),
        ``signed_content`` (digest of what was signed, which may hold files no longer protected),
        ``predecessor``; ``role``, ``role_title``, ``quorum``, ``reached``, ``recovered``; ``challenged``,
        ``holds``, ``why``; ``signatures``; ``files`` (path, change, sha256), ``sha256`` (of settings and
        people), ``changes`` (in words); ``see``: commands that show it with stock tools.
    """
    chain = links(library)
    return [_row(library, chain, one, named=named) for one in chain]


def _row(library: Library, chain: list[Link], link: Link, *, named: str | None) -> Row:
    one = link.adoption
    before = None if link.is_root else chain[link.number - 1]
    past = None if one.commit == named else _past_before_root(library, link)
    role = before.register.roles.get(one.role) if before else None
    return {
        "link": link.number,
        "root": link.is_root,
        "pinned": named == one.commit if link.is_root else None,
        "named": named if link.is_root else None,
        "current": link is chain[-1],
        "commit": one.commit or None,
        "entered": format_time(one.time),
        "content": one.digest,
        "signed_content": None if link.is_root else one.signed,
        "predecessor": one.predecessor,
        "role": one.role or None,
        "role_title": role.title if role else None,
        "quorum": None if link.is_root else one.quorum,
        "reached": None if link.is_root else one.reached,
        "recovered": one.recovered,
        "challenged": not link.holds,
        "holds": link.holds and past is None,
        "why": past or ("" if link.holds else _why(link)),
        "signatures": [_signature(library, before, link, item) for item in (*link.items, *link.fresh)],
        "files": changed_files(before, link),
        "sha256": {path: dict(one.content.embedded).get(path) for path in ALWAYS_PROTECTED},
        "changes": []
        if before is None
        else [
            *settings_changes(before.settings, link.settings),
            *register_changes(before.register, link.register),
        ],
        "see": _see(library, link),
    }


def _past_before_root(library: Library, link: Link) -> str | None:
    """Why a root that nobody pinned is in doubt: its own set was signed as the one after another."""
    if not link.is_root:
        return None
    for item in (library.base or library.state).authority_log:
        statement = item.statement
        if (
            item.step == link.adoption.step
            and statement.content.digest == link.adoption.signed
            and statement.predecessor not in {None, link.adoption.digest}
        ):
            return (
                f"{library.register.name_on(statement)} signed this set as the one after "
                f"{statement.predecessor}, which this history does not hold: something was taken out before "
                "it. If the trust root was set anew on purpose, pin it"
            )
    return None


def _see(library: Library, link: Link) -> Row:
    """How the link is seen with stock tools: that its commit is on the mainline, and what its files are."""
    commit = link.adoption.commit
    return {
        "mainline": stock_tools.on_mainline(library.state.commit, commit) if commit else None,
        "files": [stock_tools.digest(commit, path) for path in ALWAYS_PROTECTED] if commit else [],
    }


def _why(link: Link) -> str:
    sound = reach(item for item in (*link.items, *link.fresh) if item.digest not in link.doubted)
    keys = "a key" if len(link.doubted) == 1 else "keys"
    return (
        f"it was signed with {keys} that may have been in other hands; without "
        f"{'it' if len(link.doubted) == 1 else 'them'} {sound} of {link.adoption.quorum} people have signed"
    )


def _signature(library: Library, before: Link | None, link: Link, item: Judged) -> Row:
    """A statement that stands behind a link, with the key's entry in the register that governed then."""
    statement = item.statement
    commit, path = stock_tools.place(library, item)
    key = key_entry(before.register, item) if before else None
    return {
        "person": statement.person,
        "signer": statement.signer,
        "name": library.register.name_on(statement),
        "role": statement.role,
        "time": statement.time,
        "claimed": statement.assurance is not Assurance.WITNESSED,
        "entered": format_time(item.time),
        "commit": item.commit or None,
        "counted": item.digest in link.adoption.statements,
        "doubted": item.digest in link.doubted,
        "reason": statement.reason,
        "key": item.key,
        "fingerprint": item.fingerprint,
        "key_valid": key_period(key),
        "path": path,
        "statement": item.digest,
        "see": {
            "statement": stock_tools.blob(commit, path),
            "signature": stock_tools.signature(item, commit, path),
        },
    }


def key_entry(register: Register, item: Judged) -> Key | None:
    """The entry of the key that signed, with its signer."""
    return next((key for who, key in register.keys_of(item.key) if who == item.statement.signer), None)


def key_period(key: Key | None) -> Row | None:
    """From when until when a key counts; dates are days in the company's time zone."""
    if key is None:
        return None
    return {
        "from": key.from_.isoformat(),
        "until": key.until.isoformat() if key.until else None,
        "revoked": {
            "on": key.revoked.on.isoformat(),
            "compromised_since": key.revoked.compromised_since.isoformat()
            if key.revoked.compromised_since
            else None,
            "reason": key.revoked.reason,
        }
        if key.revoked
        else None,
    }
