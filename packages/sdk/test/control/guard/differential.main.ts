import { parseArgs } from "node:util";
import { python } from "../../python.ts";
import { compare } from "./differential.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { schedules: { type: "string", default: "100000" }, seed: { type: "string", default: "1" } },
});
const [schedules, seed] = [Number(values.schedules), Number(values.seed)];
const command = positionals.length > 0 ? positionals : [python, "-B", "packages/python/test/decide.py"];
const { steps, differences } = await compare({ command, schedules, seed });
for (const { seed: of, says } of differences.slice(0, 20)) process.stdout.write(`seed ${of}: ${says}\n`);
process.stdout.write(`${schedules} schedules from seed ${seed}, ${steps} decisions: ${differences.length} schedules decided otherwise.\n`);
process.exitCode = differences.length === 0 ? 0 : 1;
