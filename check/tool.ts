import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

export type Outcome = { readonly code: number; readonly stdout: string; readonly stderr: string };

/** Runs a program to its end. Rejects where it cannot be started. */
export function outcomeOf(program: string, args: readonly string[], cwd: string): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { cwd, maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
      if (error && typeof error.code !== "number") reject(error);
      else resolve({ code: Number(error?.code ?? 0), stdout, stderr });
    });
  });
}

/** Runs one of the installed tools with this Node. Its output is the finding, if it failed. */
export async function run(root: string, tool: string, args: readonly string[]): Promise<string[]> {
  const bin = join(root, "node_modules/.bin", tool);
  if (!existsSync(bin)) return [`${tool} is not installed; run npm ci.`];
  const { code, stdout, stderr } = await outcomeOf(process.execPath, [bin, ...args], root);
  if (code === 0) return [];
  const output = `${stdout}${stderr}`.trimEnd();
  return output === "" ? [`${tool} failed: exit code ${code}.`] : output.split("\n");
}
