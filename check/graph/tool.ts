import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Outcome, outcomeOf } from "../tool.ts";

const folder = import.meta.dirname;
const tools = ["dependency-cruiser", "knip", "typescript"];

let installing: Promise<string[]> | undefined;

/** The tools need an older TypeScript than the project's: they are in a folder of their own, with a lock file of its own. */
export function install(): Promise<string[]> {
  installing ??= installOnce();
  return installing;
}

async function installOnce(): Promise<string[]> {
  if (tools.every((tool) => existsSync(join(folder, "node_modules", tool)))) return [];
  const { code, stderr } = await outcomeOf("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], folder);
  return code === 0 ? [] : [`npm ci in check/graph failed: ${stderr.trim()}`];
}

/** Runs a script of the installed tools in `root`. */
export function runTool(root: string, script: string, args: readonly string[]): Promise<Outcome> {
  return outcomeOf(process.execPath, [join(folder, "node_modules", script), ...args], root);
}
