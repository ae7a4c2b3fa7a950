"""Stops by order: numbered, latched, and each press counted once. R7, R16, R18, R20"""

from __future__ import annotations

from dataclasses import replace

from ..limits import PRESS_MS, PRESSES_MOST
from .event import ChannelsOpened, LatchWritten, StopOrdered
from .state import Broadcast, Order, Outcome, Press, Send, State, begin_stop


def stop_ordered(state: State, event: StopOrdered) -> Outcome:
    """A stop by order is carried out whatever is believed of the robot, and holds. A press by two ways is one order."""
    order = state.order
    before = counted(order, event)
    if before is not None:
        after = replace(before, ways=(*before.ways, event.way))
        presses = tuple(after if press is before else press for press in order.presses)
        return replace(state, order=replace(order, presses=presses)), ()
    presses = order.presses
    if event.press is not None:
        others = tuple(press for press in presses if press.name != event.press)
        presses = (*others, Press(event.press, event.is_once, event.at, (event.way,)))[-PRESSES_MOST:]
    latched = replace(state, order=replace(order, number=order.number + 1, latched=True, presses=presses))
    if latched.name == "stopping":
        return replace(latched, reason="stop", since=event.at), ()
    return begin_stop(latched, "stop", event.at, latched.holder), ()


def counted(order: Order, event: StopOrdered) -> Press | None:
    """No way brings a press twice, and none is slower than another by more than 2 s: else it is a press of its own."""
    if event.press is None:
        return None
    for press in order.presses:
        if press.name == event.press and event.way not in press.ways and event.at - press.at <= PRESS_MS:
            return press
    return None


def channels_opened(state: State, event: ChannelsOpened) -> Outcome:
    """A client that joins while a stop is in force is told at once: nobody else would tell it. R20"""
    if not state.order.latched:
        return state, ()
    message = {"type": "latched", "stop": state.order.number, "kept": state.order.kept}
    return state, (Send(event.pair, message),)


def latch_written(state: State, event: LatchWritten) -> Outcome:
    """A stop that would be forgotten is told to everyone, and so is one that was kept after all. R18"""
    order = state.order
    if not order.latched or order.kept == event.kept:
        return state, ()
    after = replace(state, order=replace(order, kept=event.kept))
    return after, (Broadcast({"type": "latched", "stop": order.number, "kept": event.kept}),)
