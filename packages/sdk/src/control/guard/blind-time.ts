import type { ControlPermit } from "@tether/protocol/control";
import { limits } from "@tether/protocol/limits";
import type { BlindTime, Bounds, Holder, Known } from "./state.ts";

/** The limits that a permit sets on speed and blind time; those it does not name are none. */
export function boundsOf({ blindMs, stopMs, maxLinear, maxAngular }: ControlPermit): Bounds {
  return {
    blindMs: blindMs ?? null,
    stopMs: stopMs ?? limits.control.stopMs.usual,
    maxLinear: maxLinear ?? null,
    maxAngular: maxAngular ?? null,
  };
}

/** Whether the blind time limits this robot. */
export function isBlindTimeLimited({ announcesPictures }: Pick<Known, "announcesPictures">, { bounds }: Pick<Holder, "bounds">): boolean {
  return announcesPictures && bounds.blindMs !== null;
}

/**
 * The blind time of a command that came at `at`. Both instants are by the robot's clock, so no clock of another counts. A command is
 * blind that names no picture, one that has not been taken yet, or one that is too old. R22
 */
export function blindTimeOf({ blindMs, stopMs }: Bounds, pictureAt: number | undefined, at: number): BlindTime | "blind" {
  if (pictureAt === undefined || pictureAt > at || at - pictureAt >= stopMs) return "blind";
  const passedMs = at - pictureAt;
  const limit = blindMs === null || passedMs <= blindMs ? 1 : blindMs / passedMs; // R23
  return { blindMs: passedMs, limit, pictureAt };
}

/** When a robot that moves stops because the last picture that its operator saw is too old. */
export function blindAt(known: Known, { bounds, blindTime }: Holder): number {
  return isBlindTimeLimited(known, { bounds }) && blindTime ? blindTime.pictureAt + bounds.stopMs : Number.POSITIVE_INFINITY;
}

/**
 * A command of speeds as the driver may be given it: no faster than the policy says, on the same curve, and then the share `limit` of
 * it. A speed that is no finite number counts as 0; all else in it is the driver's own. R24
 */
export function limitSpeed(command: unknown, { maxLinear, maxAngular }: Bounds, limit: number): unknown {
  if (typeof command !== "object" || command === null || Array.isArray(command)) return command;
  const given = command as Readonly<Record<string, unknown>>;
  const most: Readonly<Record<string, number | null>> = { linear: maxLinear, angular: maxAngular };
  // A driver may read `"9"` or `true` as a speed.
  const finite = Object.keys(most)
    .filter((name) => Object.hasOwn(given, name))
    .map((name) => [name, typeof given[name] === "number" && Number.isFinite(given[name]) ? given[name] : 0] as const);
  const share = finite.reduce((least, [name, speed]) => {
    const bound = most[name];
    return typeof bound === "number" && Math.abs(speed) > bound ? Math.min(least, bound / Math.abs(speed)) : least;
  }, 1);
  return { ...command, ...Object.fromEntries(finite.map(([name, speed]) => [name, speed * share * limit])) };
}
