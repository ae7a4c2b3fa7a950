import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

/** Runs one of the installed tools with this Node. Its output is the finding, if it failed. */
export function run(root: string, tool: string, args: readonly string[]): string[] {
  const bin = join(root, "node_modules/.bin", tool);
  if (!existsSync(bin)) return [`${tool} is not installed; run npm ci.`];
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [bin, ...args], { cwd: root, encoding: "utf8" });
  if (status === 0) return [];
  const output = `${stdout ?? ""}${stderr ?? ""}`.trimEnd();
  return output === "" ? [`${tool} failed: ${error?.message ?? `exit code ${status}`}.`] : output.split("\n");
}
