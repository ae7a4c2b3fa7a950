import type { ControlPolicy } from "@tether/protocol/control";

/** How a blind time is against its limit: below it, above it so that the robot goes slower, or so old that the robot does not go. */
type BlindLevel = "good" | "slow" | "blind" | "unknown";

export type BlindWords = { readonly level: BlindLevel; readonly says: string; readonly means: string };

const ms = (value: number) => `${Math.round(value).toLocaleString("en")} ms`;

/** Words for the blind time and its limit, for those who cannot tell colours apart as well. */
export function blindWords(blindMs: number | undefined, policy: Pick<ControlPolicy, "blindMs" | "stopMs"> | undefined): BlindWords {
  if (blindMs === undefined)
    return { level: "unknown", says: "Blind time not known", means: "The robot does not tell when its pictures were taken." };
  const limit = policy?.blindMs ?? null;
  if (!policy || limit === null) return { level: "good", says: `Blind time ${ms(blindMs)}`, means: "It does not limit this robot." };
  const says = `Blind time ${ms(blindMs)} of ${ms(limit)}`;
  if (blindMs >= policy.stopMs) return { level: "blind", says, means: `Over ${ms(policy.stopMs)}: the robot stops.` };
  if (blindMs > limit) return { level: "slow", says, means: `The robot goes at ${Math.round((100 * limit) / blindMs)} % of its speed.` };
  return { level: "good", says, means: "The robot goes at its full speed." };
}
