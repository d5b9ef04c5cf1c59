"""Making the statement that somebody would sign now: what it is about, who says it, in which role."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from isodocs.commands import desk as desks
from isodocs.core import proposal
from isodocs.core.document import resolve
from isodocs.core.identity import id_in_filename, local_day, parse_date
from isodocs.core.policy import requirement
from isodocs.core.problem import CannotRun
from isodocs.core.settings import ALWAYS_PROTECTED
from isodocs.core.statement import WITHOUT_ROLE, Assurance, Meaning, Statement, encode
from isodocs.core.statement_reader import UnreadableStatement, read

if TYPE_CHECKING:
    from collections.abc import Iterable

    from isodocs.core.library import Library
    from isodocs.core.proposal import Subject
    from isodocs.signing.signer import Signer
    from isodocs.workspace import Desk

ASKS_REASON = frozenset({Meaning.RETURNED, Meaning.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Wish:
    """What the command line asks for, beyond documents and meaning."""

    role: str | None = None
    key: str | None = None
    reason: str | None = None
    next_review: str | None = None
    revision: str | None = None
    unsigned_as: str | None = None
    stands_for: str | None = None
    waiting: bool = False
    yes: bool = False
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Proposed:
    """A statement that could be signed now; ``about`` is None for settings and people."""

    about: Subject | None
    made: Statement


def checked(meaning: Meaning, wish: Wish) -> Wish:
    """The wish, with its texts cleaned of needless space.

    Raises:
        CannotRun: a reason is missing or no plain text, a date is none, or two options exclude each other.
    """
    reason = " ".join((wish.reason or "").split()) or None
    if meaning in ASKS_REASON and reason is None:
        raise CannotRun("A reason is needed and stays on record: add --reason 'why'.")
    if reason is not None and not reason.isprintable():
        raise CannotRun("The reason holds a character that cannot be shown; write it as plain text.")
    if wish.next_review and parse_date(wish.next_review) is None:
        raise CannotRun(f"'{wish.next_review}' is no date such as 2028-06-01.")
    if wish.unsigned_as and (wish.key or wish.stands_for):
        given = "--key" if wish.key else "--for"
        raise CannotRun(f"Either {given} or --unsigned-as: a statement with a key is signed.")
    return replace(wish, reason=reason)


class Sitting:
    """Somebody at a desk, about to sign: with one key, for himself or as a deputy.

    The key is looked for when it is first needed, so that a mistyped document is told before it.

    Attributes:
        desk: where he sits.
        wish: what he asked for.
    """

    def __init__(self, wish: Wish, mainline: str | None, trust_root: str | None) -> None:
        self.desk: Desk = desks.sit(mainline, trust_root)
        self.wish = wish
        self._where = (mainline, trust_root)

    @property
    def library(self) -> Library:
        """What is committed here, as the next step of the mainline."""
        return self.desk.library

    @cached_property
    def key(self) -> Signer | None:
        """The key; None for a statement without signature.

        Raises:
            CannotRun: there is none that can be used.
        """
        return None if self.wish.unsigned_as else desks.find_signer(self.desk.repository, self.wish.key)

    @cached_property
    def signer(self) -> str:
        """Whose key it is, or who stands on the statement without one.

        Raises:
            CannotRun: nobody of the register.
        """
        if self.key is not None:
            return desks.holder(self.desk, self.key)
        return self._known(self.wish.unsigned_as or "")

    @cached_property
    def person(self) -> str:
        """For whom it is signed: the signer himself, or whom he stands for.

        Raises:
            CannotRun: nobody of the register.
        """
        if self.wish.stands_for in {None, self.signer}:
            return self.signer
        return self._known(self.wish.stands_for or "")

    @cached_property
    def newer(self) -> Library | None:
        """The mainline as it stands now, where it has gone on since this branch left it."""
        return desks.newer_mainline(self.desk, *self._where)

    def _known(self, person: str) -> str:
        if person not in proposal.governing(self.library).register.people:
            raise CannotRun(f"There is no person {person} in people.yml.")
        return person

    def propose(self, name: str, meaning: Meaning) -> Proposed:
        """The statement about a document that would be signed now.

        Raises:
            CannotRun: it could not count; the sentence says why and what to do.
        """
        if name not in self.library.views:
            desks.refuse_unsaved(
                self.desk, {path for path in self.desk.unsaved if id_in_filename(path) == name}
            )
        about = proposal.subject(self.library, name, meaning, self.wish.revision)
        if about.approval is None:
            desks.refuse_unsaved(self.desk, _files(about))
        made = proposal.statement(
            self.library,
            about,
            meaning,
            self.person,
            role=self._role(about, meaning),
            reason=self.wish.reason,
            next_review=self.wish.next_review,
            assurance=Assurance.SIGNED if self.key else Assurance.UNSIGNED,
            signer=self.signer,
        )
        self._refuse_past(made)
        self._refuse_stale(about, meaning)
        _refuse_oversize(made)
        return Proposed(about, made)

    def propose_authority(self) -> Proposed:
        """The statement over settings, people and protected files that would be signed now.

        Raises:
            CannotRun: as for ``propose``.
        """
        current = self.library.state.protected
        files = {path for path, _ in current.embedded} if current else set()
        desks.refuse_unsaved(self.desk, {*ALWAYS_PROTECTED, *files, *self._protected()})
        try:
            made = proposal.authority_statement(
                self.library, self.person, self.wish.reason, signer=self.signer, role=self.wish.role
            )
        except CannotRun as fault:
            raise CannotRun(f"{fault}{self._authority_as_deputy(str(fault))}") from None
        if self.newer and proposal.governing(self.newer).digest != made.predecessor:
            name = self.newer.settings.mainline
            raise CannotRun(
                f"Settings or people were changed on {name} since this branch left it. "
                f"Bring the branch up to date first: git merge {name}"
            )
        _refuse_oversize(made)
        return Proposed(None, made)

    def _authority_as_deputy(self, fault: str) -> str:
        role = proposal.governing(self.library).settings.authority.role
        if self.wish.stands_for is not None or "may not change them" not in fault:
            return ""
        return self._for_whom(
            person for person, one in proposal.deputised(self.library, self.signer) if one == role
        )

    def _protected(self) -> set[str]:
        """The changed paths that the settings that govern protect, such as a new theme file."""
        scope = proposal.governing(self.library).scope
        return {path for path in self.desk.unsaved if scope.protects(path)}

    def _role(self, about: Subject, meaning: Meaning) -> str | None:
        """The role to sign in: the one that is asked and held, or the one that was named."""
        if meaning in WITHOUT_ROLE:
            return None
        wanted = self.wish.role
        try:
            roles = proposal.roles_to_sign(self.library, about, meaning, self.person, signer=self.signer)
        except CannotRun as fault:
            raise CannotRun(f"{fault}{self._as_deputy(about, meaning)}") from None
        if wanted is None:
            if len(roles) > 1:
                raise CannotRun(f"You can sign in several roles; choose one with --role: {', '.join(roles)}.")
            return roles[0]
        held = proposal.roles_held(self.library, about, meaning, self.person, signer=self.signer)
        if wanted not in held:
            raise CannotRun(f"You cannot sign this as {wanted}; you can as: {', '.join(sorted(held))}.")
        return wanted

    def _as_deputy(self, about: Subject, meaning: Meaning) -> str:
        """For whom he could sign as a deputy, as a further sentence; empty if for nobody."""
        if self.wish.stands_for is not None:
            return ""
        return self._for_whom(
            person
            for person, role in proposal.deputised(self.library, self.signer)
            if role in _asked(self.library, about, meaning)
        )

    def _for_whom(self, people: Iterable[str]) -> str:
        authority = proposal.governing(self.library)
        named = [f"{authority.register.people[one].name} (--for {one})" for one in sorted(set(people))]
        return f" As a deputy you can sign for {' or '.join(named)}." if named else ""

    def _refuse_past(self, made: Statement) -> None:
        wanted = parse_date(made.next_review or "")
        zone = proposal.governing(self.library).settings.timezone
        if wanted and wanted <= local_day(self.library.moment, zone):
            raise CannotRun(f"The next review, {wanted}, must be after today.")

    def _refuse_stale(self, about: Subject, meaning: Meaning) -> None:
        """What the mainline decided since this branch left it would make the signature void."""
        if self.newer is None:
            return
        life = self.newer.state.life(about.id)
        if about.approval is None:
            stale = life.predecessor != about.predecessor
        elif meaning is Meaning.WITHDRAWN:
            stale = life.predecessor != about.content.digest
        else:
            in_force = life.in_force(self.library.moment)
            stale = meaning is Meaning.REAFFIRMED and (in_force is None or in_force.content != about.content)
        if stale:
            name = self.newer.settings.mainline
            raise CannotRun(
                f"{about.id} has moved on: {name} decided on it since this branch left it. "
                f"Bring the branch up to date first (git merge {name}); a draft then needs the next number."
            )


def _asked(library: Library, about: Subject, meaning: Meaning) -> frozenset[str]:
    asked = requirement(proposal.governing(library).settings, about.document, meaning)
    return asked.roles if asked else frozenset()


def _files(about: Subject) -> frozenset[str]:
    embedded = (resolve(about.path, target) for target, _ in about.content.embedded)
    return frozenset({about.path, *(path for path in embedded if path)})


def _refuse_oversize(made: Statement) -> None:
    try:
        read(encode(made))
    except UnreadableStatement as fault:
        raise CannotRun(f"The statement would be refused, since {fault}. Is the reason too long?") from None
