"""Whatever the bytes: a signature, or a clear refusal."""

from __future__ import annotations

import base64

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from signing import forge

from isodocs.signing import sshsig, verify
from isodocs.signing.keys import KINDS, BadKey, parse_blob, parse_line
from isodocs.signing.sshsig import ALGORITHMS, BadSignature
from isodocs.signing.wire import mpint, string

MESSAGE = b"text"
GOOD = tuple(
    soft.sign(MESSAGE)
    for soft in (forge.soft_ed25519(), forge.soft_ecdsa(), forge.soft_ed25519(hardware=True))
)
many = settings(max_examples=400, deadline=1000, suppress_health_check=[HealthCheck.too_slow])

chunks = st.binary(max_size=200)
numbers = st.integers(0, 2**3100).map(mpint) | chunks
kinds = st.sampled_from([kind.encode() for kind in (*KINDS, *ALGORITHMS, "ssh-dss")]) | chunks
blobs = st.builds(
    lambda kind, fields, after: string(kind) + b"".join(fields) + after,
    kinds,
    st.lists(chunks.map(string) | numbers | st.binary(min_size=32, max_size=32).map(string), max_size=4),
    st.just(b"") | chunks,
)
raws = st.builds(
    forge.Raw,
    public_key=blobs | st.sampled_from([good.public_key for good in GOOD]),
    algorithm=kinds,
    blob=chunks | st.tuples(numbers, numbers).map(b"".join) | st.binary(min_size=64, max_size=64),
    tail=st.just(b"") | st.binary(min_size=5, max_size=5) | chunks,
    version=st.just(1) | st.integers(0, 2**32 - 1),
    namespace=st.just(b"isodocs") | chunks,
    reserved=st.just(b"") | chunks,
    hash_algorithm=st.sampled_from([b"sha256", b"sha512"]) | chunks,
    after=st.just(b"") | chunks,
)


def _read(data: bytes) -> None:
    try:
        signature = sshsig.read(data)
    except BadSignature as fault:
        reason = str(fault)
        assert reason.isprintable()
    else:
        assert sshsig.write(signature) == data


@many
@given(st.binary() | st.binary().map(lambda data: forge.wrap(base64.b64encode(data))))
def test_any_bytes(data: bytes) -> None:
    _read(data)
    assert not verify.check(MESSAGE, data).ok


@many
@given(raws, st.sampled_from([70, 70, 70, 64]))
def test_any_fields(raw: forge.Raw, line: int) -> None:
    _read(raw.armour(line))
    verdict = verify.check(MESSAGE, raw.armour(line))
    assert bool(verdict.why) != verdict.ok
    assert not verdict.ok


@many
@given(st.sampled_from(GOOD), st.data())
def test_any_edit_of_a_right_file(good: forge.Raw, data: st.DataObject) -> None:
    armour = good.armour()
    start = data.draw(st.integers(0, len(armour)))
    end = data.draw(st.integers(start, min(len(armour), start + 80)))
    edited = armour[:start] + data.draw(st.binary(max_size=80)) + armour[end:]
    _read(edited)
    assert verify.check(MESSAGE, edited).ok == (edited == armour)


@many
@given(blobs)
def test_any_key_blob(blob: bytes) -> None:
    try:
        key = parse_blob(blob)
    except BadKey as fault:
        reason = str(fault)
        assert reason.isprintable()
    else:
        assert parse_line(key.line()) == key
        verify.check(MESSAGE, forge.Raw(blob, key.kind.encode(), b"x" * 64).armour())


@many
@given(st.text() | st.tuples(st.sampled_from(KINDS), st.text()).map(" ".join))
def test_any_key_line(line: str) -> None:
    try:
        key = parse_line(line)
    except BadKey as fault:
        reason = str(fault)
        assert reason.isprintable()
    else:
        assert parse_line(key.line()) == key
