"""What a person would sign: the statement that is proposed is one that counts, or there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.company import Kind, Settings, usual_register
from support.office import Office

from isodocs.core import proposal
from isodocs.core.problem import CannotRun
from isodocs.core.statement import Assurance, Meaning, Statement

if TYPE_CHECKING:
    from pathlib import Path

    from isodocs.core.library import Library

QM = "quality-manager"


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return Office.founded(tmp_path_factory.mktemp("office") / "repo", Settings(drafts=True))


@pytest.fixture
def office(founded: Office, tmp_path: Path) -> Office:
    return founded.copy(tmp_path / "repo")


@pytest.fixture
def branch(office: Office) -> Office:
    """Branch ``b`` with revision 2 of WI-001 by max."""
    office.play.branch("b")
    office.play.revise("WI-001", "2")
    return office


def propose(
    library: Library, meaning: Meaning, person: str = "jane", name: str = "WI-001", role: str | None = QM
) -> Statement:
    about = proposal.subject(library, name, meaning)
    return proposal.statement(library, about, meaning, person, role=role)


class TestSubject:
    def test_the_text_on_the_branch(self, branch: Office) -> None:
        library = branch.desk().library
        for meaning in (Meaning.APPROVED, Meaning.AUTHORED, Meaning.REVIEWED, Meaning.RETURNED):
            about = proposal.subject(library, "WI-001", meaning)
            assert (about.document.revision, about.approval) == ("2", None)
            assert about.predecessor == branch.play.known["WI-001", "1"]

    def test_still_the_draft_where_the_branch_has_all_signatures(self, branch: Office) -> None:
        """S(n−1) is the mainline: nothing of the branch is approved before it arrives there."""
        branch.play.signs("WI-001", "jane")
        library = branch.desk().library
        assert proposal.subject(library, "WI-001", Meaning.APPROVED).approval is None
        assert proposal.subject(library, "WI-001", Meaning.REAFFIRMED).document.revision == "1"
        assert proposal.subject(library, "WI-001", Meaning.WITHDRAWN).document.revision == "1"

    def test_an_approved_revision_on_the_mainline(self, office: Office) -> None:
        library = office.desk().library
        about = proposal.subject(library, "WI-001", Meaning.APPROVED)
        assert about.approval is not None
        assert about.predecessor is None

    def test_the_withdrawal_is_the_predecessor_of_what_follows(self, office: Office) -> None:
        path = office.play.sign("WI-001", "jane", meaning="withdrawn", after=None)
        office.play.commit("jane")
        office.play.branch("b")
        office.play.revise("WI-001", "2")
        about = proposal.subject(office.desk().library, "WI-001", Meaning.APPROVED)
        assert about.predecessor == office.play.known["WI-001", "withdrawn"]
        assert about.predecessor
        assert about.predecessor[:12] in path

    def test_the_last_approved_is_withdrawn_also_before_its_date(self, branch: Office) -> None:
        branch.play.revise("WI-001", "2", effective_date="2999-01-01")
        branch.play.signs("WI-001", "jane")
        branch.play.merge("b")
        library = branch.desk().library
        assert proposal.subject(library, "WI-001", Meaning.WITHDRAWN).document.revision == "2"
        assert proposal.subject(library, "WI-001", Meaning.REAFFIRMED).document.revision == "1"


class TestStatement:
    def test_all_that_it_says(self, branch: Office) -> None:
        library = branch.desk().library
        made = propose(library, Meaning.APPROVED)
        assert made.content.document == branch.play.content("WI-001")["document"]
        assert (made.id, made.revision, made.meaning, made.role) == ("WI-001", "2", Meaning.APPROVED, QM)
        assert (made.person, made.signer, made.name, made.writers) == ("jane", "jane", "Jane", ("max",))
        assert (made.assurance, made.source, made.next_review) == (Assurance.SIGNED, None, None)
        assert made.qms == library.settings.qms

    def test_the_register_is_that_of_the_tree(self, branch: Office) -> None:
        before = propose(branch.desk().library, Meaning.APPROVED).register
        branch.play.configure(register=usual_register().but(tom=None))
        branch.play.commit("max")
        after = propose(branch.desk().library, Meaning.APPROVED).register
        assert before != after

    @pytest.mark.parametrize("meaning", [Meaning.AUTHORED, Meaning.ACKNOWLEDGED])
    def test_some_meanings_have_no_role(self, branch: Office, meaning: Meaning) -> None:
        assert propose(branch.desk().library, meaning, "tom").role is None

    def test_every_writer_since_the_last_approval(self, branch: Office) -> None:
        branch.play.revise("WI-001", "2", "More.", by="tom")
        branch.play.revise("WI-001", "2", "And more.", by="anna")
        assert propose(branch.desk().library, Meaning.APPROVED).writers == ("anna", "max", "tom")

    def test_unknown_writers_are_named_where_the_settings_say_so(self, tmp_path: Path) -> None:
        office = Office.founded(tmp_path / "repo", Settings(unknown_writers="say"))
        office.play.branch("b")
        office.play.revise("WI-001", "2", by="eve")
        assert propose(office.desk().library, Meaning.APPROVED).writers == ("?",)


class TestCounts:
    """What is proposed counts once it is on the mainline, whatever came before."""

    @pytest.mark.parametrize("shape", ["merge", "squash", "forward", "straight"])
    def test_an_approval_in_each_shape(self, office: Office, shape: str) -> None:
        if shape != "straight":
            office.play.branch("b")
        office.play.revise("WI-001", "2")
        office.ok("approve", "WI-001", "--yes")
        office.commit()
        if shape == "merge":
            office.play.merge("b")
        elif shape == "squash":
            office.play.squash("b", by="max")
        elif shape == "forward":
            office.play.forward("b")
        view = office.library(with_branch=False).views["WI-001"]
        assert view.in_force
        assert view.in_force.approval.revision == "2"

    def test_the_gate_agrees_about_the_writers(self, branch: Office) -> None:
        branch.play.revise("WI-001", "2", "More.", by="tom")
        branch.ok("approve", "WI-001", "--yes")
        branch.commit()
        old = branch.play.tip()
        new = branch.play.merge("b")
        words = ("check", "--base", old, "--tip", new, "--profile", "release", "--as-of", branch.play.now)
        ended = branch.run(*words)
        assert ended.status == 0, ended


class TestRoles:
    def test_what_is_missing_comes_first(self, office: Office) -> None:
        register = usual_register().granting("jane", "process-owner")
        office.play.configure(register=register)
        office.play.authorise("bob")
        office.play.commit("bob")
        office.play.branch("b")
        office.play.revise("SOP-001", "2")
        library = office.desk().library
        about = proposal.subject(library, "SOP-001", Meaning.APPROVED)
        roles = ("process-owner", QM)
        assert proposal.roles_to_sign(library, about, Meaning.APPROVED, "jane") == roles
        office.play.signs("SOP-001", "anna")
        library = office.desk().library
        assert proposal.roles_to_sign(library, about, Meaning.APPROVED, "jane") == (QM,)
        assert proposal.roles_held(library, about, Meaning.APPROVED, "jane") == frozenset(roles)

    def test_a_person_named_as_approver_signs_as_himself(self, office: Office) -> None:
        office.play.branch("b")
        office.play.revise("WI-001", "2", approvers="[tom]")
        library = office.desk().library
        about = proposal.subject(library, "WI-001", Meaning.APPROVED)
        assert proposal.roles_to_sign(library, about, Meaning.APPROVED, "tom") == ("tom",)

    def test_what_remains(self, office: Office) -> None:
        office.play.branch("b")
        office.play.revise("SOP-001", "2", by="tom")
        library = office.desk().library
        about = proposal.subject(library, "SOP-001", Meaning.APPROVED)
        made = proposal.statement(library, about, Meaning.APPROVED, "jane", role=QM)
        assert proposal.remaining(library, about, made) == "process-owner (Anna)"
        made = proposal.statement(library, about, Meaning.APPROVED, "anna", role="process-owner")
        assert proposal.remaining(library, about, made) == "quality-manager (Bob or Jane)"


class TestAgain:
    def test_a_return_is_lifted_by_a_second_approval(self, branch: Office) -> None:
        branch.play.sign("WI-001", "jane")
        branch.play.sign("WI-001", "jane", meaning="returned")
        branch.play.commit("jane")
        propose(branch.desk().library, Meaning.APPROVED)
        with pytest.raises(CannotRun, match="Jane signed this already"):
            propose(branch.desk().library, Meaning.RETURNED)

    def test_a_further_signature_of_somebody_else_on_what_is_approved(self, office: Office) -> None:
        made = propose(office.desk().library, Meaning.APPROVED, "bob")
        assert (made.revision, made.predecessor) == ("1", None)

    def test_no_second_acknowledgement(self, office: Office) -> None:
        office.play.sign("WI-001", "tom", meaning="acknowledged", role=None, after=None)
        office.play.commit("tom")
        with pytest.raises(CannotRun, match="Tom signed this already"):
            propose(office.desk().library, Meaning.ACKNOWLEDGED, "tom")


class TestAuthority:
    def test_the_whole_set_is_named(self, office: Office) -> None:
        office.play.branch("b")
        office.play.write("theme/a.css", "a")
        office.play.commit("max")
        made = proposal.authority_statement(office.desk().library, "jane", "New look.")
        assert [path for path, _ in made.content.embedded] == ["isodocs.yml", "people.yml", "theme/a.css"]
        assert made.predecessor == office.play.set_digest("main")
        assert (made.id, made.revision, made.content.document, made.writers) == (None, None, None, ())
        assert (made.role, made.reason) == (QM, "New look.")

    def test_once_is_enough(self, tmp_path: Path) -> None:
        office = Office.founded(tmp_path / "repo", Settings(quorum=2))
        office.play.branch("b")
        office.play.configure(Settings(quorum=2, title="Other"))
        office.play.authorise("jane")
        office.play.commit("jane")
        with pytest.raises(CannotRun, match="Jane signed these files already"):
            proposal.authority_statement(office.desk().library, "jane")
        assert proposal.authority_statement(office.desk().library, "bob").person == "bob"

    def test_what_governed_before_can_be_signed_again(self, office: Office) -> None:
        """A, then B, then A again: the old signature on A serves nothing now."""
        for title in ("B", "A", "B"):
            office.play.configure(Settings(drafts=True, title=title))
            office.play.authorise("jane")
            office.play.commit("jane")
        office.play.branch("b")
        office.play.configure(Settings(drafts=True, title="A"))
        office.play.commit("max")
        assert proposal.authority_statement(office.desk().library, "jane").person == "jane"

    def test_a_type_of_its_own_policy(self, tmp_path: Path) -> None:
        settings = Settings().kind("WI", Kind(withdrawn=("process-owner",)))
        office = Office.founded(tmp_path / "repo", settings)
        library = office.desk().library
        about = proposal.subject(library, "WI-001", Meaning.WITHDRAWN)
        assert proposal.roles_to_sign(library, about, Meaning.WITHDRAWN, "anna") == ("process-owner",)
        with pytest.raises(CannotRun, match="Jane holds no role"):
            proposal.roles_to_sign(library, about, Meaning.WITHDRAWN, "jane")
