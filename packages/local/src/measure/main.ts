import { commandLine, endUsage } from "@tether/program/command-line";
import { conflictReport, countBreaks, countTabs, type Met } from "./conflict.ts";
import { countFleets } from "./flatness.ts";
import { fleetReport } from "./fleet-report.ts";
import { countHerd, type Herd } from "./herd.ts";
import { herdReport } from "./herd-report.ts";
import { inLab } from "./lab.ts";
import { countMonths } from "./month.ts";
import { countOperations, holdMs } from "./operation.ts";
import { report } from "./report.ts";

const usage = `Usage: npm run measure -- [options]

Counts what operations and months cost in store units, posts, bytes and dollars. In their place, with sizes in robots:

  --fleet SIZES     what an idle robot costs in fleets of these sizes, as 100,5000
  --herd SIZES      robots that lose their sockets at once, as 2000
  --conflict SIZES  ends that do everything at the same instants, as 200
  --seed N          the same seed makes the same run of --conflict (1)
  --json            values, not Markdown`;

const { values } = commandLine({
  usage,
  options: {
    fleet: { type: "string" },
    herd: { type: "string" },
    conflict: { type: "string" },
    seed: { type: "number" },
    json: { type: "boolean" },
  },
});

function sizesOf(text: string): number[] {
  const sizes = text.split(",").map(Number);
  if (!sizes.every((size) => Number.isSafeInteger(size) && size > 0)) endUsage(usage, `“${text}” holds no sizes.`);
  return sizes;
}

async function measured(): Promise<{ readonly text: string }> {
  if (values.fleet !== undefined) return fleetReport(await countFleets(inLab, { sizes: sizesOf(values.fleet) }));
  if (values.conflict !== undefined) return conflicts(sizesOf(values.conflict), values.seed ?? 1);
  if (values.herd === undefined) return report(await inLab(countOperations, { holdMs }), await countMonths(inLab));
  const herds: Herd[] = [];
  for (const size of sizesOf(values.herd)) herds.push(await inLab((lab) => countHerd(lab, size)));
  return herdReport(herds);
}

async function conflicts(sizes: readonly number[], seed: number): Promise<{ readonly text: string }> {
  const met: Met[] = [];
  for (const robots of sizes) met.push(await inLab((lab) => countBreaks(lab, { robots, breaks: 5 }), { seed }));
  met.push(await inLab(countTabs, { seed }));
  return conflictReport(met, seed);
}

const { text, ...rest } = await measured();
process.stdout.write(`${values.json ? JSON.stringify(rest, undefined, 2) : text}\n`);
