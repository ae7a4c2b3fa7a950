import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { endingsIn, histogram } from "./stop-latency.ts";

/** `npm run safety`: measures, and writes what it measured between the marks of docs/safety.md. `--schedules N` measures fewer and only says it. */
const { values } = parseArgs({ options: { schedules: { type: "string" } } });
const schedules = Number(values.schedules ?? 100_000);
const text = histogram(schedules, endingsIn(schedules));
if (values.schedules === undefined) {
  const path = new URL("../../../../../docs/safety.md", import.meta.url);
  const before = readFileSync(path, "utf8");
  writeFileSync(path, before.replace(/(<!-- npm run safety -->\n)[\s\S]*?(<!-- end -->)/, `$1${text}\n$2`));
} else process.stdout.write(`${text}\n`);
