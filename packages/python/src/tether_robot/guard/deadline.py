"""The changes that time alone makes. They are applied before and after every event, so that a late timer allows nothing."""

from __future__ import annotations

from dataclasses import replace
from math import inf
from typing import Any

from ..limits import ASK_MS, CLOCK_EVERY_MS, CLOCK_FIRST, CLOCK_FIRST_MS, STATE_EVERY_MS
from .blind_time import blind_at
from .samples import best
from .state import Effect, Holder, Outcome, Send, State, begin_stop, dismiss_holder
from .validity import asks_at, valid_until


def next_deadline(state: State) -> float:
    """When time alone makes a difference next."""
    holder = state.holder
    if holder is None or state.name not in ("armed", "driving"):
        return inf
    due = min(valid_until(holder, state.broker)[0], asks_at(holder, state.broker), holder.question_at)
    if state.name == "driving":
        blind = blind_at(state.announces_pictures, holder)
        due = min(due, state.last_at + holder.deadman_ms, blind, holder.tell_at)
    return due


def apply_deadlines(state: State, at: float) -> Outcome:
    holder = state.holder
    if holder is None or at < next_deadline(state):
        return state, ()
    is_driving = state.name == "driving"
    until, over = valid_until(holder, state.broker)
    if at >= until:
        # A holder that drives is told by `stopped`, as everyone is.
        refused = Send(holder.pair, {"type": "refused", "epoch": holder.epoch, "reason": over})
        return dismiss_holder(state, over, at), () if is_driving else (refused,)  # type: ignore[arg-type]
    if is_driving and at >= state.last_at + holder.deadman_ms:
        return begin_stop(state, "deadman", at, holder), ()  # R5
    if is_driving and at >= blind_at(state.announces_pictures, holder):
        return begin_stop(state, "blind", at, holder), ()  # R22
    return ask(state, holder, at)


def ask(state: State, before: Holder, at: float) -> Outcome:
    holder = before
    messages: list[Effect] = []
    if at >= asks_at(holder, state.broker):
        holder = replace(holder, ask_at=at + ASK_MS)
        messages.append(Send(holder.pair, {"type": "renew", "epoch": holder.epoch}))  # R3
    if at >= holder.question_at:
        every = CLOCK_FIRST_MS if holder.questions + 1 < CLOCK_FIRST else CLOCK_EVERY_MS
        asked = (*holder.asked, at)[-CLOCK_FIRST:]
        holder = replace(holder, asked=asked, questions=holder.questions + 1, question_at=at + every)
        messages.append(Send(holder.pair, {"type": "clock", "t0": at}))
    if state.name == "driving" and at >= holder.tell_at:
        holder = replace(holder, tell_at=at + STATE_EVERY_MS)
        messages.append(Send(holder.pair, report(state, holder, at)))
    return replace(state, holder=holder), tuple(messages)


def report(state: State, holder: Holder, at: float) -> dict[str, Any]:
    message: dict[str, Any] = {"type": "state", "epoch": holder.epoch, "moving": state.name == "driving"}
    if holder.age_ms is not None:
        message["commandAgeMs"] = holder.age_ms
    measured = best(holder.samples, at)
    if measured:
        message["roundTripMs"] = measured.round_trip_ms
    if holder.blind_time:
        message |= {"blindMs": holder.blind_time.blind_ms, "limit": holder.blind_time.limit}
    if state.order.latched:
        message["stop"] = state.order.number
    if holder.dropped:
        message["dropped"] = dict(holder.dropped)
    return message
