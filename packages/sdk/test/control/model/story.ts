import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { limits } from "@tether/protocol/limits";
import { inFolder, model, toFlags } from "./spin.ts";

const run = promisify(execFile);

/** An event: its kind, how many ms after the event before, by whom (0: nobody), of which epoch, with which number, and how old. */
export type Told = readonly [what: string, after: number, by: number, epoch: number, n: number, age: number];

/** The form in which packages/local/test/world/trace.ts writes a story. */
export type Story = { readonly story: string; readonly sessions: number; readonly traced: readonly Told[] };

const { trustMs, leaseMs, maxAgeMs } = limits.control;

/** Tells the model a story; answers the assertion that refuses it, or `undefined` where all of it is accepted. */
export async function refusal(traced: readonly Told[]): Promise<string | undefined> {
  const epochs = Math.max(1, ...traced.map(([, , , epoch]) => epoch));
  const defines = { TRACE: true, EPOCHS: epochs, TRUST: trustMs, LEASE: leaseMs, MAX_AGE: maxAgeMs.usual } as const;
  const told = [...traced, ["over", 0, 0, 0, 0, 0]].map(([what, ...rest]) => `  story ! ${what}, ${rest.join(", ")}`).join(";\n");
  return inFolder(async (cwd) => {
    writeFileSync(join(cwd, "told.pml"), `#include "${model}"\n\nactive proctype telling() {\n${told}\n}\n`);
    const replayed = run("spin", [...toFlags(defines), "told.pml"], { cwd, maxBuffer: 1 << 26 });
    // SPIN ends with 1 where an assertion broke.
    const { stdout } = await replayed.catch((failed: { stdout?: string }) => ({ stdout: failed.stdout ?? "" }));
    const [, broken] = /text of failed assertion: assert\((.*)\)/.exec(stdout) ?? [];
    if (broken === undefined && !/^\s*accepted$/m.test(stdout)) throw new Error(`SPIN did not replay:\n${stdout.slice(0, 2_000)}`);
    return broken;
  });
}
