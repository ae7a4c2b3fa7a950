import { writeFileSync } from "node:fs";
import { commandLine } from "../../../program/src/command-line.ts";
import { gradeEndings } from "./grade.ts";
import { countsOf, page } from "./matrix.ts";
import { runTown } from "./run.ts";

const usage = `Usage: npm run causes -- [--seed N] [--endings N] [--robots N] [--write]

Ends sessions by known faults (10000) at some robots (8), and compares what is told with what was done. The same seed (1)
makes the same run. --write writes docs/causes.md.`;
const number = { type: "number" } as const;
const { values } = commandLine({ usage, options: { seed: number, endings: number, robots: number, write: { type: "boolean" } } });
const { seed = 1, endings = 10_000, robots: sites = 8 } = values;
const print = (line: string) => process.stdout.write(`${line}\n`);

let told = 0;
let isStopped = false;
// A run that is interrupted compares what was done until then.
process.once("SIGINT", () => {
  isStopped = true;
});
const ran = await runTown({
  seed,
  sites,
  endings,
  goesOn(done) {
    if (done >= told + 500) {
      told = done;
      process.stderr.write(`${done} endings\n`);
    }
    return !isStopped;
  },
});
const findings = await gradeEndings(ran.town);
for (const { what, truth, told: said } of findings.filter(({ grade }) => grade === "wrong"))
  print(`${what}: told ${said}, and it was ${truth}`);
const hours = Math.round((ran.town.world.clock.now() - ran.startedAt) / 3_600_000);
const command = `npm run causes -- --seed ${seed} --endings ${endings} --robots ${sites}`;
const text = page(findings, { command, hours, robots: sites });
const path = new URL("../../../../docs/causes.md", import.meta.url);
if (values.write) writeFileSync(path, text);
else print(text);
const { all, right, named, wrong } = countsOf(findings);
print(JSON.stringify({ seed, all, right, named, wrong, episodes: ran.episodes }));
await ran.close();
process.exit(wrong === 0 ? 0 : 1);
