"""A permit that was shown is obeyed, or refused with the reason. R1, R2"""

from __future__ import annotations

from dataclasses import replace

from ..limits import ASK_MS
from .blind_time import bounds_of
from .event import PermitShown
from .state import Holder, Outcome, Permit, Send, State, Terms, acceptance, begin_stop, with_broker, with_fence
from .validity import valid_until


def permit_shown(state: State, event: PermitShown) -> Outcome:
    permit = event.permit
    refusal = refuse(state, event)
    if permit is None or refusal is not None:
        epoch = 0 if permit is None else permit.epoch
        reason = refusal or "permit.invalid"
        return state, (Send(event.pair, {"type": "refused", "epoch": epoch, "reason": reason}),)
    # The broker cannot have issued it in its future: where it seems so, our idea of its clock is behind.
    after = with_broker(state, ahead_ms=max(state.broker.ahead_ms, permit.issued_at - event.at))
    is_fresh = permit.epoch > after.fence.epoch
    terms = newer(terms_of(permit), None if is_fresh else after.fence.terms)
    fence = {"epoch": permit.epoch, "session": event.session, "seq": 0} if is_fresh else {}
    after = with_fence(after, **fence, terms=terms)
    before = state.holder
    holder = hold(event, permit.epoch, terms, before)
    if after.name == "stopping":
        return replace(after, holder=holder, greet=True), ()
    if after.name == "driving" and (before is None or before.epoch != holder.epoch):
        return begin_stop(after, "epoch", event.at, holder, greet=True), ()  # R6
    name = "armed" if after.name == "idle" else after.name
    after = replace(after, name=name, holder=holder)
    return after, (acceptance(after, holder),)


def refuse(state: State, event: PermitShown) -> str | None:
    permit = event.permit
    if permit is None:
        return "permit.invalid"
    if permit.robot != state.robot:
        return "robot.other"
    if permit.session != event.session:
        return "session.other"
    if permit.epoch < state.fence.epoch:
        return "epoch.old"
    if permit.epoch == state.fence.epoch and state.fence.session != event.session:
        return "session.other"
    ahead = max(state.broker.ahead_ms, permit.issued_at - event.at)
    until, over = valid_until(permit, replace(state.broker, ahead_ms=ahead))
    return over if event.at >= until else None


def terms_of(permit: Permit) -> Terms:
    return Terms(permit.issued_at, permit.expires_at, permit.deadman_ms, permit.max_age_ms, bounds_of(permit))


def newer(shown: Terms, known: Terms | None) -> Terms:
    """Of two permits of an epoch the newer counts, whenever and wherever it was shown. R1.2"""
    return known if known is not None and known.issued_at > shown.issued_at else shown


def hold(event: PermitShown, epoch: int, terms: Terms, before: Holder | None) -> Holder:
    """A measurement holds for the pair of channels it was made on."""
    granted = {
        "issued_at": terms.issued_at,
        "expires_at": terms.expires_at,
        "deadman_ms": terms.deadman_ms,
        "max_age_ms": terms.max_age_ms,
        "bounds": terms.bounds,
    }
    same_epoch = before is not None and before.epoch == epoch
    if before is not None and same_epoch and before.pair == event.pair:
        return replace(before, **granted)
    return Holder(
        pair=event.pair,
        session=event.session,
        epoch=epoch,
        **granted,
        ask_at=before.ask_at if before is not None and same_epoch else event.at + ASK_MS,
        question_at=event.at,
        tell_at=event.at,
    )
