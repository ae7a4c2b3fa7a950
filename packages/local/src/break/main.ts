import { parseArgs } from "node:util";
import { table } from "../measure/markdown.ts";
import { type Broken, countBreak } from "./run.ts";

const usage = `Usage: npm run break -- [--robots N] [--connects N] [--shards N] [--refusing MINUTES] [--seed N]

Cuts the sockets of N robots of the SDK at one instant of virtual time (100000), with N new
connections a second (2000), the sweeper's index in so many partitions (16), and the API
refusing every ticket for so long (0). The same seed (1) makes the same run.`;

const text = { type: "string" } as const;
const { values } = parseArgs({
  options: { robots: text, connects: text, shards: text, refusing: text, seed: text, help: { type: "boolean" } },
});

const number = (value: string | undefined, usual: number) => {
  const given = value === undefined ? usual : Number(value);
  if (!Number.isFinite(given) || given < 0) throw new Error(`“${value}” is no number.`);
  return given;
};

const seconds = (ms: number) => (ms / 1_000).toFixed(1);

function rows({
  robots,
  cut,
  back,
  ticketsEach,
  refusalsEach,
  connectsRefused,
  lost,
  ended,
  sweeper,
}: Broken): (readonly [string, string | number])[] {
  return [
    ["robots; sockets cut at once", `${robots}; ${cut}`],
    ["half are back after, s", seconds(back.half)],
    ["95 % after, s", seconds(back.most)],
    ["all after, s", seconds(back.last)],
    ["tickets, a robot", ticketsEach.toFixed(3)],
    ["refusals of a ticket, a robot", refusalsEach.toFixed(1)],
    ["handshakes refused", connectsRefused],
    ["sessions lost", lost],
    ["sessions ended of robots that are gone", ended],
    ["deadlines done; the latest was late by, s", `${sweeper.done}; ${seconds(sweeper.lateMs)}`],
    ["graces held, run by run", sweeper.held],
    ["deadlines left for the next run", sweeper.backlog],
    ["presence checks; the longest run, s", `${sweeper.checked}; ${seconds(sweeper.longestCheckMs)}`],
    ["dead connections that they found", sweeper.foundGone],
  ];
}

async function main(): Promise<void> {
  if (values.help) return void process.stdout.write(`${usage}\n`);
  const broken = await countBreak({
    robots: number(values.robots, 100_000),
    connectsPerSecond: number(values.connects, 2_000),
    shards: number(values.shards, 16),
    refusingMs: number(values.refusing, 0) * 60_000,
    seed: number(values.seed, 1),
    gone: 0.01,
  });
  process.stdout.write(`${table(["a break", ""], rows(broken))}\n`);
}

await main();
