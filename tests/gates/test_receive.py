"""The gate on a server, pushed to by a real git: what is refused whatever it brings, and what goes in."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from gates.world import DOC, MAIN, Company, renaming, rightful, unapproved
from support.company import Settings
from support.gitrepo import Repo
from support.play import who

from isodocs.gates.receive import names_ever
from isodocs.git.repository import Repository

if TYPE_CHECKING:
    from pathlib import Path

    from gates.conftest import Server

DRAFT = "refs/heads/draft"


def approved_elsewhere(p: Company) -> str:
    """A rightful revision of SOP-001."""
    p.branch("b")
    p.revise("SOP-001", "2")
    p.sign("SOP-001", "anna")
    p.signs("SOP-001", "jane")
    return p.merge("b")


# --- what goes in ---


def test_a_rightful_push_is_accepted_and_counted(server: Server, attempts: dict[str, str]) -> None:
    said = server.takes(f"{attempts['rightful']}:{MAIN}")
    assert said == "No problems. 2 documents judged (push, release)."
    assert server.refs()[MAIN] == attempts["rightful"]


def test_drafts_and_tags_pass_without_a_word(server: Server, attempts: dict[str, str]) -> None:
    specs = (f"{attempts['unapproved']}:{DRAFT}", f"{attempts['seized']}:refs/tags/v1")
    assert server.takes(*specs) == ""
    assert server.takes(f"+{attempts['forced']}:{DRAFT}", ":refs/tags/v1") == ""
    assert server.refs()[DRAFT] == attempts["forced"]


def test_one_bad_ref_refuses_the_whole_push(server: Server, attempts: dict[str, str]) -> None:
    specs = (f"{attempts['rightful']}:{DRAFT}", f"{attempts['unapproved']}:{MAIN}")
    assert "AP101" in server.refuses(*specs)
    assert "kept by the server" in server.refuses(
        f"{attempts['rightful']}:{MAIN}", f"{attempts['rightful']}:refs/isodocs/push-certificates"
    )


def test_warnings_about_what_a_push_does_not_touch_are_only_counted(
    server: Server, attempts: dict[str, str]
) -> None:
    """They would drown what concerns the person who pushes."""

    def beside(p: Company) -> str:
        p.repo.git("reset", "-q", "--hard", attempts["unapproved"])
        p.write("README.md", "Something else\n")
        return p.commit("max")

    tip = server.company.attempt(beside)
    server.takes(f"{attempts['unapproved']}:{DRAFT}")
    server.bare.git("update-ref", MAIN, attempts["unapproved"])
    said = server.takes(f"{tip}:{MAIN}")
    assert "WI-001" not in said
    assert re.search(r"Left aside: \d+ on what this push does not touch; `isodocs check` shows them", said)


def test_what_people_see_is_short_and_says_what_to_do(server: Server, attempts: dict[str, str]) -> None:
    server.refuses(f"{attempts['unapproved']}:{MAIN}", env={"FORCE_COLOR": "1"})
    assert server.lines[0] == "isodocs: refused; main stays as it is, and so does all else."
    assert f"{DOC}:6:11: AP101 Revision 2 is not approved: quality-manager (bob or" not in server.lines
    assert any(line.startswith(f"{DOC}:6:11: AP101 Revision 2") for line in server.lines)
    assert "      isodocs approve WI-001 --role quality-manager" in server.lines
    assert "Blocked. What comes next:" in server.lines
    assert max(map(len, server.lines)) <= 72
    assert "\x1b" not in "".join(server.lines)


def test_drafts_pass_beside_a_draft_of_the_register(server: Server, attempts: dict[str, str]) -> None:
    """What is pushed never says which branch is the mainline."""
    tip = server.company.attempt(renaming)
    server.takes(f"{tip}:{DRAFT}")
    assert "AP101" in server.refuses(f"{attempts['unapproved']}:{MAIN}")


# --- what is refused whatever it brings ---


@pytest.mark.parametrize(
    ("spec", "word"),
    [
        ("{base}:refs/replace/{root}", "would replace an object"),
        (":refs/heads/main", "would delete main"),
        ("{base}:refs/heads/Main", "nothing but case"),
        ("{base}:refs/tags/main", "could be taken for main"),
        ("{base}:refs/heads/HEAD", "HEAD itself"),
        ("{base}:refs/isodocs/anything", "kept by the server"),
    ],
)
def test_refs_that_no_push_may_touch(server: Server, spec: str, word: str) -> None:
    play = server.company
    assert word in server.refuses(spec.format(base=play.base, root=play.root))


def test_a_name_that_could_drive_a_terminal(server: Server) -> None:
    server.refuses(f"{server.company.base}:refs/isodocs/a\u202eb")
    assert "\u202e" not in "".join(server.lines)
    assert "kept by the server" in " ".join(server.lines)


def test_an_annotated_tag_is_no_tip(server: Server, attempts: dict[str, str]) -> None:
    repo = server.company.repo
    env = repo.signature(who("max"), None, None, None)
    repo.run("tag", "-f", "-a", "-m", "A tag", "annotated", attempts["rightful"], env=env)
    tag = repo.git("rev-parse", "refs/tags/annotated")
    assert "is no commit" in server.refuses(f"{tag}:{MAIN}")
    server.takes("refs/tags/annotated")


def test_the_mainline_is_not_deleted_by_another_name(server: Server) -> None:
    server.bare.git("symbolic-ref", "refs/heads/master", MAIN)
    assert "another name for" in server.refuses(":refs/heads/master")


@pytest.mark.parametrize("target", [MAIN, "refs/isodocs/push-certificates"])
def test_no_way_around_by_another_name(server: Server, target: str, attempts: dict[str, str]) -> None:
    """A symbolic ref on the server: git moves what it stands for."""
    server.bare.git("symbolic-ref", "refs/heads/master", target)
    assert "another name for" in server.refuses(f"{attempts['unapproved']}:refs/heads/master")
    assert server.bare.git("symbolic-ref", "refs/heads/master") == target


def test_a_mainline_that_is_another_name_itself(server: Server, attempts: dict[str, str]) -> None:
    """Else whoever pushes to what it stands for moves the mainline unjudged."""
    server.bare.git("branch", "-m", "main", "trunk")
    server.bare.git("symbolic-ref", MAIN, "refs/heads/trunk")
    for name in ("main", "trunk"):
        said = server.refuses(f"{attempts['unapproved']}:refs/heads/{name}")
        assert "git symbolic-ref --delete" in said or "another name for" in said


def test_push_options_and_git_settings_of_the_client_change_nothing(
    server: Server, attempts: dict[str, str]
) -> None:
    server.bare.git("config", "receive.advertisePushOptions", "true")
    options = ("-o", "profile=draft", "-o", "--mainline=draft", "-o", "isodocs.skip")
    said = server.refuses(*options, f"{attempts['unapproved']}:{MAIN}")
    assert "AP101" in said


def test_head_of_the_server_does_not_matter_once_installed(server: Server, attempts: dict[str, str]) -> None:
    server.takes(f"{attempts['rightful']}:{DRAFT}")
    server.bare.git("symbolic-ref", "HEAD", DRAFT)
    assert "AP101" in server.refuses(f"{attempts['unapproved']}:{MAIN}")


@pytest.mark.parametrize("allowed", ["false", "true"])
def test_a_shallow_push_is_refused(
    server: Server, attempts: dict[str, str], allowed: str, tmp_path: Path
) -> None:
    """Also where the server would take one in: the past would be missing, for the mainline too."""
    server.company.repo.git("branch", "-f", "cut", attempts["rightful"])
    source = server.company.repo.path.as_uri()
    server.company.repo.git("clone", "-q", "--depth", "1", "-b", "cut", source, str(tmp_path / "shallow"))
    server.company.repo.git("branch", "-q", "-D", "cut")
    clone, before = Repo(tmp_path / "shallow", create=False), server.refs()
    server.bare.git("config", "receive.shallowUpdate", allowed)
    for ref in (MAIN, DRAFT):
        done = clone.run("push", str(server.bare.path), f"+HEAD:{ref}", check=False)
        assert done.returncode
        assert b"shallow" in done.stderr
    assert server.refs() == before
    assert not (server.bare.path / "shallow").exists()


def test_a_server_with_replaced_objects_judges_nothing(server: Server, attempts: dict[str, str]) -> None:
    """Until a push, or the administrator, takes the replacement away."""
    ref = f"refs/replace/{server.company.base}"
    server.bare.git("update-ref", ref, server.company.root)
    assert "HX102" in server.refuses(f"{attempts['rightful']}:{MAIN}")
    server.takes(f":{ref}")
    server.takes(f"{attempts['rightful']}:{MAIN}")


def test_grafts_on_the_server(server: Server, attempts: dict[str, str]) -> None:
    grafts = server.bare.path / "info" / "grafts"
    grafts.parent.mkdir(exist_ok=True)
    grafts.write_text(f"{server.company.base}\n")
    assert "grafts" in server.refuses(f"{attempts['rightful']}:{MAIN}")


def test_no_settings_weaken_what_guards_history(server: Server) -> None:
    """Not even a signed setting may let the past be rewritten: such settings are none."""

    def lenient(p: Company) -> str:
        text = p.read("isodocs.yml").decode()
        p.write("isodocs.yml", text + 'rules: {HX103: {draft: "off", release: "off"}}\n')
        p.authorise("jane")
        return p.commit("jane")

    tip = server.company.attempt(lenient)
    assert "AU101" in server.refuses(f"{tip}:{MAIN}")


# --- which branch is the mainline ---


def test_the_first_push_brings_the_trust_root(empty: Server) -> None:
    empty.install()
    play = empty.company
    assert f"The trust root is {play.root}" in empty.takes(f"{play.base}:{MAIN}")


def test_the_pinned_trust_root_alone(empty: Server) -> None:
    play = empty.company
    empty.install("--trust-root", play.granted)
    assert f"The trust root {play.granted[:12]} is not on the mainline" in empty.refuses(
        f"{play.root}:{MAIN}"
    )
    assert "pin it" not in empty.takes(f"{play.base}:{MAIN}")


def test_a_first_push_without_settings_and_people(empty: Server) -> None:
    empty.install()
    other = Repo(empty.bare.path.parent / "other")
    tip = other.commit("No company\n", {"README.md": "Nothing\n"})
    done = other.run("push", str(empty.bare.path), f"{tip}:{MAIN}", check=False)
    assert done.returncode
    assert "holds a readable isodocs.yml" in " ".join(done.stderr.decode().replace("remote:", "").split())
    assert empty.refs() == {}


def test_nothing_goes_in_before_the_mainline(empty: Server) -> None:
    """HEAD names master, as on many servers, and the company's mainline is main."""
    empty.bare.git("symbolic-ref", "HEAD", "refs/heads/master")
    empty.install()
    base = empty.company.base
    assert "The mainline of this server is master" in empty.refuses(f"{base}:{MAIN}")
    assert "The mainline of this server is master" in empty.refuses(f"{base}:refs/tags/v1")
    said = empty.refuses(f"{base}:refs/heads/master")
    assert "call main the mainline; here it is master" in said
    assert "HEAD names main now" in empty.install("--mainline", "main")
    empty.takes(f"{base}:{MAIN}", f"{base}:{DRAFT}")


