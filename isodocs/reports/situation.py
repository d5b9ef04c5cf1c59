"""What a person should know before he signs, beside the change itself: dates, returns, missing authors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from isodocs.core import judging
from isodocs.core.identity import local_day, parse_date
from isodocs.core.lifecycle import capped
from isodocs.core.statement import Meaning
from isodocs.core.subject import governing
from isodocs.core.text import visible
from isodocs.registers.signatures import findings
from isodocs.rules.links.targets import targets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isodocs.core.library import Library
    from isodocs.core.statement import Statement
    from isodocs.core.subject import Subject


def remarks(library: Library, about: Subject, made: Statement) -> list[str]:
    """Sentences for the person who is about to sign, with full stops; none where nothing is unusual.

    Args:
        library: what is committed on the branch, as the next step of the mainline.
        about: what is to be signed.
        made: what will be signed.
    """
    found = [*_review(library, about, made), *_coming(library, about)]
    if about.approval is None:
        found += [*_returned(library, about), *_dates(library, about), *_withdrawn(library, about)]
        found += _idle(library, about)
    if made.meaning in {Meaning.REAFFIRMED, Meaning.WITHDRAWN}:
        found.append(f"Its text: isodocs show {made.id} --revision {made.revision}")
    if made.meaning is Meaning.REAFFIRMED:
        found += _next_review(library, about, made)
    if made.meaning is Meaning.WITHDRAWN:
        found += _linking(library, about)
    return found


def _review(library: Library, about: Subject, made: Statement) -> Iterator[str]:
    view = library.base_views.get(about.id)
    if view is None or not view.overdue or made.meaning is Meaning.ACKNOWLEDGED:
        return
    yield f"The review of the revision in force is overdue: it was due on {view.review_due}."


def _coming(library: Library, about: Subject) -> Iterator[str]:
    """A revision that is approved and not in force yet."""
    view = library.base_views.get(about.id)
    for one in view.upcoming if view else ():
        day = local_day(one.effective_from, library.settings.timezone)
        yield f"Revision {one.revision} is approved and takes effect on {day}, not before."


def _returned(library: Library, about: Subject) -> Iterator[str]:
    for said in _bars(library, about):
        reason = visible(said.reason or "no reason was given").rstrip(".")
        name = library.register.name_on(said)
        yield f"{name} returned it on {said.time[:10]}: {reason}. It waits until he approves it himself."


def _linking(library: Library, about: Subject) -> Iterator[str]:
    """The documents whose links would lead to what is withdrawn (LN104 tells of them afterwards)."""
    sources = sorted({one.source for one in targets(library) if one.name == about.id} - {about.id})
    if sources:
        verb = "links" if len(sources) == 1 else "link"
        yield f"{', '.join(map(visible, sources))} {verb} to it, and will need a revision that does not."


def _bars(library: Library, about: Subject) -> list[Statement]:
    """The returns of this text that were not taken back by an approval of the same person."""
    life = library.state.life(about.id)
    if not judging.barred(life, about.content):
        return []
    later = {item.statement.person: item for item in life.valid(Meaning.APPROVED, about.content)}
    return [
        item.statement
        for item in life.valid(Meaning.RETURNED, about.content)
        if not item.weak
        and not (
            (lifted := later.get(item.statement.person)) is not None
            and (lifted.step, lifted.statement.time) > (item.step, item.statement.time)
        )
    ]


def returned_by(library: Library, about: Subject, made: Statement) -> tuple[str, ...]:
    """The names of those whose return still bars the text once this approval is there."""
    if about.approval is not None or made.meaning is not Meaning.APPROVED:
        return ()
    names = {library.register.name_on(one) for one in _bars(library, about) if one.person != made.person}
    return tuple(sorted(names))


def _idle(library: Library, about: Subject) -> Iterator[str]:
    """Statements under the same number that do not count: void, badly signed, foreign or unreadable."""
    folder = f"signatures/{about.id}/{about.document.revision}/"
    for one in findings(library, about.id):
        if one.fails and one.path.startswith(folder):
            yield f"{visible(one.path)} does not count: {visible(one.why)} [{one.code}]."


def _dates(library: Library, about: Subject) -> Iterator[str]:
    document, today = about.document, library.today
    if document.effective_date and document.effective_date > today:
        yield f"It takes effect on {document.effective_date}, not before."
    if document.review_date and document.review_date <= today:
        yield f"Its review date, {document.review_date}, is not after today: it will be overdue at once."


def _withdrawn(library: Library, about: Subject) -> Iterator[str]:
    if about.before.withdrawn:
        last = about.before.withdrawals[-1]
        day = local_day(last.time, library.settings.timezone)
        why = f" ({visible(last.reason)})" if last.reason else ""
        yield f"{about.id} was withdrawn on {day}{why}: its approval puts it back into force."


def _next_review(library: Library, about: Subject, made: Statement) -> Iterator[str]:
    wanted = parse_date(made.next_review or "")
    due = capped(wanted, about.document.type, library.moment, governing(library).settings)
    if due != wanted:
        yield f"Its type's interval sets the next review to {due}."


def authors_missing(library: Library, about: Subject, made: Statement) -> tuple[str, ...]:
    """The writers whose own statement the policy asks for and who have not signed it, sorted.

    ``prepared: signed`` of the document's type asks for it.
    """
    kind = governing(library).settings.types.get(about.document.type)
    if kind is None or kind.prepared != "signed" or about.approval is not None:
        return ()
    if made.meaning not in {Meaning.APPROVED, Meaning.AUTHORED, Meaning.REVIEWED}:
        return ()
    said = library.state.life(about.id).valid(Meaning.AUTHORED, about.content)
    done = {item.statement.person for item in said if not item.weak}
    done |= {made.person} if made.meaning is Meaning.AUTHORED else set()
    return tuple(sorted(frozenset(made.writers) - done))
