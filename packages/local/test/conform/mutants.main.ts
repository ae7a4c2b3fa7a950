import { commandLine } from "../../../program/src/command-line.ts";
import { brokenClients } from "./client/broken.ts";
import { judgeBroken } from "./client/judge-broken.ts";
import { judgeMutant } from "./mutant.ts";
import { mutants } from "./mutants.ts";

const usage = `Usage: npm run mutants -- [TEXT]

Judges robots in Python, and clients, that are broken in one place each, all of them or those with TEXT in their name, and says which are
caught.`;
const [wanted = ""] = commandLine({ usage, most: 1 }).args;
const atOnce = 2;
const robots = mutants.map((mutant) => ({ name: mutant[0], judge: () => judgeMutant(mutant) }));
const clients = Object.keys(brokenClients).map((name) => ({ name: `client: ${name}`, judge: () => judgeBroken(name) }));
const queue = [...robots, ...clients].filter(({ name }) => name.includes(wanted));
const all = queue.length;
let caught = 0;

async function work(): Promise<void> {
  for (let mutant = queue.shift(); mutant; mutant = queue.shift()) {
    const { name, judge } = mutant;
    const { clause, isCaught, by } = await judge();
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
