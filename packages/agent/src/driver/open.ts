import { resolve } from "node:path";
import type { Say } from "@tether/program/say";
import type { Clock } from "@tether/sdk/clock";
import { type Driver, simulated } from "./driver.ts";
import { createLinesDriver, type SupervisedDriver } from "./lines/driver.ts";
import type { Watched } from "./lines/program.ts";
import { spawnProgram } from "./lines/spawn.ts";

export type OpenDriver = (
  named: string,
  env: { readonly clock: Clock; readonly say: Say; readonly interrupted?: () => void; readonly watched?: Watched },
) => Driver & Partial<SupervisedDriver>;

const prefix = "module:";

/** `simulated`, `module:` and a path, or the command line of a program. Each is a process of its own, so that it outlives the agent's. */
export const openDriver: OpenDriver = (named, env) => {
  const lines = { ...env, spawn: spawnProgram };
  if (named === simulated) return createLinesDriver(lines, { module: simulated });
  if (makesFrames(named)) return createLinesDriver(lines, { module: resolve(named.slice(prefix.length)) });
  return createLinesDriver(lines, { line: named });
};

/** Whether that driver can make frames itself: a module has a way for them, and a program speaks lines. */
export function makesFrames(named: string): boolean {
  return named === simulated || named.startsWith(prefix);
}