def test_a_signed_change_of_the_mainlines_name(server: Server, attempts: dict[str, str]) -> None:
    play = server.company
    tip = play.attempt(renaming)

    def on_trunk(p: Company) -> str:
        p.repo.git("reset", "-q", "--hard", tip)
        return approved_elsewhere(p)

    server.takes(f"{attempts['unapproved']}:refs/heads/trunk")
    assert "refs/heads/trunk holds something else" in server.refuses(f"{tip}:{MAIN}")
    server.takes(":refs/heads/trunk")
    assert "holds something else" in server.refuses(f"{tip}:{MAIN}", f"{attempts['seized']}:refs/heads/trunk")
    server.takes(f"{tip}:{MAIN}")

    assert "was the mainline" in server.refuses(f"{play.attempt(on_trunk)}:{MAIN}")
    assert "HX103" in server.refuses(f"{attempts['rightful']}:refs/heads/trunk")
    after = play.attempt(on_trunk)
    server.takes(f"{after}:refs/heads/trunk")
    assert "HX103" in server.refuses(f"+{tip}:refs/heads/trunk")
    assert "would delete trunk" in server.refuses(":refs/heads/trunk")
    assert "was the mainline" in server.refuses(":refs/heads/main")
    assert "judges every push of trunk" in server.install()


