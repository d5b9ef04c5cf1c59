"""Signing at a terminal: the passphrase is asked unseen, answers are typed."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import subprocess
import sys
import termios
import time
from typing import TYPE_CHECKING

import pytest
from support.untouched import photograph

if TYPE_CHECKING:
    from collections.abc import Sequence

    from support.office import Office

PATIENCE = 60
INTERRUPT = "\x03"


def at_terminal(office: Office, words: Sequence[str], talk: Sequence[tuple[str, str]]) -> tuple[int, str]:
    """Run isodocs at a terminal, typing each answer after its prompt; exit status, and all that was seen.

    An interrupt is pressed again while the program stays silent, as a person would: one that comes between
    the prompt and the blocking read is noted by Python, but does not wake the read.
    """
    leader, follower = pty.openpty()
    env = {**office.env("jane"), "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "TERM": "xterm"}
    process = subprocess.Popen(
        [sys.executable, "-m", "isodocs", *words],
        cwd=office.root,
        env=env,
        stdin=follower,
        stdout=follower,
        stderr=follower,
        start_new_session=True,
        preexec_fn=_sit_down,  # noqa: PLW1509 - there is one thread
    )
    os.close(follower)
    seen, end, waiting, typed = "", time.monotonic() + PATIENCE, list(talk), ""
    while time.monotonic() < end:
        if select.select([leader], [], [], 0.5)[0]:
            try:
                seen += os.read(leader, 65536).decode()
            except OSError:  # the other side is gone: the program ended
                break
        elif typed == INTERRUPT:
            os.write(leader, typed.encode())
        if waiting and seen.rstrip(" ").endswith(waiting[0][0]):
            typed = waiting.pop(0)[1]
            os.write(leader, typed.encode())
    os.close(leader)
    return process.wait(), seen.replace("\r\n", "\n")


def _sit_down() -> None:
    """Make the terminal the program's own; its interrupt key works even if we run in the background."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def protect(office: Office) -> None:
    subprocess.run(
        ["ssh-keygen", "-q", "-p", "-P", "", "-N", "secret", "-f", office.key("jane")],
        check=True,
        stdout=subprocess.DEVNULL,
    )


def test_question_and_passphrase(drafted: Office) -> None:
    protect(drafted)
    talk = [("Sign this? [y/N]:", "y\n"), (f"Passphrase for {drafted.key('jane')}:", "secret\n")]
    status, seen = at_terminal(drafted, ["approve", "WI-001"], talk)
    assert status == 0, seen
    assert "secret" not in seen
    assert "\x1b[32m+This is the text of revision 2.\x1b[0m" in seen
    assert "Signed and staged: signatures/WI-001/2/approved.jane." in seen


def test_a_wrong_passphrase(drafted: Office) -> None:
    protect(drafted)
    talk = [(f"Passphrase for {drafted.key('jane')}:", "wrong\n")]
    status, seen = at_terminal(drafted, ["approve", "WI-001", "--yes"], talk)
    assert status == 2
    assert "the passphrase is wrong" in seen
    assert drafted.status() == ""


def test_a_new_key_with_its_passphrase_twice(drafted: Office) -> None:
    path = drafted.home / "fresh"
    talk = [("(empty for none):", "secret\n"), ("again:", "secret\n")]
    status, seen = at_terminal(drafted, ["enrol", "jane", "--new", str(path), "--yes"], talk)
    assert status == 0, seen
    assert "secret" not in seen
    assert b"ssh-ed25519" in path.with_name("fresh.pub").read_bytes()


QUESTION, PASSPHRASE = "Sign this? [y/N]:", "Passphrase for {home}/jane:"
NEW, AGAIN = "(empty for none):", "again:"
ENROL = ("enrol", "jane", "--new", "{home}/fresh")
INTERRUPTED = {
    "the question": (("approve", "WI-001"), [(QUESTION, INTERRUPT)]),
    "the passphrase": (("approve", "WI-001"), [(QUESTION, "y\n"), (PASSPHRASE, INTERRUPT)]),
    "the first of several": (("approve", "WI-001", "SOP-001"), [("[q]uit:", INTERRUPT)]),
    "the passphrase for several": (
        ("approve", "WI-001", "SOP-001"),
        [("[q]uit:", "y\n"), (PASSPHRASE, INTERRUPT)],
    ),
    "a periodic review": (("reaffirm", "WI-001"), [(QUESTION, INTERRUPT)]),
    "a withdrawal": (("withdraw", "WI-001", "--reason", "No."), [(QUESTION, INTERRUPT)]),
    "settings": (("authorise",), [(QUESTION, INTERRUPT)]),
    "enrolling": (ENROL, [("people.yml? [y/N]:", INTERRUPT)]),
    "a new passphrase": (ENROL, [("people.yml? [y/N]:", "y\n"), (NEW, INTERRUPT)]),
    "the same again": (ENROL, [("people.yml? [y/N]:", "y\n"), (NEW, "secret\n"), (AGAIN, INTERRUPT)]),
}


@pytest.mark.parametrize("where", INTERRUPTED)
def test_the_interrupt_key_at_each_question_writes_nothing(drafted: Office, where: str) -> None:
    protect(drafted)
    drafted.play.write("mkdocs.yml", "site_name: b\n")
    drafted.play.commit("max")
    words, talk = INTERRUPTED[where]
    before = photograph(drafted.root)
    typed = [(prompt.format(home=drafted.home), answer) for prompt, answer in talk]
    status, seen = at_terminal(drafted, [word.format(home=drafted.home) for word in words], typed)
    assert status in {2, 130}, seen
    assert "Traceback" not in seen
    assert "isodocs: " in seen
    assert photograph(drafted.root) == before
    assert not (drafted.home / "fresh").exists()


def test_the_interrupt_key_at_the_second_of_several_keeps_the_first(drafted: Office) -> None:
    talk = [("[q]uit:", "y\n"), ("[q]uit:", INTERRUPT)]
    status, seen = at_terminal(drafted, ["approve", "WI-001", "SOP-001"], talk)
    assert status in {2, 130}, seen
    assert "Signed and staged: WI-001 revision 2. Left as they were: SOP-001." in seen
    assert len(drafted.staged()) == 2


def test_the_interrupt_key_takes_nothing_back(drafted: Office) -> None:
    drafted.ok("approve", "WI-001", "--yes")
    before = photograph(drafted.root)
    status, seen = at_terminal(drafted, ["undo"], [("signature? [y/N]:", INTERRUPT)])
    assert status in {2, 130}, seen
    assert photograph(drafted.root) == before
