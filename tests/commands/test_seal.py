"""Sealing, and what a seal tells later: growth is fine, a history that was rebuilt is not."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from support.company import Held, Settings
from support.office import Office, refused, run
from support.rebuild import Tree, rebuild, tree_of, without
from support.statements import Key, canonical

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DAY = 86_400
NOBODYS = "by the register of then, in the history of today, that key was nobody's"


def grow(office: Office) -> None:
    """Two approvals, an acknowledgement, and a role that is given and taken back."""
    play = office.play
    play.branch("b")
    play.revise("WI-001", "2")
    play.signs("WI-001", "jane")
    play.merge("b")
    play.sign("WI-001", "tom", meaning="acknowledged", role=None)
    play.commit("tom")
    usual = play.register
    for register in (usual.granting("max", "quality-manager"), usual):
        play.day("2026-03-02" if register is usual else "2026-02-16")
        play.configure(register=register)
        play.authorise("jane")
        play.commit("jane")
    play.branch("c")
    play.revise("SOP-001", "2")
    play.signs("SOP-001", "anna")
    play.signs("SOP-001", "jane")
    play.merge("c")


@pytest.fixture(scope="module")
def sealed_office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """The company, grown and sealed; nobody may change it."""
    office = Office.founded(tmp_path_factory.mktemp("sealed") / "repo")
    grow(office)
    office.ok("seal", "--output", str(kept(office)))
    return office


@pytest.fixture
def sealed(sealed_office: Office, tmp_path: Path) -> Office:
    """A copy of it, with the seal beside it."""
    office = sealed_office.copy(tmp_path / "repo")
    for suffix in ("", ".sig"):
        source = kept(sealed_office).with_name(f"{kept(sealed_office).name}{suffix}")
        (tmp_path / source.name).write_bytes(source.read_bytes())
    return office


def kept(office: Office) -> Path:
    """Where the outsider keeps the seal."""
    return office.root.parent / "seal.json"


def held(office: Office, *words: str) -> tuple[int, dict[str, Any]]:
    """The seal held against the history."""
    ended = office.run("verify", "--seal", str(kept(office)), *words, "--format", "json")
    assert "isodocs: " not in ended.err, ended
    value: dict[str, Any] = json.loads(ended.out)
    assert value["fails"] is (ended.status == 1)
    return ended.status, value


def told(office: Office) -> list[tuple[str, str | None, str, str | None]]:
    """What differs, after ``verify`` itself found nothing wrong."""
    assert office.run("verify").status == 0
    status, value = held(office)
    assert status == 1
    assert value["stands"] is False
    assert (value["items"][0]["kind"], value["items"][0]["item"]) == ("missing", "commit")
    return [(row["kind"], row["id"], row["item"], row["name"]) for row in value["items"][1:]]


class TestSealing:
    def test_what_it_holds(self, sealed: Office) -> None:
        value = json.loads(kept(sealed).read_text())
        assert (value["format"], value["kind"], value["signer"], value["name"]) == (1, "seal", "jane", "Jane")
        assert value["commit"] == sealed.play.tip()
        assert value["root"] == sealed.play.new
        assert value["counts"] == {
            "documents": 2,
            "revisions": 4,
            "statements": 9,
            "in_force": 2,
            "withdrawn": 0,
            "sets": 3,
        }
        approving = value["documents"]["WI-001"]["in_force"]["approved_by"]
        (path,) = [one for one in sealed.play.signatures("WI-001", "2") if "approved" in one]
        told = subprocess.run(["sha256sum", sealed.root / path], check=True, capture_output=True, text=True)
        assert approving == [told.stdout[:64]]
        assert value["documents"]["WI-001"]["in_force"]["revision"] == "2"

    def test_it_is_canonical_json_like_a_statement(self, sealed: Office) -> None:
        data = kept(sealed).read_bytes()
        assert canonical(json.loads(data)) == data

    def test_ssh_keygen_agrees(self, sealed: Office, tmp_path: Path) -> None:
        allowed = tmp_path / "allowed"
        allowed.write_text(sealed.ok("allowed-signers"))
        done = subprocess.run(
            [
                *["ssh-keygen", "-Y", "verify", "-n", "isodocs", "-I", "jane", "-f"],
                allowed,
                "-s",
                f"{kept(sealed)}.sig",
            ],
            input=kept(sealed).read_bytes(),
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done
        assert held(sealed, "--with-ssh-keygen")[1]["seal"]["second_opinion"]["ok"] is True

    def test_the_text_says_what_and_whose_key(self, sealed: Office) -> None:
        out = sealed.ok("seal", "--output", str(sealed.root.parent / "again.json"))
        assert f"main at {sealed.play.tip()}\n  step 6 since the trust root" in out
        assert "2 documents, 4 approved revisions, 9 statements, 3 sets of settings and people" in out
        assert f"Signed with the key {fingerprint('jane')}.\n" in out

    def test_without_a_name_it_is_called_by_the_commit(self, sealed: Office) -> None:
        sealed.ok("seal")
        name = f"seal-{sealed.play.tip()[:12]}.json"
        assert sealed.status().splitlines() == [f"?? {name}", f"?? {name}.sig"]

    def test_a_dry_run_writes_nothing(self, sealed: Office) -> None:
        ended = sealed.run("seal", "--dry-run")
        assert ended.status == 0
        assert "Nothing was written" in ended.err
        assert sealed.status() == ""

    def test_changes_that_are_not_committed_do_not_matter(self, sealed: Office) -> None:
        sealed.play.doc("WI-001", "3")
        sealed.ok("seal", "--output", str(sealed.root.parent / "again.json"))
        first, second = (
            json.loads((kept(sealed).parent / one).read_text()) for one in ("seal.json", "again.json")
        )
        assert first["documents"] == second["documents"]

    @pytest.mark.parametrize("taken", ["seal.json", "seal.json.sig"])
    def test_it_is_never_overwritten(self, sealed: Office, taken: str) -> None:
        for suffix in ("", ".sig"):
            kept(sealed).with_name(f"seal.json{suffix}").unlink()
        (kept(sealed).parent / taken).write_text("mine")
        assert "exists already" in refused(sealed, "seal", "--output", str(kept(sealed)))
        assert (kept(sealed).parent / taken).read_text() == "mine"

    @pytest.mark.parametrize("place", ["signatures/seal.json", "documents/deep/seal.json"])
    def test_not_among_documents_and_statements(self, sealed: Office, place: str) -> None:
        sentence = refused(sealed, "seal", "--output", place)
        assert (
            f"{place.partition('/')[0]}/ holds what the system is made of; write the seal elsewhere"
            in sentence
        )

    def test_a_run_that_was_killed_is_done_again(self, sealed: Office) -> None:
        """The signature is written first; without its seal it is worth nothing."""
        kept(sealed).unlink()
        sealed.ok("seal", "--output", str(kept(sealed)))
        assert held(sealed)[0] == 0

    def test_a_clone_seals_what_others_have(self, sealed: Office, tmp_path: Path) -> None:
        clone = sealed.play.repo.clone(tmp_path / "clone")
        clone.commit("not pushed", {"notes.txt": "x"})
        ended = run("seal", "--dry-run", env=sealed.env("jane"), cwd=clone.path)
        assert f"main at {sealed.play.tip()}\n" in ended.out
        assert "This is origin/main, as it was fetched last.\n" in ended.err

    def test_a_place_that_cannot_be_written(self, sealed: Office) -> None:
        sentence = refused(sealed, "seal", "--output", "/proc/none/seal.json")
        assert "cannot be written" in sentence

    def test_a_key_that_is_nobodys(self, sealed: Office) -> None:
        sentence = refused(sealed, "seal", "--key", sealed.key("eve"))
        assert f"The key {fingerprint('eve')} is in nobody's entry of people.yml" in sentence

    def test_another_person_seals_with_his_own_key(self, sealed: Office) -> None:
        out = sealed.ok("seal", "--key", sealed.key("tom"), "--dry-run")
        assert "by Tom" in out

    def test_an_empty_repository(self, tmp_path: Path, sealed: Office) -> None:
        subprocess.run(["git", "init", "-q", tmp_path / "new"], check=True)
        ended = run("seal", env=sealed.env("jane"), cwd=tmp_path / "new")
        assert ended.status == 2
        assert "There is no commit on the mainline yet" in ended.err

    def test_a_bare_repository_can_be_sealed(self, sealed: Office, tmp_path: Path) -> None:
        bare = tmp_path / "bare.git"
        subprocess.run(["git", "clone", "-q", "--bare", sealed.root, bare], check=True)
        ended = run("seal", "--output", str(tmp_path / "b.json"), env=sealed.env("jane"), cwd=bare)
        assert ended.status == 0, ended
        assert json.loads((tmp_path / "b.json").read_text())["commit"] == sealed.play.tip()


class TestAHistoryThatStands:
    def test_as_it_was(self, sealed: Office) -> None:
        status, value = held(sealed)
        assert (status, value["items"], value["stands"], value["grown"]) == (0, [], True, 0)
        assert value["seal"]["fingerprint"] == fingerprint("jane")
        assert value["seal"]["holder"] == "jane"
        out = sealed.ok("verify", "--seal", str(kept(sealed)))
        assert "nothing was added since.\n\nNothing that was sealed is missing or different.\n" in out
        assert "compare it with the fingerprint that you were given" in out

    def test_mere_growth_passes(self, sealed: Office) -> None:
        play = sealed.play
        play.branch("d")
        play.revise("WI-001", "3")
        play.signs("WI-001", "bob")
        play.merge("d")
        play.configure(Settings(title="Renamed"))
        play.authorise("jane")
        play.commit("jane")
        play.sign("WI-001", "jane", meaning="withdrawn")
        play.commit("jane")
        status, value = held(sealed)
        assert (status, value["items"], value["grown"]) == (0, [], 3)
        assert "3 steps came since." in sealed.ok("verify", "--seal", str(kept(sealed)))

    def test_from_a_working_branch_the_mainline_is_meant(self, sealed: Office) -> None:
        sealed.play.branch("d")
        sealed.play.revise("WI-001", "3")
        assert held(sealed)[0] == 0

    def test_a_clone(self, sealed: Office, tmp_path: Path) -> None:
        clone = sealed.play.repo.clone(tmp_path / "clone")
        ended = run("verify", "--seal", str(kept(sealed)), env=sealed.env("tom"), cwd=clone.path)
        assert ended.status == 0, ended

    def test_a_shallow_clone_is_refused(self, sealed: Office, tmp_path: Path) -> None:
        clone = sealed.play.repo.clone(tmp_path / "clone", "--depth", "2")
        for words in (("verify", "--seal", str(kept(sealed))), ("seal",), ("verify", "--chain")):
            ended = run(*words, env=sealed.env("jane"), cwd=clone.path)
            assert ended.status == 2
            assert "git fetch --unshallow" in ended.err

    def test_by_the_key_that_was_named(self, sealed: Office, tmp_path: Path) -> None:
        public = tmp_path / "jane.pub"
        public.write_text(f"{Key('jane').public} jane@laptop\n")
        for key in (fingerprint("jane"), Key("jane").public, str(public)):
            assert held(sealed, "--key", key)[0] == 0
        out = sealed.ok("verify", "--seal", str(kept(sealed)), "--key", fingerprint("jane"))
        assert "it is the key that you named" in out
        status, value = held(sealed, "--key", fingerprint("bob"))
        assert (status, value["seal"]["expected_key"]) == (1, False)

    def test_a_key_that_was_lost_before_the_seal_was_made(self, sealed: Office) -> None:
        lost = Held("jane", revoked=("2026-04-01", "2026-01-01"))
        sealed.play.configure(register=sealed.play.register.with_keys("jane", lost))
        sealed.play.authorise("bob")
        sealed.play.commit("bob")
        status, value = held(sealed)
        assert (status, value["items"], value["stands"]) == (1, [], True)
        assert value["seal"]["why"] == NOBODYS

    def test_another_trust_root_tells_another_history(self, sealed: Office) -> None:
        later = sealed.play.repo.git("rev-list", "--first-parent", "main").split()[3]
        status, value = held(sealed, "--trust-root", later)
        assert status == 1
        first = value["items"][0]
        assert (first["item"], first["sealed"], first["found"]) == ("trust root", sealed.play.new, later)


class TestAHistoryThatWasRebuilt:
    """All signatures of what is left are right, so ``verify`` alone finds nothing."""

    def test_with_nothing_but_other_messages(self, sealed: Office) -> None:
        rebuild(sealed.play.repo, lambda tree: tree, message="x ")
        assert told(sealed) == [("changed", None, "trust root", None)]

    def test_with_a_text_that_nobody_approved(self, sealed: Office) -> None:
        """The root is the same, and all that was signed; only some notes are other ones."""
        repo = sealed.play.repo
        root, note = sealed.play.new, repo.git("hash-object", "-w", "--stdin", stdin=b"notes")
        first = tree_of(repo, root)
        rebuild(repo, lambda tree: tree if tree == first else {**tree, "notes.txt": ("100644", note)})
        assert told(sealed) == []
        ended = sealed.run("verify", "--seal", str(kept(sealed)))
        assert "HISTORY WAS REBUILT since this seal was made.\nThe sealed commit " in ended.out
        assert "What differs is in the commits" in ended.out

    def test_without_one_approval(self, sealed: Office) -> None:
        """WI-001 revision 2 never was: its text is that of revision 1 to the end."""
        repo = sealed.play.repo
        path = sealed.play.place("WI-001")
        first = tree_of(repo, sealed.play.new)[path]
        drop = without("signatures/WI-001/2/")
        rebuild(repo, lambda tree: {**drop(tree), path: first})
        assert sealed.ok("list").count("effective") == 2
        names = [
            ("missing", "WI-001", "statement", name)
            for name in self.names(sealed, "WI-001", "2/acknowledged.tom", "2/approved.jane")
        ]
        assert sorted(told(sealed), key=str) == sorted(
            [*names, ("missing", "WI-001", "revision", "2"), ("changed", "WI-001", "in force", None)], key=str
        )
        out = sealed.run("verify", "--seal", str(kept(sealed))).out
        assert "WI-001\n  missing  statement 2/" in out
        assert "changed  in force; sealed: revision 2, content " in out
        assert out.endswith("Of what was sealed: 3 missing, 1 changed.\n")

    def names(self, office: Office, document: str, *starts: str) -> list[str]:
        entered = json.loads(kept(office).read_text())["documents"][document]["entered"]
        names = [name for names in entered.values() for name in names]
        return [name for start in starts for name in names if name.startswith(start)]

    def test_what_others_build_on_cannot_be_left_out_unseen(self, sealed: Office) -> None:
        """Each approval names the one before: here ``verify`` needs no seal."""
        play = sealed.play
        play.branch("d")
        play.revise("WI-001", "3")
        play.signs("WI-001", "bob")
        play.merge("d")
        path = play.place("WI-001")
        second = tree_of(play.repo, "main~1")[path]
        first, drop = tree_of(play.repo, play.new)[path], without("signatures/WI-001/2/")
        rebuild(play.repo, lambda tree: {**drop(tree), path: first if tree[path] == second else tree[path]})
        ended = sealed.run("verify", "WI-001")
        assert ended.status == 1
        assert "RV106 it was signed on another predecessor than the last approved revision" in ended.out

    def test_without_one_acknowledgement(self, sealed: Office) -> None:
        rebuild(sealed.play.repo, without("acknowledged.tom"))
        (name,) = self.names(sealed, "WI-001", "2/acknowledged.tom")
        assert told(sealed) == [("missing", "WI-001", "statement", name)]

    def test_without_taking_a_role_back(self, sealed: Office) -> None:
        repo = sealed.play.repo
        sets = json.loads(kept(sealed).read_text())["authority"]["sets"]
        granted = repo.git("rev-list", "--first-parent", "main").split()[2]
        people = tree_of(repo, granted)["people.yml"]
        folder = f"signatures/_authority/{sets[2]['content'][:16]}/"
        usual = tree_of(repo, "main")["people.yml"]
        begun = False

        def keep_role(tree: Tree) -> Tree:
            nonlocal begun
            begun = begun or tree["people.yml"] == people
            kept_files = without(folder)(tree)
            return (
                {**kept_files, "people.yml": people} if begun and tree["people.yml"] == usual else kept_files
            )

        rebuild(repo, keep_role)
        assert "max gets the role quality-manager" in sealed.ok("verify", "--chain")
        assert "max loses the role" not in sealed.ok("verify", "--chain")
        (signed,) = sets[2]["signed"]
        assert told(sealed) == [
            ("missing", "_authority", "authority set", sets[2]["content"][:16]),
            ("missing", "_authority", "statement", signed),
        ]
        assert (
            "Settings and people\n  missing  authority set "
            in sealed.run("verify", "--seal", str(kept(sealed))).out
        )

    def test_with_other_dates(self, sealed: Office) -> None:
        rebuild(sealed.play.repo, lambda tree: tree, shift=30 * DAY)
        found = told(sealed)
        assert {kind for kind, *_ in found} == {"changed"}
        assert ("changed", "WI-001", "revision", "2") in found
        assert ("changed", "_authority", "authority set", self.sets(sealed)[0]) in found
        out = sealed.run("verify", "--seal", str(kept(sealed))).out
        assert "revision 2; sealed: effective from 2026-02-02T09:" in out
        assert "; now: effective from 2026-03-04T09:" in out

    def sets(self, office: Office) -> list[str]:
        return [one["content"][:16] for one in json.loads(kept(office).read_text())["authority"]["sets"]]

    def test_with_something_put_into_the_past(self, sealed: Office) -> None:
        """An acknowledgement that nobody gave in time, dated as if he had."""
        repo = sealed.play.repo
        sealed.play.sign("WI-001", "max", meaning="acknowledged", role=None)
        path, blobs = sealed.play.last_path, {}
        for name in (path, f"{path}.sig"):
            blobs[name] = ("100644", repo.git("hash-object", "-w", "--", name))
        repo.git("clean", "-qfd")
        rebuild(
            repo, lambda tree: {**tree, **blobs} if any("acknowledged.tom" in one for one in tree) else tree
        )
        found = told(sealed)
        assert [(kind, item) for kind, _, item, _ in found] == [("new", "statement")]
        assert "by its date it should be in the seal" in sealed.run("verify", "--seal", str(kept(sealed))).out

    def test_without_a_document(self, sealed: Office) -> None:
        rebuild(sealed.play.repo, without("SOP-001"))
        assert told(sealed) == [
            ("changed", None, "trust root", None),
            ("missing", "SOP-001", "document", None),
        ]

    def test_rolled_back(self, sealed: Office) -> None:
        """The last push never was."""
        repo = sealed.play.repo
        repo.git("reset", "-q", "--hard", "main~1")
        assert ("missing", "SOP-001", "revision", "2") in told(sealed)

    def test_turned(self, sealed: Office) -> None:
        """The sealed tip is still there, but not on the first-parent chain."""
        repo = sealed.play.repo
        repo.git("branch", "old", "main")
        repo.git("reset", "-q", "--hard", "main~2")
        repo.commit("mine", {"notes.txt": "x"})
        repo.merge("old")
        repo.git("merge-base", "--is-ancestor", "old", "main")
        status, value = held(sealed)
        assert (status, value["stands"], value["seal"]["here"]) == (1, False, True)

    def test_another_root_entirely(self, sealed: Office, tmp_path: Path) -> None:
        other = Office.founded(tmp_path / "other", Settings(title="Elsewhere"))
        ended = other.run("verify", "--seal", str(kept(sealed)), "--format", "json")
        assert json.loads(ended.out)["seal"]["here"] is False
        items = {row["item"] for row in json.loads(ended.out)["items"]}
        assert ended.status == 1
        assert {"commit", "trust root", "revision", "statement", "authority set"} <= items


class TestASealThatIsNone:
    """One clear sentence, exit status 2, and nothing compared."""

    def damage(self, office: Office, change: Callable[[bytes], bytes], suffix: str = "") -> str:
        place = kept(office).with_name(f"seal.json{suffix}")
        place.write_bytes(change(place.read_bytes()))
        return refused(office, "verify", "--seal", str(kept(office)))

    def signed_anew(self, office: Office, **changes: object) -> str:
        value = {**json.loads(kept(office).read_text()), **changes}
        data = canonical(value)
        kept(office).write_bytes(data)
        kept(office).with_name("seal.json.sig").write_bytes(Key("jane").sign(data))
        return refused(office, "verify", "--seal", str(kept(office)))

    def test_a_changed_byte(self, sealed: Office) -> None:
        sentence = self.damage(sealed, lambda data: data.replace(b'"steps": 6', b'"steps": 7'))
        assert "cannot be trusted: the signature does not fit" in sentence

    def test_not_canonical(self, sealed: Office) -> None:
        assert "is damaged: it is not in canonical form" in self.damage(sealed, lambda data: data + b"\n")

    def test_cut_off(self, sealed: Office) -> None:
        assert "is no seal of isodocs: it is not JSON" in self.damage(sealed, lambda data: data[:500])

    def test_a_statement_in_its_place(self, sealed: Office) -> None:
        path = sealed.root / sealed.play.signatures("WI-001", "2")[0]
        assert "is no seal of isodocs" in self.damage(sealed, lambda _: path.read_bytes())

    def test_a_key_too_few(self, sealed: Office) -> None:
        value = json.loads(kept(sealed).read_text())
        del value["documents"]["WI-001"]["digest"]
        kept(sealed).write_bytes(canonical(value))
        sentence = refused(sealed, "verify", "--seal", str(kept(sealed)))
        assert "is damaged: documents.WI-001.digest is missing or makes no sense" in sentence

    def test_a_later_format(self, sealed: Office) -> None:
        sentence = self.signed_anew(sealed, format=2)
        assert sentence == "seal.json has format 2, and this isodocs reads format 1; use a newer isodocs."

    def test_of_another_management_system(self, sealed: Office) -> None:
        other = "11111111-2222-3333-4444-555555555555"
        sentence = self.signed_anew(sealed, qms=other, title="Elsewhere")
        assert f"seals another management system (Elsewhere, {other}), not this one" in sentence

    def test_no_signature(self, sealed: Office) -> None:
        kept(sealed).with_name("seal.json.sig").unlink()
        sentence = refused(sealed, "verify", "--seal", str(kept(sealed)))
        assert "seal.json.sig cannot be read: No such file or directory" in sentence

    @pytest.mark.parametrize(
        "change",
        [
            lambda data: data.replace(b"\n", b"\r\n"),
            lambda data: data + b"more\n",
            lambda data: data[: len(data) // 2],
            lambda _data: b"",
        ],
    )
    def test_a_damaged_signature(self, sealed: Office, change: Callable[[bytes], bytes]) -> None:
        assert "cannot be trusted: the signature" in self.damage(sealed, change, ".sig")

    def test_a_signature_for_another_purpose(self, sealed: Office) -> None:
        data = kept(sealed).read_bytes()
        sentence = self.damage(sealed, lambda _: Key("jane").sign(data, "git"), ".sig")
        assert "made for another purpose" in sentence

    def test_no_file(self, sealed: Office) -> None:
        assert "none.json cannot be read" in refused(sealed, "verify", "--seal", "none.json")

    def test_signed_by_a_stranger(self, sealed: Office) -> None:
        """It can be read and compared; but nothing says whose word it is, unless the key was named."""
        data = kept(sealed).read_bytes()
        kept(sealed).with_name("seal.json.sig").write_bytes(Key("eve").sign(data))
        status, value = held(sealed)
        assert (status, value["items"]) == (1, [])
        assert value["seal"]["why"] == NOBODYS
        assert held(sealed, "--key", fingerprint("eve"))[0] == 0

    def test_signed_by_another_than_it_names(self, sealed: Office) -> None:
        data = kept(sealed).read_bytes()
        kept(sealed).with_name("seal.json.sig").write_bytes(Key("tom").sign(data))
        status, value = held(sealed)
        assert (status, value["seal"]["why"]) == (1, "it names jane, but the key was tom's")

    @pytest.mark.parametrize(
        ("words", "why"),
        [
            (("--key", "SHA256:x"), "use it with --seal FILE"),
            (("WI-001", "--seal", "x.json"), "use --seal FILE alone"),
            (("--chain", "--seal", "x.json"), "use --seal FILE alone"),
            (("--as-of", "2026-03-01", "--seal", "x.json"), "use --seal FILE alone"),
            (("--snapshot", "--seal", "x.json"), "A snapshot has no history"),
            (("--snapshot", "--chain"), "A snapshot has no history"),
        ],
    )
    def test_what_makes_no_sense_together(self, sealed: Office, words: tuple[str, ...], why: str) -> None:
        assert why in refused(sealed, "verify", *words)

    def test_a_key_that_is_none(self, sealed: Office) -> None:
        sentence = refused(sealed, "verify", "--seal", str(kept(sealed)), "--key", "ssh-ed25519 AAAA")
        assert "is neither a fingerprint (SHA256:…) nor a public key" in sentence


def fingerprint(name: str) -> str:
    """As ssh-keygen shows it."""
    done = subprocess.run(
        ["ssh-keygen", "-l", "-f", "-"], input=Key(name).public, capture_output=True, text=True, check=True
    )
    return done.stdout.split()[1]


def test_a_signature_of_somebody_else_is_kept(office: Office) -> None:
    """The seal was handed out, and its signature still lies here: no other seal takes its place."""
    place = office.root.parent / "kept.json"
    office.ok("seal", "--output", str(place))
    place.unlink()
    beside = place.with_name("kept.json.sig")
    before = beside.read_bytes()
    office.ok("seal", "--output", str(place), "--dry-run")
    assert beside.read_bytes() == before
    ended = office.run("seal", "--output", str(place), by="bob")
    assert (ended.status, beside.read_bytes()) == (2, before)
    assert "A seal is never overwritten" in ended.sentence
