"""Who wrote a document, by the commits that brought its contents (DESIGN, 4, *Independence*)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from history.brute import brought, same_words
from history.policy import independence, satisfied
from model.reading import read_statement

if TYPE_CHECKING:
    from collections.abc import Iterable

    from history.brute import Content
    from history.fold import Fold
    from history.objects import Commit, Source
    from model.reading import Authority, Statement

TELLING = ("approved", "authored", "reviewed")


class Writers(NamedTuple):
    """Who wrote, and whether a commit that brings text and approvals together hides a branch."""

    people: frozenset[str]
    carried: bool


def writing(
    fold: Fold, name: str, commits: Iterable[str], approved: Content | None, *, substantive: bool
) -> set[str]:
    """The commits of a range that write a document.

    Args:
        fold: knows the documents of every commit, and who is before whom.
        name: the document's id.
        commits: the range.
        approved: the last approved content, which nobody of the range wrote.
        substantive: a commit that leaves the words as a parent has them makes nobody a writer.
    """
    here = {oid: fold.shelf_of(oid).shown(name) for oid in commits}
    parents = {
        oid: [fold.shelf_of(one).shown(name) for one in fold.source.commits[oid].parents] for oid in here
    }
    # Choice: an ancestor of the range had a content when it brought it. What it only kept from before the
    # last approval, as an old branch does, excuses nobody who brings that back.
    new = {oid: brought(here[oid], parents[oid]) for oid in here}
    found = set()
    for oid, contents in new.items():
        before = {content for one in here if fold.graph.before(one, oid) for content in new[one]}
        fresh = contents - before - {approved}
        if fresh and not (substantive and same_words(fresh, here[oid], parents[oid])):
            found.add(oid)
    return found


def writers_of(
    fold: Fold,
    name: str,
    rules: Authority,
    about: list[Statement],
    base: str | None,
    approved: Content | None,
) -> Writers:
    """Who wrote what stands under an id in the last tree, in the commits that ``base`` does not contain.

    Args:
        fold: up to the last tree.
        name: the document's id.
        rules: gives the names.
        about: the standing statements on the content.
        base: the step of the last approval or withdrawal.
        approved: the last approved content.
    """
    source, found = fold.source, fold.shelf.only(name)
    substantive = independence(name, rules) == "substantive-author"
    commits = fold.graph.without(base, fold.chain[-1])
    people: set[str] = set()
    carried = False
    for oid in writing(fold, name, commits, approved, substantive=substantive):
        own = _brought(source, oid, about)
        approvals = [one for one in own if one.said("meaning") == "approved"]
        if found and satisfied(found[1], approvals, rules, "approved"):
            carried = True
            people |= _behind(source.commits[oid], own, rules)
        else:
            people |= names_of(source.commits[oid], rules)
    return Writers(frozenset(people), carried)


def names_of(commit: Commit, rules: Authority) -> set[str]:
    """The writers of an ordinary commit: its author, or the committer known in his stead, and co-authors."""
    return {_author(commit, rules), *_helpers(commit, rules)}


def _author(commit: Commit, rules: Authority) -> str:
    who = rules.by_address
    return who(commit.author.lower()) or who(commit.committer.lower()) or "?"


def _helpers(commit: Commit, rules: Authority) -> set[str]:
    return {rules.by_address(one.lower()) or "?" for one in commit.helpers}


def _behind(commit: Commit, own: list[Statement], rules: Authority) -> set[str]:
    """The writers of a commit that brings text and the approvals that satisfy the policy."""
    author = _author(commit, rules)
    signers = {one.said("signer") for one in own}
    telling = [one for one in own if one.said("meaning") in TELLING and author not in one.writers]
    by_others = [one.hands for one in telling if author not in one.hands]
    # An unknown author may be anybody: two people must say it.
    excused = bool(by_others) and (author != "?" or not set.intersection(*by_others))
    return (_helpers(commit, rules) - signers) | (set() if excused else {author})


def _brought(source: Source, oid: str, about: list[Statement]) -> list[Statement]:
    """The statements whose files differ in a commit from those of every parent."""
    mine = source.files(oid)
    theirs = [source.files(parent) for parent in source.commits[oid].parents]
    blobs = {
        entry.oid
        for path, entry in mine.items()
        if path.startswith("signatures/")
        and path.endswith(".json")
        and all(other.get(path) != entry for other in theirs)
    }
    held = {read_statement(source.blob(oid)).sha for oid in blobs}
    return [one for one in about if one.sha in held]
