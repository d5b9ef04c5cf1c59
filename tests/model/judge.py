"""How the naive model judges the statements of one step, under the authority of the step before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.naive import (
    NEED_NO_ROLE,
    UPON_APPROVED,
    Approved,
    Draft,
    Life,
    Tree,
    Verdict,
    rank,
    satisfied,
    strong,
)
from model.reading import signed_by

if TYPE_CHECKING:
    from model.fold import Fold
    from model.objects import Commit
    from model.reading import Authority, Statement, Text

UNKNOWN = "?"
WRITERS_TOLD_BY = ("approved", "authored", "reviewed")


class Judge:
    """Judges the statements of one step, under the authority of the step before."""

    def __init__(self, fold: Fold, rules: Authority, tree: Tree) -> None:
        self.fold, self.rules, self.tree = fold, rules, tree
        self.step, self.time = len(fold.steps) - 1, fold.times[-1]
        self.passing: list[Statement] = []
        self.keys: dict[str, str] = {}

    def all(self) -> set[str]:
        """Judge what the tree holds and was not judged; returns the digests of what has entered."""
        codes, self.fold.waiting = {}, {}
        for sha, (statement, proof) in self.tree.statements.items():
            if sha not in self.fold.verdicts:
                code = self.upto_independence(statement, proof)
                if code in ("AP105", "AP109"):
                    self.fold.waiting[sha] = code
                    continue
                codes[sha] = code
                if not code:
                    self.passing.append(statement)
        read = {sha: self.tree.statements[sha][0] for sha in codes}
        final = {sha: code or self.independence(read[sha]) for sha, code in codes.items()}
        for sha, code in final.items():
            self.fold.verdicts[sha] = Verdict(read[sha], code, self.step, self.time, self.weak(read[sha]))
        return set(codes)

    def weak(self, one: Statement) -> bool:
        """Whether its assurance is below what the policy of its meaning asks."""
        kind = self.rules.kind(one.said("id").partition("-")[0])
        policy = kind and (kind.get(one.said("meaning")) or kind["approved"])
        if one.said("meaning") == "authority":
            # Choice: the assurance of what changes settings and register is not asked for, only its device.
            asked = self.rules.rule.get("user_verification", "false")
            policy = {"assurance": "unsigned", "user_verification": asked}
        return bool(one.says) and isinstance(policy, dict) and not strong(policy, one)

    def upto_independence(self, one: Statement, proof: bytes) -> str:
        """The first thing that is wrong; AP109 while it names nothing, "" if all is right."""
        if not one.says or one.said("qms") != self.rules.settings["qms"]:
            return "AP108"
        if not self.names_something(one):
            return "AP109"
        return self.signature(one, proof) or self.lineage(one)

    def signature(self, one: Statement, proof: bytes) -> str:
        """Signature, key, person and role."""
        return ("" if one.said("assurance") == "unsigned" else self.key(one, proof)) or self.role(one)

    def key(self, one: Statement, proof: bytes) -> str:
        """Whether the signature verifies, by a key that is valid, of the signer."""
        found = signed_by(self.tree.bytes_of(one.sha), proof)
        if found is None:
            return "AP105"
        self.keys[one.sha] = found.key
        holder = self.rules.holder(found.key, self.time)
        if holder is None:
            return "AP106"
        return "" if holder == one.said("signer") else "AP103"

    def role(self, one: Statement) -> str:
        """Whether the person held the role where one is needed, and the signer is he or his deputy."""
        person, role, himself = one.said("person"), one.said("role"), one.hands == {one.said("person")}
        if one.said("meaning") in NEED_NO_ROLE:
            return "" if himself and person in self.rules.people else "AP103"
        if not role or not self.rules.holds(person, role, self.time):
            return "AP103"
        if one.said("meaning") == "authority":
            usual = role == self.rules.rule["role"]
            if role not in self.rules.changes() or not (usual or himself):
                return "AP103"
        return "" if himself or self.rules.stands_in(one.said("signer"), role, self.time) else "AP103"

    def names_something(self, one: Statement) -> bool:
        """Whether the tree holds what the statement names, or it was approved before."""
        if one.said("meaning") == "authority":
            return one.content == self.proposed()
        if len(self.tree.texts.get(one.said("id"), [])) > 1:
            return False
        known = self.fold.life(one.said("id")).naming(one.content)
        if one.said("meaning") in UPON_APPROVED:
            return known is not None
        # Choice: what is approved needs no text in the tree for any meaning, not for `approved` alone.
        if known:
            return True
        return one.content == self.tree.content(one.said("id"))

    def proposed(self) -> str:
        """The protected set as the tree stands, under the old patterns and, if readable, its own."""
        own = self.tree.authority.patterns if self.tree.authority else ()
        return self.tree.protected((*self.rules.patterns, *own))

    def lineage(self, one: Statement) -> str:
        """Predecessor and number."""
        if one.said("meaning") == "authority":
            before = self.fold.set_before if one.content == self.fold.set else self.fold.set
            return "" if one.said("predecessor") == before else "RV106"
        life = self.fold.life(one.said("id"))
        known = life.naming(one.content)
        if one.said("predecessor") not in (known.predecessor if known else life.before):
            return "RV106"
        if one.said("meaning") == "withdrawn" and known is not life.approved[-1]:
            return "RV106"
        if one.said("meaning") == "reaffirmed" and known is not life.in_force(self.time):
            return "RV106"
        text = known.text if known else self.tree.only(one.said("id"))
        assert text
        return self.number(one, text, known, life)

    def number(self, one: Statement, text: Text, known: Approved | None, life: Life) -> str:
        """The statement's number is the document's, well formed, and above every approved one."""
        kind = self.rules.kind(text.said("type"))
        if kind and rank(text.said("revision"), str(kind.get("revision", "integer"))) is None:
            return "RV105"
        if one.said("revision") != text.said("revision"):
            return "RV102"
        return "" if known or self.above(text, life) else "RV102"

    def above(self, text: Text, life: Life) -> bool:
        """Whether the document's number is above every approved one."""
        scheme = str((self.rules.kind(text.said("type")) or {}).get("revision", "integer"))
        mine = rank(text.said("revision"), scheme)
        theirs = [rank(one.number, scheme) for one in life.approved]
        return mine is not None and all(other is not None and mine > other for other in theirs)

    # --- writers ------------------------------------------------------------------------------

    def independence(self, one: Statement) -> str:
        """AP104 where a writer approves."""
        if one.said("meaning") != "approved":
            return ""
        identity = one.said("id")
        known = self.fold.life(identity).naming(one.content)
        text = known.text if known else self.tree.only(identity)
        assert text
        kind = self.rules.kind(text.said("type")) or {}
        if kind.get("independence") == "none":
            return ""
        # Choice: a further approval is held against the writers seen when its revision was approved.
        seen = known.writers if known else self.writers(identity, one.content)
        told = {name for other in self.about(identity, one.content) for name in other.writers}
        if UNKNOWN in seen and self.rules.settings.get("unknown_writers", "refuse") == "refuse":
            return "AP104"
        return "AP104" if one.hands & {*seen, *told} else ""

    def about(self, identity: str, content: str) -> list[Statement]:
        """Statements naming a content, valid so far or, of those now entering, up to independence."""
        # Choice: an entering statement that independence voids still tells of writers.
        old = [one.statement for one in self.fold.verdicts.values() if one.valid and not one.weak]
        new = [one for one in self.passing if one.sha not in self.fold.verdicts and not self.weak(one)]
        return [
            one
            for one in (*old, *new)
            if one.said("id") == identity and one.said("meaning") != "authority" and one.content == content
        ]

    def writers(self, identity: str, candidate: str) -> set[str]:
        """Who wrote, as far as git shows."""
        fold, life = self.fold, self.fold.life(identity)
        commits = fold.objects.ancestors(self.tree.commit.id)
        if life.since is not None:
            commits -= fold.objects.ancestors(fold.steps[life.since].id)
        contents = {name: fold.tree(name).written(identity) for name in commits}
        approved = {life.approved[-1].content} if life.approved else set()
        found: set[str] = set()
        for name in commits:
            commit = fold.objects.commits[name]
            before = fold.objects.ancestors(name) & commits - {name}
            # Choice: what an ancestor merely kept from before the last approval, as an old branch does,
            # excuses nobody who brings it back: who wrote that then is not asked any more.
            old = {*approved}.union(*(contents[one] - self._kept(one, identity) for one in before))
            old |= self._kept(name, identity)
            if contents[name] - old and not self._reworked_only(commit, identity):
                found |= self._names(commit, identity, candidate)
        return found

    def _kept(self, name: str, identity: str) -> set[str]:
        """What a commit's parents had of a document."""
        parents = self.fold.objects.commits[name].parents
        return set().union(*(self.fold.tree(one).written(identity) for one in parents))

    def _reworked_only(self, commit: Commit, identity: str) -> bool:
        """Whether, for a substantive author, nothing but white space or front matter changed."""
        tree = self.fold.tree(commit.id)
        text = tree.only(identity)
        kind = self.rules.kind(self._type(identity)) or {}
        if text is None or kind.get("independence") != "substantive-author":
            return False
        parents = [self.fold.tree(one) for one in commit.parents]
        olds = [(one.only(identity), one) for one in parents]
        return any(
            old is not None and old.words == text.words and one.embedded(old) == tree.embedded(text)
            for old, one in olds
        )

    def _type(self, identity: str) -> str:
        text = self.tree.only(identity)
        return text.said("type") if text else ""

    def _names(self, commit: Commit, identity: str, candidate: str) -> set[str]:
        find = self.rules.by_address
        author = find(commit.author) or find(commit.committer) or UNKNOWN
        helpers = {find(one) or UNKNOWN for one in commit.co_authors}
        brought = self._brought(commit, identity, candidate)
        approvals = [one for one in brought if one.said("meaning") == "approved"]
        text = self.tree.only(identity)
        if text is None or not satisfied(self.rules, text, "approved", approvals):
            return {author, *helpers}
        # Choice: a trailer is the forge's doing for who signed, not for whom a deputy signed.
        signers = {one.said("signer") for one in brought}
        told = [one for one in brought if one.said("meaning") in WRITERS_TOLD_BY]
        without = [one.hands for one in told if author not in one.writers]
        # Whoever the author was, one of the statements must be all by others.
        suspects = set().union(*without) if author == UNKNOWN else {author}
        excused = bool(without) and all(any(one not in hands for hands in without) for one in suspects)
        return (set() if excused else {author}) | (helpers - signers)

    def _brought(self, commit: Commit, identity: str, candidate: str) -> list[Statement]:
        """The statements naming the candidate that this commit itself brings, against every parent."""
        mine = set(self.fold.objects.files(commit.tree).items())
        for parent in commit.parents:
            mine -= set(self.fold.objects.files(self.fold.objects.commits[parent].tree).items())
        paths = {path for path, entry in mine if entry.regular}
        tree = self.fold.tree(commit.id)
        shas = {
            read.sha
            for path in paths
            if path.startswith("signatures/") and path.endswith(".json")
            for read in tree.at(path)
        }
        return [one for one in self.about(identity, candidate) if one.sha in shas]

    # --- what the tree shows --------------------------------------------------------------------

    def draft(self, identity: str) -> Draft | None:
        """The tree's text of an id, where it is not the last approved one."""
        text, content, life = self.tree.only(identity), self.tree.content(identity), self.fold.life(identity)
        if text is None or (life.approved and life.approved[-1].content == content):
            return None
        return Draft(text.said("revision"), text.path, self._draft_status(identity, text, content))

    def _draft_status(self, identity: str, text: Text, content: str | None) -> str:
        life = self.fold.life(identity)
        if content is None:
            return "in-review" if any(map(self._waits_for, self._unjudged(identity, text))) else "draft"
        if self.fold.barred(identity, content):
            return "returned"
        # Choice: a text that was approved once and superseded is a draft again, whoever signed it then.
        # Choice: a return too weak to bar is still a valid statement that names the text.
        told = (*WRITERS_TOLD_BY, "returned")
        standing = [one for meaning in told for one in self.fold.valid(identity, content, meaning)]
        if life.naming(content):
            return "draft"
        return "in-review" if standing else "draft"

    def _unjudged(self, identity: str, text: Text) -> list[tuple[Statement, bytes]]:
        return [
            (one, proof)
            for one, proof in self.tree.statements.values()
            if one.sha not in self.fold.verdicts
            and one.said("id") == identity
            and one.said("meaning") in WRITERS_TOLD_BY
            and one.document == text.document
        ]

    def _waits_for(self, waiting: tuple[Statement, bytes]) -> bool:
        one, proof = waiting
        return not self.signature(one, proof) and not self.lineage(one)
