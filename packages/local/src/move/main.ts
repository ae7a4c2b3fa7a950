import { readFileSync } from "node:fs";
import { clock, random } from "@tether/aws/ambient";
import { move } from "@tether/core/cell";
import { createIds } from "@tether/core/id";
import { commandLine, endUsage } from "@tether/program/command-line";
import { RobotId } from "@tether/protocol/id";
import { readCells } from "./cells.ts";
import { outcomeOf } from "./words.ts";

const usage = `Usage: npm run move -- --robot ROBOT --to CELL --cells FILE

Moves a robot to another cell of a deployment that has several (docs/scale.md). FILE
is JSON with what each cell's deployment printed as \`cell\`, by its name:

  { "home": { "table": …, "shards": …, "management": …, "region": …, "profile": … }, "b": … }

A move that was cut off is finished by the same command again, half a minute later.`;

const print = (line: string) => void process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
  const text = { type: "string" } as const;
  const { values } = commandLine({ usage, options: { robot: text, to: text, cells: text } });
  const robot = RobotId.safeParse(values.robot);
  if (!robot.success) return endUsage(usage, "--robot is to be a robot's id.");
  if (values.to === undefined || values.cells === undefined) return endUsage(usage, "--to and --cells are needed.");
  const cells = readCells(readFileSync(values.cells, "utf8"));
  if (typeof cells === "string") return endUsage(usage, cells);
  const moved = await move({ cells, run: createIds(clock, random).next("TicketId") }, robot.data, values.to);
  const { line, isDone } = outcomeOf(moved, values.to);
  print(line);
  return isDone ? 0 : 1;
}

process.exitCode = await main();
