"""How long a permit is obeyed. R2, the 20 s rule."""

from __future__ import annotations

from math import inf

from ..limits import TRUST_MS
from .state import Broker, Holder, Permit


def is_vouched(epoch: int, broker: Broker) -> bool:
    """Whether the broker can be heard and its last notice names the epoch."""
    return broker.online and broker.epoch == epoch


def valid_until(permit: Permit | Holder, broker: Broker) -> tuple[float, str]:
    """Until when a permit is obeyed, by the robot's clock, and why no longer."""
    over_at = permit.expires_at - broker.ahead_ms
    if is_vouched(permit.epoch, broker):
        trusted_at = inf
    else:
        vouched = broker.away_at if broker.epoch == permit.epoch else -inf
        trusted_at = max(permit.issued_at - broker.ahead_ms, vouched) + TRUST_MS
    return (over_at, "permit.over") if over_at <= trusted_at else (trusted_at, "signalling.away")


def asks_at(holder: Holder, broker: Broker) -> float:
    """A fresh permit is asked for only while the broker does not vouch for the one at hand. R3"""
    return inf if is_vouched(holder.epoch, broker) else holder.ask_at
