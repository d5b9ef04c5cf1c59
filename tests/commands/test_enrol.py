"""Enrolling: a key goes into the register with a proof, the rest of the file stays as it was."""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from support.office import Office, refused, write_key
from support.play import founded
from support.statements import QMS, Key
from support.untouched import photograph

from isodocs.core.reading import read_register
from isodocs.signing import enrol

if TYPE_CHECKING:
    from pathlib import Path

    from isodocs.core.authority import Key as Entry
    from isodocs.core.authority import Register

NEW = ("--name", "Eve Ex", "--email", "eve@ex.org")


def register(office: Office) -> Register:
    found, problems = read_register((office.root / "people.yml").read_bytes())
    assert found is not None, problems
    return found


def proved(person: str, entry: Entry) -> bool:
    assert entry.enrolled is not None
    day = entry.enrolled.on.isoformat()
    return enrol.proves(QMS, person, entry.key, day, entry.enrolled.proof.encode()).ok


@pytest.fixture
def second(office: Office) -> Office:
    """On a branch, with a further key in the machine's home."""
    office.play.branch("b")
    write_key(office.home / "second", Key("jane's second"))
    return office


class TestSomebodyNew:
    def test_the_person_with_name_address_role_and_key(self, second: Office) -> None:
        out = second.ok("enrol", "eve", *NEW, "--role", "process-owner", "--key", second.key("eve"), "--yes")
        eve = register(second).people["eve"]
        assert (eve.name, eve.emails) == ("Eve Ex", ("eve@ex.org",))
        assert [grant.role for grant in eve.roles] == ["process-owner"]
        assert eve.keys[0].key == Key("eve").public
        assert proved("eve", eve.keys[0])
        assert "Person:     eve, new: Eve Ex\n" in out
        assert "+  eve:\n+    name: Eve Ex\n+    emails: [eve@ex.org]\n" in out

    def test_it_says_what_comes_next(self, second: Office) -> None:
        out = second.ok("enrol", "eve", *NEW, "--key", second.key("eve"), "--yes")
        assert '  git add people.yml && git commit -m "Enrol eve"\n' in out
        assert "  isodocs authorise, by quality-manager (Bob or Jane)\n" in out
        assert out.endswith("The key counts once that is part of main.\n")

    def test_the_key_counts_once_it_is_authorised_and_merged(self, second: Office) -> None:
        play = second.play
        role = ("--role", "quality-manager", "--from", "2026-01-01")
        second.ok("enrol", "eve", *NEW, *role, "--key", second.key("eve"), "--yes")
        play.commit("max")
        second.ok("authorise", "--yes")
        second.commit()
        play.merge("b")
        play.branch("c")
        play.revise("WI-001", "2")
        second.ok("approve", "WI-001", "--yes", by="eve")
        second.commit("eve")
        play.merge("c")
        items: list[dict[str, Any]] = json.loads(second.ok("list", "--format", "json"))["items"]
        assert [(one["id"], one["revision"]) for one in items] == [("SOP-001", "1"), ("WI-001", "2")]

    def test_every_other_byte_stays(self, second: Office) -> None:
        before = (second.root / "people.yml").read_text()
        changed = (
            before.replace("people:\n", "people:   # everybody\n").replace("\n", "\r\n") + "# the end\r\n"
        )
        (second.root / "people.yml").write_bytes(changed.encode())
        second.ok("enrol", "eve", *NEW, "--key", second.key("eve"), "--yes")
        after = (second.root / "people.yml").read_bytes()
        start = after.index(b"  eve:\r\n")
        assert changed.encode() == after[:start] + b"# the end\r\n"
        assert after.count(b"\n") == after.count(b"\r\n")

    def test_before_the_first_commit(self, second: Office) -> None:
        second.play.repo.git("update-ref", "-d", "HEAD")
        out = second.ok("enrol", "eve", *NEW, "--key", second.key("eve"), "--yes")
        assert "isodocs authorise" not in out
        assert out.endswith("The first commit of the repository makes it count.\n")


class TestAFurtherKey:
    def test_below_the_keys_that_are_there(self, second: Office) -> None:
        out = second.ok("enrol", "jane", "--key", second.key("second"), "--checked-by", "bob", "--yes")
        first, new = register(second).people["jane"].keys
        assert (first.key, new.key) == (Key("jane").public, Key("jane's second").public)
        assert new.enrolled is not None
        assert new.enrolled.checked_by == "bob"
        assert new.enrolled.on == datetime.now(UTC).date() or out
        assert proved("jane", new)

    def test_from_a_day_on(self, second: Office) -> None:
        second.ok("enrol", "jane", "--key", second.key("second"), "--from", "2099-01-01", "--yes")
        assert register(second).people["jane"].keys[-1].from_.isoformat() == "2099-01-01"

    def test_gits_own_key_where_none_is_named(self, second: Office) -> None:
        write_key(second.home / "jane", Key("jane's second"))
        second.ok("enrol", "jane", "--yes")
        assert register(second).people["jane"].keys[-1].key == Key("jane's second").public

    def test_for_a_person_without_any(self, second: Office) -> None:
        people = second.play.register.with_keys("tom")
        second.play.configure(register=people)
        second.ok("enrol", "tom", "--key", second.key("second"), "--yes")
        assert [entry.key for entry in register(second).people["tom"].keys] == [Key("jane's second").public]


