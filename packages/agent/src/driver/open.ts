import type { Say } from "@tether/program/say";
import type { Clock } from "@tether/sdk/clock";
import type { Driver } from "./driver.ts";
import { createLines } from "./lines/driver.ts";
import { spawnProgram } from "./lines/spawn.ts";
import { createSimulated } from "./simulated/driver.ts";

export type OpenDriver = (named: string, env: { readonly clock: Clock; readonly say: Say }) => Driver;

/** `simulated`, or the command line of a program. */
export const openDriver: OpenDriver = (named, env) =>
  named === "simulated" ? createSimulated(env.clock) : createLines({ ...env, spawn: spawnProgram }, named);
