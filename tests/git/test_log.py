from __future__ import annotations

from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.gitrepo import JANE, MAX, Repo

from isodocs.core.history import Commit, Identity
from isodocs.core.problem import CannotRun
from isodocs.git import log
from isodocs.git.log import LAST_SECOND, arguments, parse
from isodocs.git.repository import Repository

if TYPE_CHECKING:
    from collections.abc import Iterator


def commits(repo: Repo, tip: str = "HEAD") -> list[Commit]:
    """The commits of a repository, newest first."""
    repository = Repository.open(repo.path, repo.env)
    oid = repository.resolve(tip)
    assert oid is not None
    return [commit for commit, _ in parse(repository.stream(*arguments(oid)))]


def newest(repo: Repo) -> Commit:
    return commits(repo)[0]


def raw(repo: Repo, *headers: str, message: bytes = b"raw\n") -> str:
    """A commit object with just these headers after its tree, put under a branch ``raw``."""
    tree = repo.git("write-tree")
    text = "\n".join([f"tree {tree}", *headers, "", ""]).encode("utf-8", "surrogateescape") + message
    oid = repo.git("hash-object", "-t", "commit", "-w", "--literally", "--stdin", stdin=text)
    repo.git("update-ref", "refs/heads/raw", oid)
    return oid


def author(name: str = "A", mail: str = "a@example.org", time: str = "1700000000") -> list[str]:
    return [f"author {name} <{mail}> {time} +0000", "committer C <c@example.org> 1700000000 +0000"]


def test_a_commit_has_its_people_time_and_subject(repo: Repo) -> None:
    oid = repo.commit("What was done\n\nWhy.\n", {"a": "1"}, author=MAX, committer=JANE, date=1_767_600_000)
    assert newest(repo) == Commit(
        oid=oid,
        parents=(),
        author=Identity("Max Roe", "max@example.org"),
        committer=Identity("Jane Doe", "jane@example.org"),
        time=1_767_600_000,
        subject="What was done",
        diffs=newest(repo).diffs,
    )


def test_time_is_the_committers(repo: Repo) -> None:
    repo.commit("old work", {"a": "1"}, date=1_767_600_000, author_date=1_000_000_000)
    assert newest(repo).time == 1_767_600_000


def test_changes_name_modes_and_objects(repo: Repo) -> None:
    repo.commit("one", {"a": "1", "gone": "2"})
    repo.stage({"a": "3", "gone": None, "new": "4"})
    repo.git("update-index", "--chmod=+x", "a")
    repo.commit("two")
    changes = {change.path: change for change in newest(repo).diffs[0]}
    assert list(changes) == ["a", "gone", "new"]
    assert (changes["a"].old_mode, changes["a"].new_mode) == ("100644", "100755")
    assert changes["a"].new == repo.git("rev-parse", "HEAD:a")
    assert changes["gone"].removed
    assert changes["gone"].new == "0" * 40
    assert changes["new"].old == "0" * 40


def test_a_move_is_a_removal_and_an_addition(repo: Repo) -> None:
    repo.commit("one", {"a": "text " * 100})
    repo.commit("two", {"a": None, "b": "text " * 100})
    assert [(change.path, change.removed) for change in newest(repo).diffs[0]] == [("a", True), ("b", False)]


def test_a_link_and_a_file_that_becomes_one(repo: Repo) -> None:
    repo.commit("one", {"a": "1"})
    (repo.path / "a").unlink()
    (repo.path / "a").symlink_to("/etc/passwd")
    repo.git("add", "-A")
    repo.commit("two")
    assert [(change.old_mode, change.new_mode) for change in newest(repo).diffs[0]] == [("100644", "120000")]


@pytest.mark.parametrize(
    "name",
    ["-x.md", ":(glob)**", "line\nend.md", "\udcff\udcfe.md", "a\u0308.md", "tab\t.md", "commit 1", '"'],
)
def test_any_name_is_read_as_it_is(repo: Repo, name: str) -> None:
    repo.commit("one", {name: "1"})
    assert [change.path for change in newest(repo).diffs[0]] == [name]


MESSAGES = [
    "subject\n\n:100644 100644 aaa bbb M\n",
    "\n\n:000000 100644 0 1 A\n",
    "commit 0123456789012345678901234567890123456789\ntree x\nauthor X <x@y> 1 +0000\n",
    "s\n\nparent 0123456789012345678901234567890123456789\n",
    "s\n\n\x1e\x1f\x01\x02\x0b\x0c\x1c\x85\u2028\n",
    "s\r\n\r\nbody\r\n",
    "\udcff\udcfe\n\n\udc80\n",
    "    indented\n\n    :100644\n",
    "s\n\n(from 0123456789012345678901234567890123456789)\n",
    "",
    "\n\n\n",
    "no line end",
    "a" * 70_000,
    "\n" * 3000 + "late subject" + "\n" * 3000,
]


