import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig, type Plugin } from "vitest/config";
import { QuickFirst } from "./quick-first.ts";
import { endWarmThread, warmThread } from "./warm-thread.ts";

const root = process.cwd();

/**
 * Leads `@tether/NAME/…` to the copy of the package that is mutated. The link in node_modules leads to the original, where a test that
 * goes through another package would never meet the mutation.
 */
function copyOfOurs(id: string): string | undefined {
  const [, name, sub] = /^@tether\/([a-z]+)\/(.+)$/.exec(id) ?? [];
  if (name === undefined || sub === undefined) return undefined;
  const folder = join(root, "packages", name);
  const { exports } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { exports: Record<string, string> };
  const file = exports[`./${sub}`] ?? exports["./*"]?.replace("*", sub);
  const path = file === undefined ? undefined : join(folder, file);
  return path !== undefined && existsSync(path) ? path : undefined;
}

/** Stryker names one of Vitest's own pools, so that this one is put in its place afterwards. */
const warm: Plugin = {
  name: "warm-thread",
  configureVitest({ vitest, project }) {
    project.config.pool = "warm";
    project.config.poolRunner = { name: "warm", createPoolWorker: warmThread };
    vitest.onClose(endWarmThread);
  },
};

/** The tests that `npm run mutate` names; without it, none. */
export default defineConfig({
  root,
  plugins: [{ name: "copy-of-ours", enforce: "pre", resolveId: copyOfOurs }, warm],
  test: {
    include: JSON.parse(process.env.MUTATE_TESTS ?? "[]"),
    // Stories that try each request in turn, dozens of races, hours, or thousands of schedules take minutes, and find what shorter ones
    // have found already. A mutant that no test finds is tried by all that reach it, which is every story with a session.
    exclude: [
      "**/{*.machine,crash,load,race,cost,schedule,stop-latency}.test.ts",
      "**/session/{left-over,predecessor-*,probe,quiet-gateway}.test.ts",
    ],
    sequence: { sequencer: QuickFirst },
    setupFiles: [join(import.meta.dirname, "setup.ts")],
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