def test_an_unsigned_change_of_the_name_is_no_change(server: Server, attempts: dict[str, str]) -> None:
    def unsigned(p: Company) -> str:
        p.write("isodocs.yml", p.read("isodocs.yml").decode().replace("mainline: main", "mainline: draft"))
        return p.commit("max")

    assert "AU101" in server.refuses(f"{server.company.attempt(unsigned)}:{MAIN}")
    assert "AP101" in server.refuses(f"{attempts['unapproved']}:{MAIN}")


def test_an_unsigned_name_that_came_past_the_gate_is_no_name(
    server: Server, attempts: dict[str, str]
) -> None:
    """Somebody with a shell on the server put it there: what was adopted last still says main."""
    play = server.company

    def unsigned(p: Company) -> str:
        p.write("isodocs.yml", p.read("isodocs.yml").decode().replace("mainline: main", "mainline: draft"))
        return p.commit("max")

    tip = play.attempt(unsigned)
    server.takes(f"{tip}:refs/heads/past")
    server.bare.git("update-ref", MAIN, tip)
    server.bare.git("update-ref", "-d", "refs/heads/past")
    assert server.takes(f"{attempts['unapproved']}:{DRAFT}") == ""
    assert "HX103" in server.refuses(f"+{attempts['unapproved']}:{MAIN}")
    assert server.takes(f":{DRAFT}") == ""
    assert "would delete main" in server.refuses(f":{MAIN}")