@pytest.mark.parametrize("message", MESSAGES)
@pytest.mark.parametrize("files", [{}, {"b": "2"}])
def test_a_message_forges_nothing(repo: Repo, message: str, files: dict[str, str]) -> None:
    first = repo.commit("first", {"a": "1"})
    second = repo.commit(message, files, author=MAX)
    third = repo.commit("third", {"a": "3"})
    found = commits(repo)
    assert [commit.oid for commit in found] == [third, second, first]
    assert [commit.parents for commit in found] == [(second,), (first,), ()]
    assert found[1].author.email == "max@example.org"
    assert [change.path for change in found[1].diffs[0]] == list(files)
    assert found[1].coauthors == ()


def test_a_message_that_holds_a_nul_ends_there_as_git_reads_it(repo: Repo) -> None:
    forged = b"s\n\n\0commit 1\n\nCo-authored-by: X <x@y>\n"
    oid = raw(repo, *author(), message=forged)
    assert [(commit.oid, commit.subject) for commit in commits(repo, "raw")] == [(oid, "s")]


def test_headers_forge_nothing(repo: Repo) -> None:
    first = repo.commit("first", {"a": "1"})
    headers = [
        f"parent {first}",
        *author(),
        f"parent {'1' * 40}",
        "author Evil <evil@example.org> 1 +0000",
        ":100644 x",
        "commit 1",
    ]
    oid = raw(repo, *headers)
    found = commits(repo, "raw")
    assert [(commit.oid, commit.parents) for commit in found] == [(oid, (first,)), (first, ())]
    assert found[0].author.email == "a@example.org"
    assert found[0].diffs == ((),)


def test_a_signature_in_a_commit_is_skipped(repo: Repo) -> None:
    raw(
        repo,
        *author(),
        "gpgsig -----BEGIN SSH SIGNATURE-----",
        " parent x",
        " :100644 1",
        " -----END SSH SIGNATURE-----",
    )
    found = commits(repo, "raw")[0]
    assert (found.parents, found.author.name, found.subject) == ((), "A", "raw")


def test_a_parent_named_twice_has_two_diffs(repo: Repo) -> None:
    first = repo.commit("first", {"a": "1"})
    repo.stage({"a": "2"})
    raw(repo, f"parent {first}", f"parent {first}", *author())
    found = commits(repo, "raw")[0]
    assert found.parents == (first, first)
    assert [[change.path for change in diff] for diff in found.diffs] == [["a"], ["a"]]


@pytest.mark.parametrize(
    ("header", "name", "email"),
    [
        ("author  <> 1 +0000", "", ""),
        ("author Max <max@example.org> <jane@example.org> 1 +0000", "Max", "max@example.org"),
        ("author Max", "Max", ""),
        ("author \udcff\udcfe <\udcff@x> 1 +0000", "\ufffd\ufffd", "\ufffd@x"),
        ("author J\u00f6rg <j@example.org> x +0000", "J\u00f6rg", "j@example.org"),
    ],
)
def test_odd_people_are_cut_as_git_cuts_them(repo: Repo, header: str, name: str, email: str) -> None:
    raw(repo, header, "committer C <c@example.org> 1 +0000")
    assert commits(repo, "raw")[0].author == Identity(name, email)


@pytest.mark.parametrize(
    ("time", "seconds"), [("0", 0), ("-5", 0), ("x", 0), ("", 0), ("9" * 30, LAST_SECOND), ("\u0663", 0)]
)
def test_odd_times_stay_within_the_calendar(repo: Repo, time: str, seconds: int) -> None:
    raw(repo, "author A <a@x> 1 +0000", f"committer C <c@x> {time} +0000")
    assert commits(repo, "raw")[0].time == seconds


def test_a_commit_without_people_is_still_a_commit(repo: Repo) -> None:
    raw(repo, "x-header y")
    found = commits(repo, "raw")[0]
    assert (found.author, found.committer, found.time) == (Identity("", ""), Identity("", ""), 0)


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("ISO-8859-1", "J\u00f6rg"),
        ("latin1", "J\u00f6rg"),
        ("utf-7", "J\ufffdrg"),
        ("iso-nonsense", "J\ufffdrg"),
        ("koi8-r", "J\u0416rg"),
    ],
)
def test_an_encoding_is_honoured_where_it_leaves_ascii_alone(repo: Repo, encoding: str, name: str) -> None:
    raw(repo, "author J\udcf6rg <j@example.org> 1 +0000", "committer C <c@x> 1 +0000", f"encoding {encoding}")
    found = commits(repo, "raw")[0]
    assert found.author == Identity(name, "j@example.org")


def test_an_encoding_cannot_turn_bytes_into_headers(repo: Repo) -> None:
    hidden = "+AAoACg-parent +AAA- Co-authored-by: X +ADw-x@y+AD4-"
    raw(repo, f"author {hidden} <a@example.org> 1 +0000", "committer C <c@x> 1 +0000", "encoding UTF-7")
    found = commits(repo, "raw")[0]
    assert (found.parents, found.author.email, found.coauthors) == ((), "a@example.org", ())


