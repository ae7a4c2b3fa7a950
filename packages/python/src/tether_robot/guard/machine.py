"""The guard's next state, and what is to be done. Pure: the same decisions as the TypeScript guard's."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Callable

from . import event as on
from .command import clock_sampled, commanded, resumed
from .deadline import apply_deadlines
from .notice import noticed, signalling_lost, welcomed
from .order import channels_opened, latch_written, stop_ordered
from .permit import permit_shown
from .state import Drive, Effect, Outcome, State, Stopped, acceptance, begin_stop, dismiss_holder


def channels_closed(state: State, event: on.ChannelsClosed) -> Outcome:
    if state.holder is None or state.holder.pair != event.pair:
        return state, ()
    return dismiss_holder(state, "channel.closed", event.at), ()


def stop_done(state: State, event: on.StopDone) -> Outcome:
    if event.turn != state.turn:
        return state, ()
    number = state.order.number if state.order.latched else None
    stopped: Effect = Stopped(state.reason, event.at - state.since, number, event.stages)
    if state.ending:
        return replace(state, name="ended"), (stopped,)
    if state.holder is None:
        return replace(state, name="idle"), (stopped,)
    greeting = (acceptance(state, state.holder),) if state.greet else ()
    return replace(state, name="armed"), (stopped, *greeting)


def driver_failed(state: State, event: on.DriverFailed) -> Outcome:
    return begin_stop(state, "driver.failed", event.at, state.holder), ()


def picture_announced(state: State, _: on.PictureAnnounced) -> Outcome:
    return (state if state.announces_pictures else replace(state, announces_pictures=True)), ()


def session_ended(state: State, event: on.SessionEnded) -> Outcome:
    leaving = state if state.name == "stopping" else begin_stop(state, "leaving", event.at, None)
    return replace(leaving, holder=None, greet=False, ending=True), ()


_live = ("idle", "armed", "driving", "stopping")
_held = ("armed", "driving")

# In which states an event matters, and what it does there.
_table: dict[type, tuple[tuple[str, ...], Callable[[State, Any], Outcome]]] = {
    on.PermitShown: (_live, permit_shown),
    on.Commanded: (_held, commanded),
    on.StopOrdered: (_live, stop_ordered),
    on.ChannelsOpened: (_live, channels_opened),
    on.LatchWritten: (_live, latch_written),
    on.PictureAnnounced: (_live, picture_announced),
    on.Resumed: (("armed",), resumed),
    on.ClockSampled: (_held, clock_sampled),
    on.ChannelsClosed: (("armed", "driving", "stopping"), channels_closed),
    on.Welcomed: (_live, welcomed),
    on.Noticed: (_live, noticed),
    on.SignallingLost: (_live, signalling_lost),
    on.StopDone: (("stopping",), stop_done),
    on.DriverFailed: (("driving",), driver_failed),
    on.Due: ((), lambda state, _: (state, ())),
    on.SessionEnded: (_live, session_ended),
}


def next_state(state: State, event: on.Event) -> Outcome:
    before, effects_before = apply_deadlines(state, event.at)
    names, cell = _table[type(event)]
    during, effects = cell(before, event) if before.name in names else (before, ())
    after, effects_after = apply_deadlines(during, event.at)
    everything = (*effects_before, *effects, *effects_after)
    # The stop begins before what is done besides: nothing may move the robot after it.
    if after.name == "driving":
        return after, everything
    return after, tuple(effect for effect in everything if not isinstance(effect, Drive))
