export const deadmanMs = 500;
export const maxAgeMs = 400;
export const blindMs = 200;
export const stopMs = 1_000;
/** A timer is at most so late. */
export const tickMs = 10;
/** How far clocks go apart, how long a welcome is on its way, half of a round trip at most, and what a guard lets pass ahead of it. */
export const skew = { drift: 200e-6, welcomeMs: 200, halfTripMs: 100, aheadMs: 20 };
