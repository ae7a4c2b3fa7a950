import { commandLine } from "../../../program/src/command-line.ts";
import { judgeMutant } from "./mutant.ts";
import { mutants } from "./mutants.ts";

const usage = `Usage: npm run mutants -- [TEXT]

Judges robots in Python that are broken in one place each, all of them or those with TEXT in their name, and says which are caught.`;
const [wanted = ""] = commandLine({ usage, most: 1 }).args;
const atOnce = 2;
const queue = mutants.filter(([name]) => name.includes(wanted));
const all = queue.length;
let caught = 0;

async function work(): Promise<void> {
  for (let mutant = queue.shift(); mutant; mutant = queue.shift()) {
    const { name, clause, isCaught, by } = await judgeMutant(mutant);
    if (isCaught) caught += 1;
    process.stdout.write(
      `${isCaught ? "caught " : "MISSED "} ${clause.padEnd(5)} ${name}${isCaught ? "" : ` (failed: ${by.join(", ") || "nothing"})`}\n`,
    );
  }
}

await Promise.all(Array.from({ length: atOnce }, work));
process.stdout.write(`${caught} of ${all} mutants are caught by the clause that they break.\n`);
// Timers of the judges' operators may still run: they must not keep the command alive.
process.stdout.write("", () => process.exit(caught === all ? 0 : 1));
