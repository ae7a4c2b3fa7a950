import type { ControlPolicy } from "@tether/protocol/control";
import type { Intent } from "./input/input.ts";

/** The most that is asked of a robot, in m/s and rad/s: docs/driver.md. */
const usual = { linear: 0.6, angular: 1.2 } as const;

type Speeds = { readonly linear: number; readonly angular: number };

/** The highest speeds of a robot: the usual ones, within its policy's. R24 */
export function mostOf(policy: Pick<ControlPolicy, "maxLinear" | "maxAngular"> | undefined): Speeds {
  const within = (speed: number, bound: number | null | undefined) => Math.min(speed, bound ?? speed);
  return { linear: within(usual.linear, policy?.maxLinear), angular: within(usual.angular, policy?.maxAngular) };
}

/** Shares of the most that can be chosen, in percent. */
export const shares = { least: 10, most: 100, step: 10, usual: 50 } as const;

/** The command for an intent: m/s ahead and rad/s counterclockwise, at a share of the most in percent. */
export function commandOf({ linear, angular }: Intent, share: number, most: Speeds): Speeds {
  const of = (value: number, limit: number) => (Math.max(-1, Math.min(1, value)) * limit * share) / 100;
  return { linear: of(linear, most.linear), angular: of(angular, most.angular) };
}

/** A share that was kept; the usual one where it makes no sense. */
export function shareFrom(kept: string | null): number {
  const share = Number(kept);
  return kept !== null && share >= shares.least && share <= shares.most ? share : shares.usual;
}

export function speedWords(share: number, most: Speeds): string {
  return `${((most.linear * share) / 100).toFixed(2)} m/s, ${((most.angular * share) / 100).toFixed(2)} rad/s`;
}
