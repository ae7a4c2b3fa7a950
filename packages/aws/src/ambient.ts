import { randomBytes } from "node:crypto";
import type { Clock } from "@tether/core/clock";
import type { Random } from "@tether/core/id";
import type { Pacing } from "@tether/core/store";
import type { Log } from "./invocation.ts";

/** The surroundings of a Lambda: the machine's clock and timers, its randomness, and its log, a JSON line at a time. */
export const clock: Clock = { now: () => Date.now() };

export const random: Random = { bytes: (length) => new Uint8Array(randomBytes(length)) };

export const pacing: Pacing = { pause: (ms) => new Promise((resolve) => void setTimeout(resolve, ms)), random: () => Math.random() };

/** Straight to the log: what `console` writes gets an envelope around it. A line without a time of RFC 3339 may get Lambda's own, and its level. */
export const log: Log = (line) => {
  const timestamp = new Date(clock.now()).toISOString();
  process.stdout.write(`${JSON.stringify({ timestamp, ...line })}\n`);
};
