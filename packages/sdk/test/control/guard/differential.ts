import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { recordingOf } from "./recording.ts";

type Options = { readonly command: readonly string[]; readonly schedules: number; readonly seed: number };

export type Difference = { readonly seed: number; readonly says: string };

/**
 * Shows schedules to another guard, a program that reads a recording a line and answers each with a line: `same`, or where it decided
 * otherwise. A few lines are on the way at a time.
 */
export async function compare({
  command: [file = "", ...args],
  schedules,
  seed,
}: Options): Promise<{ steps: number; differences: Difference[] }> {
  const child = spawn(file, args, { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(child, "exit");
  const differences: Difference[] = [];
  let steps = 0;
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const asked: number[] = [];
  async function answered(): Promise<void> {
    const of = asked.shift() ?? 0;
    const { value, done } = await answers.next();
    if (done) throw new Error("The other guard ended before its last answer.");
    if (value !== "same") differences.push({ seed: of, says: String(value) });
  }
  for (let at = seed; at < seed + schedules; at += 1) {
    const recording = recordingOf(at);
    steps += recording.steps.length;
    asked.push(at);
    if (!child.stdin.write(`${JSON.stringify(recording)}\n`)) await Promise.race([once(child.stdin, "drain"), ended]);
    if (asked.length > 8) await answered();
  }
  while (asked.length > 0) await answered();
  child.stdin.end();
  await ended;
  return { steps, differences };
}
