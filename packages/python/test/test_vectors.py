"""The known answers and golden examples of the protocol, which the TypeScript tests use as well."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tether_robot.code import hash_of_code, normal_code
from tether_robot.guard.declared import check_declaration, is_declared, limit_axes, new_presses
from tether_robot.guard.blind_time import Bounds, limit_speed
from tether_robot.jws import Key, assertion, is_signed_by, permit_of, proof, thumbprint, verify_permit
from tether_robot.message import on_control, on_events
from tether_robot.pacing import Pacing, Retry

PROTOCOL = Path(__file__).parent.parent.parent / "protocol"
AT = 1_800_000_000_000
AUDIENCE = "https://api.example"
ROBOT = "rob_01J00000000000000000000000"


def vectors(name: str) -> Any:
    return json.loads((PROTOCOL / "vectors" / f"{name}.json").read_text())


def golden(side: str, name: str, kind: str) -> list[dict[str, Any]]:
    return json.loads((PROTOCOL / "golden" / side / f"{name}.{kind}.json").read_text())


def named(cases: list[dict[str, Any]]) -> Any:
    return pytest.mark.parametrize("case", cases, ids=[case["name"] for case in cases])


@named(vectors("code"))
def test_code(case: dict[str, Any]) -> None:
    assert normal_code(case["typed"]) == case["normal"]
    assert hash_of_code(case["typed"]) == case["sub"]


@named(vectors("key"))
def test_key(case: dict[str, Any]) -> None:
    assert thumbprint(case["publicKey"]) == case["kid"]
    key = Key(case["privateKey"])
    assert (key.kid, key.public) == (case["kid"], case["publicKey"])


@pytest.mark.parametrize("algorithm", ["ed25519", "p-256"])
def test_made_key_signs(algorithm: str) -> None:
    key = Key.make(algorithm)
    made = proof(key, "sub", AUDIENCE, AT)
    assert is_signed_by(Key(key.jwk).public, made)
    assert not is_signed_by(Key.make(algorithm).public, made)


@named(vectors("key")[:2])
def test_assertion_and_proof_are_made_as_the_vectors_say(case: dict[str, Any]) -> None:
    key = Key(case["privateKey"])
    known = {
        name: next(one for one in vectors(name) if one["publicKey"] == case["publicKey"] and one["problem"] is None)
        for name in ("assertion", "proof")
    }
    made = {
        "assertion": assertion(key, ROBOT, AUDIENCE, AT, "dGVzdC12ZWN0b3ItMDAwMQ"),
        "proof": proof(key, known["proof"]["subject"], AUDIENCE, AT),
    }
    for name, jws in made.items():
        assert jws.split(".")[:2] == known[name]["jws"].split(".")[:2]
        assert is_signed_by(key.public, jws)
        if key.alg == "EdDSA":
            assert jws == known[name]["jws"]


@named(vectors("assertion") + vectors("proof"))
def test_signatures_hold_where_the_vectors_say(case: dict[str, Any]) -> None:
    unsigned = case["problem"] == "assertion.key" or "by another key" in case["name"]
    wrong_algorithm = "other algorithm" in case["name"]
    if not wrong_algorithm:
        assert is_signed_by(case["publicKey"], case["jws"]) is not unsigned


@named(vectors("permit")["cases"])
def test_permit(case: dict[str, Any]) -> None:
    claims = case["claims"]
    expected = None if claims is None else permit_of(claims)
    assert verify_permit(vectors("permit")["keys"], case["jws"]) == expected
    assert (expected is None) == (claims is None)


READERS = {"control-to-robot": on_control, "events-to-robot": on_events}
TYPES = {"control-to-robot": ["command", "stop", "ping"], "events-to-robot": ["permit", "stop", "resume", "clock"]}
EXAMPLES = [(side, name) for side, names in TYPES.items() for name in names]


@pytest.mark.parametrize(("side", "name"), EXAMPLES)
def test_good_messages_are_read(side: str, name: str) -> None:
    for example in golden(side, name, "good"):
        wanted = {key: value for key, value in example.get("reads", example["message"]).items() if key != "reason"}
        read = READERS[side](json.dumps(example["message"])) or {}
        assert {key: value for key, value in read.items() if value is not None or key in wanted} == wanted, example["name"]


@pytest.mark.parametrize(("side", "name"), EXAMPLES)
def test_bad_messages_are_none(side: str, name: str) -> None:
    for example in golden(side, name, "bad"):
        assert READERS[side](json.dumps(example["message"])) is None, example["name"]


def test_permit_claims() -> None:
    for example in golden("permit", "permit", "good"):
        assert permit_of(example["message"]) is not None, example["name"]
    for example in golden("permit", "permit", "bad"):
        assert permit_of(example["message"]) is None, example["name"]


@pytest.mark.parametrize(
    "text",
    ["", "null", "[]", "1", "NaN", '{"type":"clock","t0":NaN,"t1":1}', "[" * 100_000, '{"a":' * 70 + "1" + "}" * 70]
    + ['{"type":"permit","permit":"' + "x" * 70_000 + '"}', '{"type":"clock","t0":1e999,"t1":1}', b"{}"],
)
def test_what_is_no_message_is_none(text: Any) -> None:
    assert on_events(text) is None
    assert on_control(text) is None


@named(vectors("speed"))
def test_speeds_are_bounded_as_the_vectors_say(case: dict[str, Any]) -> None:
    bounds = Bounds(None, 1_000, case["maxLinear"], case["maxAngular"])
    assert limit_speed(case["command"], bounds, case["limit"]) == case["becomes"]


def test_a_speed_without_end_is_none() -> None:
    bounds = Bounds(None, 1_000, 1.0, None)
    assert limit_speed({"linear": float("inf"), "angular": float("nan")}, bounds, 1.0) == {"linear": 0, "angular": 0}


@named(vectors("declared"))
def test_a_declared_robot_is_given_what_the_vectors_say(case: dict[str, Any]) -> None:
    declaration, bounds = check_declaration(case["declaration"]), Bounds(None, 1_000, case["maxLinear"], case["maxAngular"])
    take = new_presses()
    given = [
        {"axes": limit_axes(declaration, command, bounds, case["limit"]), "press": take(command)}
        if is_declared(declaration, command)
        else None
        for command in case["commands"]
    ]
    assert given == case["becomes"]


def test_declarations() -> None:
    for example in golden("events-to-operator", "declaration", "good"):
        check_declaration(example["message"]["declaration"])
    for example in golden("events-to-operator", "declaration", "bad"):
        with pytest.raises(ValueError, match=example["fields"][0].removeprefix("declaration.")):
            check_declaration(example["message"]["declaration"])


@named(vectors("reconnect"))
def test_waits_before_the_next_connection(case: dict[str, Any]) -> None:
    """E2, E2.2, F5.1"""
    pacing = Pacing()
    ends = [(end["livedMs"], Retry.of(end["retry"]) if "retry" in end else Retry()) for end in case["ended"]]
    assert [pacing.bound_ms(*end) for end in ends] == case["boundsMs"]
