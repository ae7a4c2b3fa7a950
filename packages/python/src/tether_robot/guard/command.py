"""Commands, clock samples and resume: what a holder says while it drives. R4, R7"""

from __future__ import annotations

from dataclasses import replace

from .blind_time import blind_time_of, is_limited
from .event import ClockSampled, Commanded, Resumed
from .samples import age_ms, best, is_ahead, keep, sample
from .state import Broadcast, Drive, Holder, Obeyed, Outcome, State, acceptance, begin_stop, with_fence


def commanded(state: State, event: Commanded) -> Outcome:
    """Obeys a command, or counts it by the reason why not."""
    holder = state.holder
    if holder is None or event.pair != holder.pair:
        return state, ()
    age = judge(state, holder, event)
    if isinstance(age, str):
        return replace(state, holder=drop(holder, age)), ()
    blind_time = None
    if is_limited(state.announces_pictures, holder):
        blind_time = blind_time_of(holder.bounds, event.picture_at, event.at)
    if blind_time == "blind":
        blind = with_fence(replace(state, holder=drop(holder, "blind")), seq=event.seq)
        return (begin_stop(blind, "blind", event.at, blind.holder) if blind.name == "driving" else blind), ()
    obeyed = Obeyed(event.epoch, event.seq, age, 1)
    if blind_time is not None:
        obeyed = replace(obeyed, limit=blind_time.limit, blind_ms=blind_time.blind_ms)
    driving = replace(
        state, name="driving", holder=replace(holder, age_ms=age, blind_time=blind_time), last_at=event.at
    )
    return with_fence(driving, seq=event.seq), (Drive(event.command, obeyed, holder.bounds),)


def drop(holder: Holder, why: str) -> Holder:
    return replace(holder, dropped={**holder.dropped, why: holder.dropped.get(why, 0) + 1})


def judge(state: State, holder: Holder, event: Commanded) -> float | str:
    """The command's age, or why it is not obeyed."""
    if event.epoch != holder.epoch or event.epoch != state.fence.epoch:
        return "epoch"
    if state.order.latched:
        return "stopped"
    if event.seq <= state.fence.seq:
        return "seq"
    measured = best(holder.samples, event.at)
    if measured is None:
        return "clock"
    age = age_ms(measured, event.sent_at, event.at)
    if is_ahead(age, measured):
        return "clock"
    return "late" if age > holder.max_age_ms else max(0, age)


def clock_sampled(state: State, event: ClockSampled) -> Outcome:
    """Only what was asked can be answered, and once: the operator cannot choose the time of the question. R21"""
    holder = state.holder
    if holder is None or event.pair != holder.pair or event.t0 not in holder.asked:
        return state, ()
    asked = tuple(one for one in holder.asked if one != event.t0)
    samples = keep(holder.samples, sample(event.t0, event.t1, event.at))
    return replace(state, holder=replace(holder, asked=asked, samples=samples)), ()


def resumed(state: State, event: Resumed) -> Outcome:
    """The holder drives on after a stop, knowing of it. R7"""
    holder, order, fence = state.holder, state.order, state.fence
    if holder is None or event.pair != holder.pair or event.epoch != holder.epoch or event.epoch != fence.epoch:
        return state, ()
    if not order.latched or event.stop != order.number:
        return state, ()
    # R16: what comes after a resume may be a second press of a button whose key is always the same, so it counts.
    presses = tuple(press for press in order.presses if press.is_once)
    after = replace(
        state,
        order=replace(order, latched=False, kept=True, presses=presses),
        fence=replace(fence, seq=max(fence.seq, event.seq)),
    )
    return after, (acceptance(after, holder), Broadcast({"type": "resumed", "stop": event.stop}))  # R32
