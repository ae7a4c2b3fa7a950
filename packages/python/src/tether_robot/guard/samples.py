"""The offset of the operator's clock, by the shortest of the last round trips. R4.3"""

from __future__ import annotations

from ..limits import DRIFT_MS, SAMPLE_LIFE_MS, SAMPLES
from .state import Sample


def sample(t0: float, t1: float, at: float) -> Sample:
    return Sample(at, at - t0, t1 - (t0 + at) / 2)


def keep(samples: tuple[Sample, ...], one: Sample) -> tuple[Sample, ...]:
    return (*samples, one)[-SAMPLES:]


def best(samples: tuple[Sample, ...], at: float) -> Sample | None:
    least: Sample | None = None
    for one in samples:
        if at - one.at <= SAMPLE_LIFE_MS and (least is None or one.round_trip_ms < least.round_trip_ms):
            least = one
    return least


def age_ms(measured: Sample, sent_at: float, at: float) -> float:
    return at - (sent_at - measured.offset_ms)


def is_ahead(age: float, measured: Sample) -> bool:
    """Whether it was sent later than the two clocks allow. R4.5"""
    return age < -(measured.round_trip_ms / 2 + DRIFT_MS)
