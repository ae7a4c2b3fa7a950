import { readFileSync, writeFileSync } from "node:fs";
import { commandLine } from "../../../../program/src/command-line.ts";
import { endingsIn, histogram } from "./stop-latency.ts";

const usage = `Usage: npm run safety -- [--schedules N]

Measures how long after the end of valid control the guard stops, and writes it between the marks of docs/safety.md.
--schedules N measures fewer than 100000 and only says it.`;
const { values } = commandLine({ usage, options: { schedules: { type: "number" } } });
const { schedules = 100_000 } = values;
const text = histogram(schedules, endingsIn(schedules));
if (values.schedules === undefined) {
  const path = new URL("../../../../../docs/safety.md", import.meta.url);
  const before = readFileSync(path, "utf8");
  writeFileSync(path, before.replace(/(<!-- npm run safety -->\n)[\s\S]*?(<!-- end -->)/, `$1${text}\n$2`));
} else process.stdout.write(`${text}\n`);
