import { commandLine } from "@tether/program/command-line";
import { table } from "../measure/markdown.ts";
import { type Broken, countBreak } from "./run.ts";

const usage = `Usage: npm run break -- [--robots N] [--connects N] [--shards N] [--refusing MINUTES] [--seed N]

Cuts the sockets of N robots of the SDK at one instant of virtual time (100000), with N new
connections a second (2000), the sweeper's index in so many partitions (16), and the API
refusing every ticket for so long (0). The same seed (1) makes the same run.`;

const number = { type: "number" } as const;
const { values } = commandLine({ usage, options: { robots: number, connects: number, shards: number, refusing: number, seed: number } });

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

const { robots = 100_000, connects = 2_000, shards = 16, refusing = 0, seed = 1 } = values;
const broken = await countBreak({ robots, connectsPerSecond: connects, shards, refusingMs: refusing * 60_000, seed, gone: 0.01 });
process.stdout.write(`${table(["a break", ""], rows(broken))}\n`);
