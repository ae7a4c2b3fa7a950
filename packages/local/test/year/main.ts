import { writeFileSync } from "node:fs";
import { commandLine } from "../../../program/src/command-line.ts";
import { page } from "./page.ts";
import { runYear, year } from "./run.ts";

const usage = `Usage: npm run year -- [--days N] [--write]

Lives through a year of virtual time, or through N days. --write writes docs/year.md.`;
const { values } = commandLine({ usage, options: { days: { type: "number" }, write: { type: "boolean" } } });
const { days = year.days } = values;
const print = (line: string) => process.stdout.write(`${line}\n`);

let isStopped = false;
// A run that is interrupted gives the result of the days that passed.
process.once("SIGINT", () => {
  isStopped = true;
});
let passed = 0;
const result = await runYear({ ...year, days }, (day) => {
  passed = day;
  if (day % 10 === 0) process.stderr.write(`${day} days\n`);
  return !isStopped;
});
const text = page(result, passed === year.days ? "npm run year --" : `npm run year -- --days ${passed}`);
if (values.write) writeFileSync(new URL("../../../../docs/year.md", import.meta.url), text);
else print(text);
for (const trouble of [...result.troubles, ...result.lost, ...result.doubled].slice(0, 50)) print(trouble);
const isGood = result.troubles.length + result.lost.length + result.doubled.length === 0;
process.exit(isGood ? 0 : 1);
