"""Tickets for a robot's connections, and the keys that buy them. A2, K1, K2, K8, E6"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from .clock import Clock
from .code import hash_of_code
from .http import post
from .jws import Key, assertion, proof
from .key_file import KeyFile, Keys
from .refusal import Refusal


def origin_of(api: str) -> str:
    parts = urlsplit(api)
    return f"{parts.scheme}://{parts.netloc}"


async def enroll(keys: KeyFile, api: str, code: str, clock: Clock, algorithm: str = "ed25519") -> Keys:
    """Registers a first key with a one-time code. The key is on disk before the service hears of it. N3, N5, N6"""
    subject = hash_of_code(code)
    if subject is None:
        raise Refusal("enrollment.invalid", "The code is not one that is open.", "Look at it again.", True)
    origin = origin_of(api)
    before = keys.load()
    kept = before if before and before.robot is None and before.api == origin else Keys(origin, Key.make(algorithm))
    keys.save(kept)

    async def redeem(at: float) -> Any:
        made = proof(kept.current, subject, origin, at)
        body = {"code": code, "publicKey": kept.current.public, "proof": made}
        return await post(f"{origin}/v1/enrollments/redeem", body)

    answer = await _by_server_clock(clock, redeem)
    enrolled = replace(kept, robot=answer["robot"]["id"])
    keys.save(enrolled)
    return enrolled


async def _by_server_clock(clock: Clock, ask: Any) -> Any:
    """Told that the clock is off, asks once more by the server's. E6"""
    try:
        return await ask(clock.now())
    except Refusal as refusal:
        if refusal.code != "assertion.clock" or refusal.server_time is None:
            raise
        return await ask(refusal.server_time)


def _is_ticket(answer: dict[str, Any]) -> bool:
    """A good answer without a ticket is nobody's word, as of a guest network's page. E11"""
    credential = answer.get("credential", {"rotateAfter": 0})
    dates = (answer.get("serverTime"), credential.get("rotateAfter") if isinstance(credential, dict) else None)
    return all(isinstance(answer.get(name), str) for name in ("ticket", "url")) and all(
        isinstance(date, (int, float)) for date in dates
    )


class Tickets:
    """Buys tickets with whatever keys are kept at the moment, and rotates the key once an answer says that it is due."""

    def __init__(self, keys: KeyFile, clock: Clock, instance: str) -> None:
        kept = keys.load()
        if kept is None or kept.robot is None:
            raise Refusal("key.missing", "This robot is not enrolled.", "Enroll it with a one-time code.", True)
        self.robot, self.api = kept.robot, kept.api
        self._keys, self._clock, self._instance = keys, clock, instance
        self._offset_ms = 0.0
        self._rotating: asyncio.Task[None] | None = None

    async def buy(self, use: str) -> dict[str, Any]:
        """The answer with a ticket. Raises Refusal."""
        kept = self._load()
        if kept.next:
            # The current one may be retired already, and its use would be taken for a thief's. K4
            try:
                answer = await self._ask(kept.next, use)
                kept = replace(kept, current=kept.next, next=None)
                self._keys.save(kept)
                return self._due(answer, kept)
            except Refusal as refusal:
                if refusal.code != "assertion.key":
                    raise
        return self._due(await self._ask(kept.current, use), kept)

    def _load(self) -> Keys:
        kept = self._keys.load()
        if kept is None:
            raise Refusal("key.missing", "The robot's key is gone from its disk.", "Enroll it again.", True)
        return kept

    async def _ask(self, key: Key, use: str) -> dict[str, Any]:
        for _ in range(2):
            signed = assertion(key, self.robot, self.api, self._clock.now() + self._offset_ms)
            body = {"assertion": signed, "use": use, "instance": self._instance}
            try:
                answer: dict[str, Any] = await post(f"{self.api}/v1/tickets/robot", body)
                if not _is_ticket(answer):
                    raise Refusal("answer.invalid", "What answered is not this service.", "Look at the network.")
                return answer
            except Refusal as refusal:
                if refusal.code != "assertion.clock" or refusal.server_time is None:
                    raise
                last = refusal
                self._offset_ms = refusal.server_time - self._clock.now()
        raise last

    def _due(self, answer: dict[str, Any], kept: Keys) -> dict[str, Any]:
        credential = answer.get("credential")
        is_due = credential is not None and answer["serverTime"] >= credential["rotateAfter"]
        if (is_due or kept.next) and (self._rotating is None or self._rotating.done()):
            self._rotating = asyncio.create_task(self._rotate_quietly())
        return answer

    async def _rotate_quietly(self) -> None:
        try:
            await self.announce()
        except (Refusal, OSError):
            # The next ticket's answer says again that the key is due.
            return

    async def announce(self, retire_now: bool = False) -> str:
        """Registers the next key, which is on disk before the service hears of it, and answers its id. K1"""
        kept = self._load()
        following = kept.next or Key.make("ed25519" if kept.current.alg == "EdDSA" else "p-256")
        self._keys.save(replace(kept, next=following))

        async def register(at: float) -> Any:
            body = {
                "publicKey": following.public,
                "proof": proof(following, self.robot, self.api, at),
                "assertion": assertion(kept.current, self.robot, self.api, at),
                **({"retireNow": True} if retire_now else {}),
            }
            return await post(f"{self.api}/v1/robots/{self.robot}/credentials", body)

        await _by_server_clock(self._clock, register)
        return following.kid