class TestASecondRun:
    """A run that was cut short after the register was written is simply run again."""

    @pytest.mark.parametrize("words", [("jane",), ("eve", *NEW, "--role", "process-owner")])
    def test_it_says_that_the_key_is_there(self, second: Office, words: tuple[str, ...]) -> None:
        line = ("enrol", *words, "--key", second.key("second"), "--yes")
        second.ok(*line)
        before = photograph(second.root)
        out = second.ok(*line)
        assert out.startswith(
            f"This key stands in the entry of {words[0]} already, and does not count yet.\n"
        )
        assert f'git commit -m "Enrol {words[0]}"' in out
        assert photograph(second.root) == before

    def test_what_a_killed_run_left_beside_the_key_is_cleared_away(self, second: Office) -> None:
        (second.home / ".isodocs-tmp-abcd1234").write_bytes(b"half a key")
        second.ok("enrol", "jane", "--key", second.key("second"), "--yes")
        assert not (second.home / ".isodocs-tmp-abcd1234").exists()


class TestANewKey:
    def test_it_is_made_with_a_passphrase_and_can_sign(self, second: Office) -> None:
        path = second.home / "fresh"
        second.ok("enrol", "eve", *NEW, "--new", str(path), stdin="y\nsecret\nsecret\n")
        assert path.stat().st_mode & 0o777 == 0o600
        line = path.with_name("fresh.pub").read_text()
        assert line.endswith(" eve@ex.org\n")
        entry = register(second).people["eve"].keys[0]
        assert line.startswith(entry.key + " ")
        assert proved("eve", entry)
        opened = subprocess.run(
            ["ssh-keygen", "-y", "-P", "secret", "-f", path], capture_output=True, text=True, check=True
        )
        assert opened.stdout.startswith(entry.key)
        assert subprocess.run(
            ["ssh-keygen", "-y", "-P", "", "-f", path], check=False, capture_output=True
        ).returncode

    def test_without_a_passphrase_it_is_said_what_that_means(self, second: Office) -> None:
        ended = second.run("enrol", "eve", *NEW, "--new", str(second.home / "fresh"), "--yes", stdin="\n\n")
        assert ended.status == 0
        assert "whoever copies the key file can sign as you" in ended.err

    def test_two_passphrases_that_differ(self, second: Office) -> None:
        words = ("enrol", "eve", *NEW, "--new", str(second.home / "fresh"), "--yes")
        assert "differ, so nothing was written" in refused(second, *words, stdin="one\ntwo\n")
        assert not (second.home / "fresh").exists()

    def test_no_key_is_made_where_the_answer_is_no(self, second: Office) -> None:
        assert refused(second, "enrol", "eve", *NEW, "--new", str(second.home / "fresh"), stdin="n\n")
        assert not (second.home / "fresh").exists()

    def test_a_file_that_is_there_is_kept(self, second: Office) -> None:
        path = second.home / "second"
        before = path.read_bytes()
        sentence = refused(second, "enrol", "eve", *NEW, "--new", str(path), "--yes", stdin="\n\n")
        assert "is there already; it was left as it is" in sentence
        assert path.read_bytes() == before

    def test_where_the_register_cannot_be_written_it_is_said_how_to_go_on(self, second: Office) -> None:
        """People written in a way that leaves no place, so that only the last step fails."""
        second.play.write("people.yml", "format: 1\npeople:\n  ? bob\n  : name: Bob\n")
        path = second.home / "fresh"
        ended = second.run("enrol", "eve", *NEW, "--new", str(path), "--yes", stdin="\n\n")
        assert ended.status == 2
        assert "people.yml cannot be added to: the way in which 'people' is written" in ended.err
        assert ended.err.endswith(f" The new key is in {path}: go on with --key {path}.\n")
        assert path.exists()

    def test_the_path_counts_from_the_folder_one_works_in(self, second: Office) -> None:
        ended = second.run(
            "-C", str(second.root / "documents"), "enrol", "eve", *NEW, "--new", "k", "--yes", stdin="\n\n"
        )
        assert ended.status == 0
        assert (second.root / "documents" / "k").exists()
        (second.root / "documents" / "k.pub").unlink()
        other = second.play.repo.git("checkout", "-q", "people.yml")
        words = ("-C", "documents", "enrol", "eve", *NEW, "--key", "k", "--yes")
        assert second.run(*words).status == 0, other


