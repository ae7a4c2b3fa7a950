"""The numbers of SPEC.md's table of times and bounds that a robot needs. Durations in milliseconds."""

from typing import Final

ASSERTION_LIFE_S: Final = 60
HAND_OVER_MS: Final = 10_000
ROLLOVER_MS: Final = (106 * 60_000, 112 * 60_000)
FORCED_MS: Final = 115 * 60_000
CONNECTION_LIFE_MS: Final = 120 * 60_000
KEEPALIVE_MS: Final = (8.8 * 60_000 * 0.98, 8.8 * 60_000 * 1.02)
"""Of a socket that sends WebSocket pings, as ours does (E4)."""
BACKOFF_MS: Final = (500, 15_000)
SETTLED_MS: Final = 15_000
"""A connection that lived for less from its `welcome` counts as an attempt that failed. E2.2"""
LEASE_SHARE: Final = (0.75, 0.05)
LEASE_LEAST_MS: Final = 30_000
RENEWAL_PATIENCE_MS: Final = 5_000
DOUBT_MS: Final = 4_000
OPEN_MS: Final = 10_000

SIGNAL_BYTES: Final = 28 * 1024
SIGNAL_DEPTH: Final = 64
UNACKED: Final = 256
ACK_EVERY: Final = 32
ACK_AFTER_MS: Final = 1_000
GAP_MS: Final = 1_000
UNHEARD_MS: Final = 3_000
RESENDS: Final = 6
RESEND_WINDOW: Final = 32
AWAY_CHECK_MS: Final = 60_000
AGAIN_MS: Final = 1_000
AGAIN_MOST_MS: Final = 30_000

TRUST_MS: Final = 20_000
ASK_MS: Final = 8_000
PRESS_MS: Final = 2_000
NUMBER_MOST: Final = 2**31 - 1
INSTANT_MOST: Final = 8.64e15
MESSAGE_LENGTH: Final = 64 * 1024
MESSAGE_DEPTH: Final = 64
STOP_MS_USUAL: Final = 1_000
CLOCK_FIRST: Final = 5
CLOCK_FIRST_MS: Final = 100
CLOCK_EVERY_MS: Final = 2_000
STATE_EVERY_MS: Final = 1_000
SAMPLES: Final = 8
SAMPLE_LIFE_MS: Final = 30_000
DRIFT_MS: Final = 20
STOP_AGAIN_MS: Final = 100
LATCH_AGAIN_MS: Final = 5_000
VERIFYING_MOST: Final = 4
PRESSES_MOST: Final = 64
PEER_BURST: Final = 12
PEER_EVERY_MS: Final = 5_000
