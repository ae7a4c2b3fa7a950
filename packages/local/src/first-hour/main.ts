import { readFileSync } from "node:fs";
import { join } from "node:path";
import { commandLine, endUsage } from "@tether/program/command-line";
import { type Deployment, type Result, runChecks } from "./check.ts";
import { fromInside } from "./inside.ts";
import { fromOutside } from "./outside.ts";

const usage = `Usage: npm run first-hour -- --stage NAME

Asks a deployment what docs/first-hour.md says can be asked by a program. Its
addresses are those that the last deployment from this folder printed, or:

  --api URL --broker URL --console URL

An owner's ID token in TETHER_TOKEN also makes a robot, connects and deletes it.`;

const print = (line: string) => void process.stdout.write(`${line}\n`);

/** The outputs of the last deployment from here, as SST wrote them. */
function lastDeployment(stage: string): Omit<Deployment, "token"> | string {
  const path = join(import.meta.dirname, "../../../../.sst/outputs.json");
  try {
    const { stage: deployed, ...at } = JSON.parse(readFileSync(path, "utf8")) as Deployment & { stage?: string };
    return deployed === stage ? at : `The last deployment from here is “${deployed}”: deploy “${stage}”, or give its addresses.`;
  } catch {
    return "Nothing was deployed from here: give the addresses.";
  }
}

function say({ name, outcome }: Result): void {
  if (typeof outcome === "string") print(`${outcome === "as expected" ? "ok      " : "left out"}  ${name}`);
  else print(`AMISS     ${name}\n          ${outcome.amiss}. See docs/first-hour.md.`);
}

async function main(): Promise<number> {
  const text = { type: "string" } as const;
  const { values } = commandLine({ usage, options: { stage: text, api: text, broker: text, console: text } });
  const { stage, api, broker, console } = values;
  if (stage === undefined && api === undefined) endUsage(usage, "--stage is missing.");
  const named = [api, broker, console].filter((address) => address !== undefined).length;
  if (named !== 0 && named !== 3) endUsage(usage, "--api, --broker and --console go together.");
  const given = api !== undefined && broker !== undefined && console !== undefined ? { api, broker, console } : undefined;
  const at = given ?? lastDeployment(stage ?? "");
  if (typeof at === "string") {
    print(at);
    return 2;
  }
  const token = process.env.TETHER_TOKEN;
  const failed = await runChecks([...fromOutside, ...fromInside], { ...at, token }, say);
  print(failed === 0 ? "\nAll that was asked is as expected." : `\n${failed} amiss.`);
  return failed === 0 ? 0 : 1;
}

process.exitCode = await main();
