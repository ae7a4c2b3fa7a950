import { parseArgs } from "node:util";
import { countFleets } from "./flatness.ts";
import { fleetReport } from "./fleet-report.ts";
import { countHerd, type Herd } from "./herd.ts";
import { herdReport } from "./herd-report.ts";
import { inLab } from "./lab.ts";
import { countMonths } from "./month.ts";
import { countOperations, holdMs } from "./operation.ts";
import { report } from "./report.ts";

/** `--fleet 100,5000`, `--herd 2000`: sizes in robots, in place of the operations and months. `--json`: values, not Markdown. */
const { values } = parseArgs({ options: { fleet: { type: "string" }, herd: { type: "string" }, json: { type: "boolean" } } });

function sizesOf(text: string): number[] {
  const sizes = text.split(",").map(Number);
  if (!sizes.every((size) => Number.isSafeInteger(size) && size > 0)) throw new Error(`No sizes: ${text}`);
  return sizes;
}

async function measured(): Promise<{ readonly text: string }> {
  if (values.fleet !== undefined) return fleetReport(await countFleets(inLab, { sizes: sizesOf(values.fleet) }));
  if (values.herd === undefined) return report(await inLab(countOperations, { holdMs }), await countMonths(inLab));
  const herds: Herd[] = [];
  for (const size of sizesOf(values.herd)) herds.push(await inLab((lab) => countHerd(lab, size)));
  return herdReport(herds);
}

const { text, ...rest } = await measured();
process.stdout.write(`${values.json ? JSON.stringify(rest, undefined, 2) : text}\n`);
