import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { python } from "../../../sdk/test/python.ts";
import { realClock } from "../../src/clock/real.ts";
import { judgeRobot } from "../../src/conform/run.ts";
import type { Mutant } from "./mutants.ts";

const robot = join(import.meta.dirname, "../../../python");

export type Caught = { readonly name: string; readonly clause: string; readonly isCaught: boolean; readonly by: readonly string[] };

/** The text of a mutant's file with what is wrong in it; undefined where the file does not have once what is to be changed. */
export function changedText([, , file, was, becomes]: Mutant): string | undefined {
  const text = readFileSync(join(robot, "src/tether_robot", file), "utf8");
  return text.split(was).length === 2 ? text.replace(was, becomes) : undefined;
}

/** A copy of the robot's package, in a folder, with what is wrong in it. */
export function brokenCopy(mutant: Mutant, folder: string): string {
  const [name, , file] = mutant;
  const copy = join(folder, "package");
  cpSync(join(robot, "src"), copy, { recursive: true });
  const text = changedText(mutant);
  if (text === undefined) throw new Error(`${name}: ${file} does not have once what is to be changed.`);
  writeFileSync(join(copy, "tether_robot", file), text);
  return copy;
}

/** Runs the cases of the clause that a mutant breaks. It is caught where one that cites the clause fails. */
export async function judgeMutant(mutant: Mutant): Promise<Caught> {
  const [name, clause] = mutant;
  const folder = mkdtempSync(join(tmpdir(), "tether-mutant-"));
  try {
    const command = `PYTHONPATH='${brokenCopy(mutant, folder)}' exec ${python} -B '${robot}/example.py' {folder} {api} {code}`;
    const { results } = await judgeRobot({ clock: realClock, command, level: "safe", only: [clause] });
    const failed = results.filter(({ outcome, why }) => outcome === "failed" && !why?.includes("did not come as far"));
    return { name, clause, isCaught: failed.some(({ clauses }) => clauses.includes(clause)), by: failed.flatMap(({ clauses }) => clauses) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
