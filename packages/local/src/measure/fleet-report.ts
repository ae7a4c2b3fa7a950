import type { Fleets } from "./flatness.ts";
import { table } from "./markdown.ts";
import { monthHours } from "./month.ts";
import { costs } from "./price.ts";
import { times } from "./usage.ts";

/** The monthly cost of robots of fleets, as values and as Markdown. */
export function fleetReport({ hours, shared, fleets }: Fleets) {
  const months = monthHours / hours;
  const priced = fleets.map(({ robots, usage }) => {
    const each = times(usage, months / robots);
    return { robots, each, dollars: costs(each).total };
  });
  const [first] = priced;
  const sharedDollars = costs(times(shared, months)).total;
  const text = [
    table(
      ["robots", "messages", "tickets", "runs of the broker", "read units", "write units", "$ a robot", "of the first"],
      priced.map(({ robots, each, dollars }) => [
        robots.toLocaleString("en"),
        ...[each.messages, each.apis, each.brokers, each.readUnits, each.writeUnits].map(Math.round),
        dollars.toFixed(5),
        (dollars / (first?.dollars ?? Number.NaN)).toFixed(3),
      ]),
    ),
    `What all share, the sweeper's look at the table: $ ${sharedDollars.toFixed(5)} a month.`,
  ].join("\n\n");
  return { hours, fleets: priced, shared: { usage: shared, dollars: sharedDollars }, text };
}