class TestRefusals:
    @pytest.mark.parametrize("person", ["jane", "bob", "eve"])
    def test_a_key_that_is_in_anybodys_entry(self, second: Office, person: str) -> None:
        words = NEW if person == "eve" else ()
        sentence = refused(second, "enrol", person, *words, "--key", second.key("jane"), "--yes")
        assert "is in the entry of jane already. One key, one person" in sentence

    def test_nor_one_that_is_there_and_not_committed_yet(self, second: Office) -> None:
        second.ok("enrol", "jane", "--key", second.key("second"), "--yes")
        assert "is in the entry of jane already" in refused(
            second, "enrol", "bob", "--key", second.key("second"), "--yes"
        )

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            (["quality-manager", *NEW], "quality-manager is a role, so no person can have that id."),
            (["Jane Doe", *NEW], "'Jane Doe' cannot be a person's id: write small letters, digits and hyphens."),  # noqa: E501 - as below
            (["jan"], "There is no jan in people.yml. Did you mean jane? Else add --name 'Full Name' and --email."),  # noqa: E501 - as below
            (["zoe-x"], "There is no zoe-x in people.yml. For somebody new add --name 'Full Name' and --email."),  # noqa: E501 - as below
            (["eve", "--name", "Eve"], "The address is needed under which the person commits: add --email."),
            (["eve", "--email", "e@x"], "The name of the person is needed, as it shall be printed: add --name 'Full Name'."),  # noqa: E501 - a case a line
            (["eve", "--name", "E", "--email", "x"], "'x' is no address such as jane@example.org."),
            (["eve", "--name", "E", "--email", "JANE@ex.org"], "The address JANE@ex.org is that of jane in people.yml."),  # noqa: E501 - as above
            (["eve", *NEW, "--role", "process-ower"], "There is no role process-ower in people.yml. Did you mean process-owner?"),  # noqa: E501 - as above
            (["jane", "--name", "Jane"], "jane stands in people.yml already: change name, addresses and roles there, and leave out --name, --email and --role here."),  # noqa: E501 - as above
            (["jane", "--checked-by", "zoe"], "There is no zoe in people.yml who could have checked it."),
            (["jane", "--checked-by", "jane"], "jane cannot check his own enrolment: name somebody else with --checked-by."),  # noqa: E501 - as above
            (["jane", "--from", "soon"], "'soon' is no date such as 2026-03-01."),
            (["jane", "--new", "x"], "Either --key, a key that is there, or --new, a key to be made."),
        ],
    )  # fmt: skip
    def test_one_sentence(self, second: Office, words: list[str], sentence: str) -> None:
        assert refused(second, "enrol", *words, "--key", second.key("second"), "--yes") == sentence

    @pytest.mark.parametrize(
        ("kind", "words"), [(["rsa", "-b", "2048"], "the RSA key has 2048 bits"), (["ecdsa"], "")]
    )
    def test_kinds_of_keys(self, second: Office, kind: list[str], words: str) -> None:
        path = second.home / "other"
        subprocess.run(["ssh-keygen", "-q", "-N", "", "-t", *kind, "-f", path], check=True)
        if words:
            assert words in refused(second, "enrol", "jane", "--key", str(path), "--yes")
        else:
            second.ok("enrol", "jane", "--key", str(path), "--yes")
            assert proved("jane", register(second).people["jane"].keys[-1])

    def test_a_public_key_alone_proves_nothing(self, second: Office) -> None:
        path = second.home / "alone.pub"
        path.write_text(Key("somebody").public + "\n")
        sentence = refused(second, "enrol", "jane", "--key", str(path), "--yes")
        assert "There is no private key beside" in sentence

    def test_a_register_with_problems(self, second: Office) -> None:
        second.play.write("people.yml", "people:\n  jane: [\n")
        ended = second.run("enrol", "jane", "--key", second.key("second"), "--yes")
        assert ended.status == 2
        assert ended.err.startswith("isodocs: people.yml:")

    def test_a_register_that_is_a_link(self, second: Office, tmp_path: Path) -> None:
        outside = tmp_path / "people.yml"
        (second.root / "people.yml").rename(outside)
        (second.root / "people.yml").symlink_to(outside)
        assert "that is an ordinary file" in refused(
            second, "enrol", "jane", "--key", second.key("second"), "--yes"
        )

    def test_no_settings(self, tmp_path: Path) -> None:
        office = Office(founded(tmp_path / "repo"))
        empty = tmp_path / "empty"
        empty.mkdir()
        subprocess.run(["git", "init", "-q", empty], check=True)
        ended = office.run("enrol", "jane", "--yes", cwd=empty)
        assert (ended.status, "isodocs init" in ended.err) == (2, True)
