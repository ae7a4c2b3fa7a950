import type { Cause } from "@tether/protocol/cause";
import { duration } from "../local-time.ts";
import type { Outage } from "./outage.ts";

/** The causes of outages in two or three words; every other cause is named by its code. */
const causeWords: { readonly [C in Cause]?: (side: Outage["side"]) => string } = {
  "connection.lost": (side) => `${side}'s network`,
  "connection.closed": (side) => (side === "robot" ? "robot's connection closed" : "operator's page closed or reloaded"),
  "connection.flooded": (side) => `too many frames from the ${side}`,
  "gateway.idle": () => "gateway's limit for silence",
  "gateway.cap": () => "gateway's limit of 2 h",
  "gateway.closed": () => "gateway closed it",
  "robot.moved": () => "robot moved to another cell",
  "auth.expired": (side) => `${side}'s lease`,
  "grace.over": (side) => `${side} not back in time`,
  "driver.ended": () => "driver ended",
  "driver.hung": () => "driver hung",
  "driver.flooded": () => "driver wrote too much",
  "driver.looping": () => "driver's crash loop",
  "agent.hung": () => "agent hung",
  "agent.crashed": () => "agent crashed",
  "agent.killed": () => "agent killed",
  "power.lost": () => "power",
};

const times = (count: number) => (count === 1 ? "once" : count === 2 ? "twice" : `${count} times`);

/** Outages in one line: `3 drops in 24 h: operator's network twice, power once; mean 12 s.` */
export function summaryOf(outages: readonly Outage[], spanMs: number): string {
  const span = `in ${duration(spanMs)}`;
  if (outages.length === 0) return `No drop ${span}.`;
  const counts = new Map<string, { count: number; cuts: number }>();
  for (const outage of outages) {
    const words = wordsOf(outage);
    const { count, cuts } = counts.get(words) ?? { count: 0, cuts: 0 };
    counts.set(words, { count: count + 1, cuts: cuts + (outage.flapped?.cuts ?? 0) });
  }
  const byCause = [...counts]
    .sort(([, a], [, b]) => b.count - a.count)
    .map(([words, { count, cuts }]) => `${words} ${times(count)}${cuts === 0 ? "" : ` (${cuts} cuts)`}`);
  const lasted = outages.flatMap(({ at, backAt, flapped }) => (backAt === undefined ? [] : [flapped?.awayMs ?? backAt - at]));
  const mean = lasted.reduce((sum, ms) => sum + ms, 0) / lasted.length;
  const missing = outages.length - lasted.length;
  return [
    `${outages.length} drop${outages.length === 1 ? "" : "s"} ${span}: ${byCause.join(", ")}`,
    ...(lasted.length === 0 ? [] : [`${lasted.length === 1 ? "lasted" : "mean"} ${duration(mean)}`]),
    ...(missing === 0 ? [] : [`${missing} without a return`]),
  ]
    .join("; ")
    .concat(".");
}

function wordsOf({ cause, inferred, side, flapped }: Outage): string {
  if (flapped) return `${side}'s path flapped`;
  // The connection is known to have broken; whether the network broke it is not.
  return cause === "connection.lost" && inferred ? `${side}'s connection broke` : (causeWords[cause]?.(side) ?? cause);
}
