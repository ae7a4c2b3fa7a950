import { parseArgs } from "node:util";
import { conflictReport, countBreaks, countTabs, type Met } from "./conflict.ts";
import { countFleets } from "./flatness.ts";
import { fleetReport } from "./fleet-report.ts";
import { countHerd, type Herd } from "./herd.ts";
import { herdReport } from "./herd-report.ts";
import { inLab } from "./lab.ts";
import { countMonths } from "./month.ts";
import { countOperations, holdMs } from "./operation.ts";
import { report } from "./report.ts";

/** `--fleet 100,5000`, `--herd 2000`, `--conflict 200`: sizes in robots, in place of the operations and months. `--json`: values, not Markdown. */
const { values } = parseArgs({
  options: {
    fleet: { type: "string" },
    herd: { type: "string" },
    conflict: { type: "string" },
    seed: { type: "string", default: "1" },
    json: { type: "boolean" },
  },
});

function sizesOf(text: string): number[] {
  const sizes = text.split(",").map(Number);
  if (!sizes.every((size) => Number.isSafeInteger(size) && size > 0)) throw new Error(`No sizes: ${text}`);
  return sizes;
}

async function measured(): Promise<{ readonly text: string }> {
  if (values.fleet !== undefined) return fleetReport(await countFleets(inLab, { sizes: sizesOf(values.fleet) }));
  if (values.conflict !== undefined) return conflicts(sizesOf(values.conflict), Number(values.seed));
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
