import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

const folder = import.meta.dirname;
const tools = ["dependency-cruiser", "knip", "typescript"];

/** The tools need an older TypeScript than the project's: they are in a folder of their own, with a lock file of its own. */
export function install(): string[] {
  if (tools.every((tool) => existsSync(join(folder, "node_modules", tool)))) return [];
  const { status, stderr } = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: folder, encoding: "utf8" });
  return status === 0 ? [] : [`npm ci in check/graph failed: ${stderr.trim()}`];
}

/** Runs a script of the installed tools in `root`. */
export function runTool(root: string, script: string, args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [join(folder, "node_modules", script), ...args], { cwd: root, encoding: "utf8", maxBuffer: 1 << 28 });
}
