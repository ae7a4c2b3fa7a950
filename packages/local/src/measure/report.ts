import type { Counted } from "./lab.ts";
import { table } from "./markdown.ts";
import { active, type Months } from "./month.ts";
import { costs, elsewhere, priceList } from "./price.ts";
import { type Usage, units } from "./usage.ts";

const round = (value: number, digits: number) => Number(value.toFixed(digits));

/** An operation, as it is shown and as a test compares it. */
export function rowOf({ usage, store, posts, lambdaLogBytes }: Counted) {
  return {
    requests: store.requests,
    depth: store.depth,
    readUnits: store.readUnits,
    writeUnits: store.writeUnits,
    posts,
    runs: usage.apis + usage.authorizers + usage.brokers,
    logBytes: lambdaLogBytes,
    perMillion: round(costs(usage).total * 1_000_000, 2),
  };
}

function monthOf(usage: Usage) {
  const { of, total } = costs(usage);
  return { usage, dollars: of, total: round(total, 5) };
}

/** Everything that was measured, as values and as Markdown. */
export function report(counted: Record<string, Counted>, counts: Months) {
  const operations = Object.fromEntries(Object.entries(counted).map(([name, one]) => [name, rowOf(one)]));
  const months = { nobody: monthOf(counts.nobody), idle: monthOf(counts.idle), active: monthOf(counts.active) };
  const others = elsewhere({ ...active, messages: counts.active.messages - counts.idle.messages });
  const names = Object.keys(units) as (keyof Usage)[];
  const text = [
    table(
      ["operation", "store requests", "in a row", "read units", "write units", "posts", "Lambda runs", "log bytes", "$ a million"],
      Object.entries(operations).map(([name, row]) => [name, ...Object.values(row)]),
    ),
    table(
      ["a month of 730 h", "nobody there", "$", "idle robot", "$", "active robot", "$"],
      [
        ...names.map((unit) => [
          unit,
          ...[months.nobody, months.idle, months.active].flatMap(({ usage, dollars }) => [
            Math.round(usage[unit]),
            dollars[unit].toFixed(5),
          ]),
        ]),
        ["total", ...[months.nobody, months.idle, months.active].flatMap(({ total }) => ["", total.toFixed(5)])],
      ],
    ),
    table(
      [`the active month elsewhere (${active.sessions} sessions, ${active.hours} h)`, "$"],
      Object.entries(others).map(([name, dollars]) => [name, dollars.toFixed(4)]),
    ),
    `Prices: ${priceList.region}, list, ${priceList.asOf}; ${priceList.sources.join(", ")}.`,
  ].join("\n\n");
  return { operations, months, elsewhere: others, priceList, text };
}