def test_every_name_that_the_settings_ever_gave(tmp_path: Path) -> None:
    """Also one that a side branch brought, and one that was taken back at once; not one that stayed there."""
    repo = Repo(tmp_path / "names")

    def names(name: str) -> dict[str, str]:
        return {"isodocs.yml": Settings().text().replace("mainline: main", f"mainline: {name}")}

    repo.commit("one", names("one"))
    repo.commit("other", {"README.md": "x\n"})
    repo.branch("side")
    repo.commit("left out", names("left-out"))
    repo.commit("two", names("two"))
    repo.switch("main")
    repo.merge("side")
    repo.commit("three", names("three"))
    repo.commit("broken", {"isodocs.yml": "x: ["})
    repo.commit("gone", {"isodocs.yml": None})
    repo.commit("four", names("four"))
    repository = Repository.open(repo.path, repo.env)
    assert names_ever(repository, repo.head()) == {"one", "two", "three", "four"}
    assert names_ever(repository, repo.git("rev-parse", "HEAD~2")) == {"one", "two", "three"}


# --- what cannot be judged ---


def hook(server: Server, stdin: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run the hook as git would, but with other words."""
    return subprocess.run(
        [str(server.bare.path / "hooks" / "pre-receive")],
        cwd=server.bare.path,
        env={**server.bare.env, "GIT_DIR": ".", **env},
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("words", ["", "nonsense\n", "0 1 refs/heads/main\n"])
def test_words_that_are_not_gits(server: Server, words: str) -> None:
    done = hook(server, words)
    assert done.returncode != 0
    assert done.stderr.startswith("isodocs: ")


def test_a_namespace_is_refused(server: Server) -> None:
    line = f"{server.company.base} {server.company.base} {MAIN}\n"
    assert hook(server, line).returncode == 0
    done = hook(server, line, GIT_NAMESPACE="other")
    assert done.returncode == 2
    assert "GIT_NAMESPACE" in done.stderr


def test_what_the_push_took_for_the_old_tip_must_be_it(server: Server, attempts: dict[str, str]) -> None:
    done = hook(server, f"{'0' * 40} {attempts['rightful']} {MAIN}\n")
    assert done.returncode == 2
    assert "moved while this push came in" in done.stderr


def test_a_missing_object_is_refused(server: Server) -> None:
    done = hook(server, f"{server.company.base} {'1' * 40} {MAIN}\n")
    assert done.returncode == 2
    assert "is no commit" in done.stderr


def test_a_hook_whose_python_has_gone_lets_nothing_in(server: Server, attempts: dict[str, str]) -> None:
    path = server.bare.path / "hooks" / "pre-receive"
    path.write_text(path.read_text().replace(sys.executable, "/nonexistent/python"))
    server.refuses(f"{attempts['rightful']}:{MAIN}")


def test_nothing_that_lies_on_the_server_is_imported(server: Server, attempts: dict[str, str]) -> None:
    """Neither from the folder of the hook nor from the environment of the process."""
    for folder in (server.bare.path, server.bare.path / "hooks"):
        (folder / "isodocs").mkdir(exist_ok=True)
        (folder / "isodocs" / "__init__.py").write_text("raise SystemExit(0)\n")
        (folder / "json.py").write_text("raise SystemExit(0)\n")
        (folder / "sitecustomize.py").write_text("raise SystemExit(0)\n")
    env = {"PYTHONPATH": str(server.bare.path), "PYTHONHOME": "/nonexistent", "PYTHONSTARTUP": "x"}
    assert "AP101" in server.refuses(f"{attempts['unapproved']}:{MAIN}", env=env)


@pytest.mark.parametrize("instruction", ["bash_source", "bash_complete", "zsh_source"])
def test_shell_completion_opens_no_door(server: Server, attempts: dict[str, str], instruction: str) -> None:
    """What makes the Tab key work ends with status 0, and a variable asks for it."""
    env = {"_ISODOCS_COMPLETE": instruction, "COMP_WORDS": "isodocs", "COMP_CWORD": "0"}
    assert "AP101" in server.refuses(f"{attempts['unapproved']}:{MAIN}", env=env)


def test_by_hand_it_says_what_it_is(server: Server) -> None:
    master, slave = os.openpty()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "isodocs", "receive"],
            cwd=server.bare.path, env=server.bare.env, stdin=slave, capture_output=True, check=False,
        )  # fmt: skip
    finally:
        os.close(master)
        os.close(slave)
    assert done.returncode == 2
    assert b"isodocs receive --install" in done.stderr


def test_two_pushes_at_once_one_goes_in(server: Server, attempts: dict[str, str]) -> None:
    """Both are judged against the tip they found; git lets only one move it."""
    tips = (attempts["rightful"], server.company.attempt(approved_elsewhere))
    repo = server.company.repo
    both = [
        subprocess.Popen(
            ["git", "push", "-q", str(server.bare.path), f"{tip}:{MAIN}"],
            cwd=repo.path, env=repo.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        for tip in tips
    ]  # fmt: skip
    codes = [process.wait() for process in both]
    assert sorted(code == 0 for code in codes) == [False, True] or server.refs()[MAIN] in tips
    assert server.broken() == ""


def test_it_works_with_long_object_names(company: Company, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A repository of SHA-256 objects."""
    folder = tmp_path_factory.mktemp("sha256")
    bare = Repo(folder / "qms.git", bare=True, object_format="sha256")
    clone = Repo(folder / "clone", object_format="sha256")
    tree = {
        name: company.repo.run("cat-file", "blob", f"{company.root}:{name}").stdout
        for name in company.repo.git("ls-tree", "-r", "--name-only", company.root).splitlines()
    }
    clone.commit("Root\n", tree, author=who("max"), date=company.repo.clock)
    subprocess.run(
        [sys.executable, "-m", "isodocs", "receive", "--install"], cwd=bare.path, env=bare.env, check=True,
        capture_output=True,
    )  # fmt: skip
    clone.git("push", "-q", str(bare.path), "main")
    clone.commit("Change\n", {DOC: "Other words\n"}, author=who("max"), date=company.repo.clock)
    done = clone.run("push", str(bare.path), "main", check=False)
    assert done.returncode
    assert b"HX101" in done.stderr


def test_attempts_leave_the_clone_as_it_is(company: Company) -> None:
    for way in (rightful, unapproved):
        company.attempt(way)
    assert company.tip() == company.base
    assert company.repo.git("status", "--porcelain") == ""
