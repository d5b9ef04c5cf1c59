"""Push certificates, kept as witness of time: who signed which push, and when this server took it in.

``git push --signed`` sends a signed list of the refs it moves (git-push(1)). Git hands it to the hooks as a
blob and then forgets it. Here each becomes a commit below ``refs/isodocs/push-certificates``: the
certificate's exact bytes, and beside them what the server saw. The signature is verified by our own code.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from isodocs.core.identity import format_time, parse_time
from isodocs.core.problem import CannotRun
from isodocs.gates.receive import Gate, refs_of
from isodocs.git.tree import commit_tree
from isodocs.signing.verify import Verdict, check
from isodocs.workspace.contents import required

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from isodocs.gates.updates import Update
    from isodocs.git.repository import Repository

REF = "refs/isodocs/push-certificates"
NAMESPACE = "git"
KEPT_AS, SEEN_AS = "certificate", "witness.json"
_ATTEMPTS = 20
_BEGIN = b"-----BEGIN SSH SIGNATURE-----\n"
_SAYS = re.compile(r"[A-Z]{1,20}")
_HEADER = re.compile(r"(pusher|pushee|nonce) (.*)")
_PUSHER = re.compile(r"(.*) (\d{1,11}) [+-]\d{4}")
_LONGEST = 1 << 20


@dataclass(frozen=True, slots=True)
class Certificate:
    """A push certificate as it was sent. Nothing of it is verified.

    Attributes:
        pusher: how the one who pushes calls the key.
        claimed: when it was signed, by the pusher's clock, in seconds since 1970; None if it cannot be read.
        nonce: the server's number that it carries; empty if none.
        moves: the lines ``OLD NEW REF``.
        signed: the bytes under the signature.
        signature: the armour.
    """

    pusher: str
    claimed: int | None
    nonce: str
    moves: tuple[str, ...]
    signed: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Witness:
    """A kept certificate, verified again when it is read.

    Attributes:
        commit: that keeps it.
        received: when the server took it in, by its own clock: UTC as text.
        person: whose key it is, by the register that governed then; None if nobody's.
        nonce: what git said of the server's number: OK, SLOP, BAD, UNSOLICITED, MISSING.
        moved: the refs that moved, as ``OLD NEW REF``.
        verdict: on the signature.
        certificate: as it was sent.
    """

    commit: str
    received: str
    person: str | None
    nonce: str
    moved: tuple[str, ...]
    verdict: Verdict
    certificate: Certificate


def parse(data: bytes) -> Certificate:
    """Take a certificate apart, whatever it holds."""
    begin = data.find(b"\n" + _BEGIN) + 1
    signed, signature = (data[:begin], data[begin:]) if begin else (data, b"")
    head, _, body = signed.decode("utf-8", "replace").partition("\n\n")
    lines = (match for line in head.split("\n") if (match := _HEADER.fullmatch(line)))
    facts = {match[1]: match[2] for match in lines}
    pusher = _PUSHER.fullmatch(facts.get("pusher", ""))
    return Certificate(
        pusher=pusher[1].strip() if pusher else facts.get("pusher", ""),
        claimed=int(pusher[2]) if pusher else None,
        nonce=facts.get("nonce", ""),
        moves=tuple(line for line in body.split("\n") if line),
        signed=signed,
        signature=signature,
    )


def verify(certificate: Certificate) -> Verdict:
    """Whether the signature fits, by the key it carries."""
    if not certificate.signature:
        why = "it carries no SSH signature; sign pushes with gpg.format=ssh"
        return Verdict(ok=False, key="", fingerprint="", why=why)
    return check(certificate.signed, certificate.signature, NAMESPACE)


def keep(
    repository: Repository,
    environment: Mapping[str, str],
    moved: Sequence[Update],
    now: int,
    *,
    mainline: str | None,
    trust_root: str | None,
) -> list[str]:
    """Keep the certificate of the push that has just gone in, if it has one.

    Args:
        repository: the server's.
        environment: of the post-receive hook: git says there where the certificate lies.
        moved: the refs that moved.
        now: the clock, in seconds since 1970.
        mainline: the branch to begin with.
        trust_root: the pinned root.

    Returns:
        What to tell the person who pushed; nothing where the push was not signed.

    Raises:
        CannotRun: it could not be kept.
    """
    blob = environment.get("GIT_PUSH_CERT", "")
    if not blob.strip("0"):
        return []
    [(_, data)] = repository.blobs([blob])
    if len(data) > _LONGEST:
        raise CannotRun("The push certificate is longer than a megabyte, so it is not kept.")
    certificate = parse(data)
    verdict = verify(certificate)
    person = _holder(repository, verdict, now, mainline, trust_root)
    said = environment.get("GIT_PUSH_CERT_NONCE_STATUS", "")
    nonce = said if _SAYS.fullmatch(said) else "MISSING"
    seen = {
        "format": 1,
        "key": verdict.fingerprint,
        "kind": "push-certificate",
        "moved": [_line(update, repository.zero) for update in moved],
        "nonce": nonce,
        "person": person,
        "received": format_time(now),
        "verified": verdict.ok,
    }
    commit = _append(repository, blob, seen, now)
    return list(_told(commit, verdict, person, nonce))


def _told(commit: str, verdict: Verdict, person: str | None, nonce: str) -> Iterator[str]:
    yield f"isodocs: your signed push is kept as a witness of time ({commit[:12]})."
    if not verdict.ok:
        yield f"  Its signature does not count: {verdict.why}."
    elif person is None:
        yield f"  Its key ({verdict.fingerprint}) is nobody's in the register."
    if nonce not in {"OK", "SLOP"}:
        yield "  It carries no number of this server's, so it could be an older one, sent again."
        yield "  The server's administrator can set receive.certNonceSeed."


def _holder(
    repository: Repository, verdict: Verdict, now: int, mainline: str | None, trust_root: str | None
) -> str | None:
    """Whose key it is, by the register that the gate has let onto the mainline.

    The gate lets only an adopted one in, so that the history need not be folded once more.
    """
    if not verdict.ok:
        return None
    line = Gate(repository, (), now, mainline, trust_root).line(refs_of(repository))
    if line.base is None:
        return None
    settings, register = required(commit_tree(repository, line.base))
    return register.key_holder(verdict.key, now, ZoneInfo(settings.timezone))


def _line(update: Update, zero: str) -> str:
    return f"{update.old or zero} {update.new or zero} {update.ref}"


def _append(repository: Repository, blob: str, seen: Mapping[str, object], now: int) -> str:
    """A commit more on the chain; two pushes at once follow one another.

    Raises:
        CannotRun: git could not write it.
    """
    text = json.dumps(seen, sort_keys=True, indent=2, ensure_ascii=True) + "\n"
    witness = _write(repository, "blob", text.encode("ascii"))
    rows = f"100644 blob {blob}\t{KEPT_AS}\n100644 blob {witness}\t{SEEN_AS}\n"
    tree = repository.run("mktree", stdin=rows.encode("ascii")).decode("ascii").strip()
    words = ""
    for _ in range(_ATTEMPTS):
        before = repository.resolve(REF)
        parent = f"parent {before}\n" if before else ""
        who = f"isodocs receive <> {now} +0000"
        message = f"tree {tree}\n{parent}author {who}\ncommitter {who}\n\nA signed push\n"
        commit = _write(repository, "commit", message.encode("ascii"))
        outcome = repository.outcome("update-ref", REF, commit, before or repository.zero)
        if outcome.code == 0:
            return commit
        words = outcome.err
    raise CannotRun(f"The push certificate could not be kept: {words.strip() or 'git gave no reason'}.")


def _write(repository: Repository, kind: str, data: bytes) -> str:
    return repository.run("hash-object", "-t", kind, "-w", "--stdin", stdin=data).decode("ascii").strip()


def kept(repository: Repository) -> list[Witness]:
    """The certificates that are kept, the newest first, each verified again.

    Raises:
        CannotRun: the chain cannot be read.
    """
    if repository.resolve(REF) is None:
        return []
    commits = repository.run("rev-list", "--first-parent", REF, "--").decode("ascii").split()
    places = [f"{commit}:{name}" for commit in commits for name in (KEPT_AS, SEEN_AS)]
    names = repository.run(
        "cat-file", "--batch-check=%(objectname)", stdin="".join(f"{one}\n" for one in places).encode("ascii")
    )
    blobs = [data for _, data in repository.blobs(names.decode("ascii").splitlines())]
    return [
        _witness(commit, data, seen)
        for commit, data, seen in zip(commits, blobs[::2], blobs[1::2], strict=True)
    ]


def _witness(commit: str, data: bytes, seen: bytes) -> Witness:
    try:
        facts: dict[str, Any] = json.loads(seen)
        moved = tuple(str(line) for line in facts["moved"])
        received, person, nonce = str(facts["received"]), facts["person"], str(facts["nonce"])
    except (ValueError, KeyError, TypeError):
        raise CannotRun(f"{SEEN_AS} in {commit[:12]} is not what isodocs receive writes.") from None
    if parse_time(received) is None or not (person is None or isinstance(person, str)):
        raise CannotRun(f"{SEEN_AS} in {commit[:12]} is not what isodocs receive writes.")
    certificate = parse(data)
    return Witness(commit, received, person, nonce, moved, verify(certificate), certificate)
