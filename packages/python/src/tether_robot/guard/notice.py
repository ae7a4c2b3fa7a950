"""The broker's word on who holds control. R2, R6"""

from __future__ import annotations

from typing import Any

from .event import Noticed, Notice, SignallingLost, Welcomed
from .state import Outcome, State, dismiss_holder, with_broker, with_fence


def welcomed(state: State, event: Welcomed) -> Outcome:
    """A welcome measures the broker's clock anew; the broker does not vouch for an epoch that its welcome does not name."""
    online = with_broker(state, online=True, ahead_ms=event.server_time - event.at)
    if event.notice is None:
        return with_broker(online, epoch=0), ()
    return apply_notice(online, event.notice, event.at), ()


def noticed(state: State, event: Noticed) -> Outcome:
    return apply_notice(state, event.notice, event.at), ()


def signalling_lost(state: State, event: SignallingLost) -> Outcome:
    return (with_broker(state, online=False, away_at=event.at) if state.broker.online else state), ()


def apply_notice(state: State, notice: Notice, at: float) -> State:
    """Epochs only grow, frames come in any order: an older notice says nothing."""
    if notice.epoch < state.broker.epoch:
        return state
    named = with_broker(state, epoch=notice.epoch)
    fence = named.fence
    if notice.epoch < fence.epoch or (notice.epoch == fence.epoch and notice.session == fence.session):
        return named
    # Two notices for one epoch cannot both be true: nobody drives in it.
    contested = notice.epoch == fence.epoch
    fresh: dict[str, Any] = {"epoch": notice.epoch, "session": notice.session, "seq": 0, "terms": None}
    fenced = with_fence(named, **({"session": None} if contested else fresh))
    if fenced.holder is None:
        return fenced
    return dismiss_holder(fenced, "released" if notice.released and notice.session is None else "epoch", at)  # R6