TRAILERS = [
    ("s\n\nCo-authored-by: Jane Doe <jane@example.org>\n", ["jane@example.org"]),
    (
        "s\n\nbody\n\nCO-AUTHORED-BY:Jane <jane@example.org>\nAcked-by: X <x@y>\nco-authored-by: M <m@x>",
        ["jane@example.org", "m@x"],
    ),
    ("s\n\nCo-authored-by: early <early@x>\n\nbody\n", []),
    ("s\n\nCo-authored-by: A <a@x>, B <b@x>\n", ["a@x", "b@x"]),
    ("s\n\nCo-authored-by: Folded\n  Name <f@x>\n", ["f@x"]),
    ("s\r\n\r\nCo-authored-by: A <a@x>\r\n\r\n\r\n", ["a@x"]),
    ("s\n\nNot Co-authored-by: A <a@x>\n", []),
    ("s\n\nCo-authored-by: nobody\n", []),
    ("s\n\nCo-authored-by: A <>\n", [""]),
    ("Co-authored-by: A <a@x>", ["a@x"]),
    ("s\n\n(cherry picked from x)\nCo-authored-by: A <a@x>\n", ["a@x"]),
]


@pytest.mark.parametrize(("message", "emails"), TRAILERS)
def test_coauthors_stand_in_the_last_paragraph(repo: Repo, message: str, emails: list[str]) -> None:
    repo.commit(message, {"a": "1"})
    assert [person.email for person in newest(repo).coauthors] == emails


def test_a_long_hostile_trailer_takes_no_long_time(repo: Repo) -> None:
    repo.commit(
        "s\n\nCo-authored-by: " + "a" * 1_000_000 + "\nCo-authored-by: " + "<" * 1_000_000, {"a": "1"}
    )
    assert newest(repo).coauthors == ()


def test_the_subject_is_the_first_paragraph_in_one_line(repo: Repo) -> None:
    repo.commit("\n\nfirst\nline\n\nbody")
    assert newest(repo).subject == "first line"


def test_how_the_bytes_are_cut_does_not_matter(repo: Repo) -> None:
    repo.commit("one", {"a": "1", "line\nend": "2"})
    repo.branch("side")
    repo.commit("", {"b": "1"})
    repo.switch("main")
    repo.commit("main", {"c": "1"})
    repo.merge("side")
    data = repo.run(*arguments(repo.head())).stdout
    whole = list(parse([data]))
    assert len(whole) == 4
    for size in (1, 2, 3, 7, 41, 100):
        assert list(parse(data[at : at + size] for at in range(0, len(data), size))) == whole


ODD = st.text(st.sampled_from("a >< \t\xa0é0+-"), max_size=6)
NUMBER = st.from_regex(r"[0-9]{0,17}", fullmatch=True)
ZONE = st.sampled_from(["+0000", "-0130", "", "+00", "0000", "+00000"])


@given(
    st.lists(st.tuples(ODD, ODD, NUMBER, ZONE), min_size=2, max_size=2),
    st.integers(0, 3),
    st.sampled_from([[], ["encoding latin-1"]]),
)
def test_plain_headers_are_read_as_any_are(
    people: list[tuple[str, str, str, str]], parents: int, more: list[str]
) -> None:
    lines = [f"commit {'c' * 40}", f"tree {'d' * 40}", *(f"parent {n}{'e' * 39}" for n in range(parents))]
    for role, (name, email, time, zone) in zip(("author", "committer"), people, strict=True):
        lines.append(f"{role} {name}<{email}> {time} {zone}")
    data = ("\n".join([*lines, *more]) + "\n\n    a subject\n").encode()
    with patch.object(log, "_plain_headers", return_value=None):
        slowly = list(parse([data]))
    assert list(parse([data])) == slowly


def test_the_same_name_is_kept_once(repo: Repo) -> None:
    for number in range(3):
        repo.commit(str(number), {"documents/a.md": str(number)})
    found = commits(repo)
    assert found[0].diffs[0][0].path is found[1].diffs[0][0].path
    assert found[0].diffs[0][0].old is found[1].diffs[0][0].new


def test_it_reads_as_a_stream(repo: Repo) -> None:
    for number in range(3):
        repo.commit(str(number), {"a": str(number)})
    data = repo.run(*arguments(repo.head())).stdout
    asked = 0

    def chunks() -> Iterator[bytes]:
        nonlocal asked
        for at in range(0, len(data), 10):
            asked += 10
            yield data[at : at + 10]

    first, _ = next(parse(chunks()))
    assert first.subject == "2"
    assert asked < len(data)


def test_nothing_makes_nothing() -> None:
    assert list(parse([])) == []
    assert list(parse([b"", b""])) == []


@pytest.mark.parametrize("data", [b"rubbish", b"\0\0", b":100644 100644 a b M\0path\0"])
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(CannotRun, match="unexpected"):
        list(parse([data]))
