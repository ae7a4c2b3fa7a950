import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildProgram } from "../../../../guard-c/test/build.ts";
import { commandLine } from "../../../../program/src/command-line.ts";
import { python } from "../../python.ts";
import { compare } from "./differential.ts";

const usage = `Usage: npm run guards -- [--guard python|c] [--schedules N] [--seed N] [-- COMMAND ...]

Compares the decisions of the SDK's guard on N schedules (100000) from a seed (1) on with those of another guard: of Python's, of C's, or
of COMMAND.`;
const number = { type: "number" } as const;
const guard = { type: "string", oneOf: ["python", "c"] } as const;
const { values, args } = commandLine({ usage, options: { schedules: number, seed: number, guard }, most: Number.POSITIVE_INFINITY });
const { schedules = 100_000, seed = 1 } = values;
const folder = mkdtempSync(join(tmpdir(), "tether-guards-"));
const ofPython = [python, "-B", "packages/python/test/decide.py"];
try {
  const named = values.guard === "c" ? [await buildProgram(folder, "decide")] : ofPython;
  const { steps, differences } = await compare({ command: args.length > 0 ? args : named, schedules, seed });
  for (const { seed: of, says } of differences.slice(0, 20)) process.stdout.write(`seed ${of}: ${says}\n`);
  process.stdout.write(
    `${schedules} schedules from seed ${seed}, ${steps} decisions: ${differences.length} schedules decided otherwise.\n`,
  );
  process.exitCode = differences.length === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
