import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
export const model = join(import.meta.dirname, "control.pml");

export type Defines = Readonly<Record<string, number | true>>;

export type Searched = {
  readonly errors: number;
  readonly states: number;
  /** Neither its depth nor the memory ended the search, and it was of all states, not of a hash of them. */
  readonly isComplete: boolean;
  /** The assertion that broke, as SPIN writes it. */
  readonly broken: string | undefined;
};

/** Searches the model whole, or up to its first error. What needs more steps than `depth`, or more memory, is not complete. */
export async function search(defines: Defines, { depth = 2_000_000, mb = 2_000 } = {}): Promise<Searched> {
  return inFolder(async (cwd) => {
    await run("spin", [...toFlags(defines), "-a", model], { cwd });
    await run("gcc", ["-O2", "-w", "-DSAFETY", "-DCOLLAPSE", "-DNOREDUCE", `-DMEMLIM=${mb}`, "-o", "pan", "pan.c"], { cwd });
    const { stdout } = await run("./pan", [`-m${depth}`, "-n"], { cwd });
    const [, errors, states] = /errors: (\d+)\n\s*(\d+) states, stored/.exec(stdout) ?? [];
    if (errors === undefined || states === undefined) throw new Error(`pan did not search:\n${stdout}`);
    const isCut = /max search depth too small|Search not completed/.test(stdout);
    const [, broken] = /assertion violated (.*) \(at depth \d+\)/.exec(stdout) ?? [];
    return { errors: Number(errors), states: Number(states), isComplete: !isCut && stdout.includes("Full statespace search"), broken };
  });
}

export function toFlags(defines: Defines): string[] {
  return Object.entries(defines).map(([name, value]) => (value === true ? `-D${name}` : `-D${name}=${value}`));
}

export async function inFolder<Result>(use: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), "tether-model-"));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
