import { type ChildProcess, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Cause } from "@tether/protocol/cause";
import { onTestFinished } from "vitest";
import { createWatch } from "../watch.ts";

const bin = join(import.meta.dirname, "../../bin/tether-robot.js");

/** Loaded before the agent, of which it knows nothing: at SIGUSR2 its process does what is named. */
const preload = `
const faults = {
  exception() { throw new Error("a fault of the test"); },
  memory() { const kept = []; for (;;) kept.push(new Array(100_000).fill({})); },
  blocked() { const until = Date.now() + 5_000; while (Date.now() < until); },
};
if (process.env.FAULT) process.on("SIGUSR2", () => setImmediate(faults[process.env.FAULT]));
`;

/** A process of the agent that a test can harm. */
export function startVictim(home: string, fault: string | undefined, ...args: string[]) {
  writeFileSync(join(home, "preload.mjs"), preload);
  const flags = ["--import", join(home, "preload.mjs"), "--max-old-space-size=192", bin];
  const env = { PATH: process.env.PATH, HOME: home, ...(fault !== undefined && { FAULT: fault }) };
  const child: ChildProcess = spawn(process.execPath, [...flags, ...args, "--state", join(home, "tether"), "--json"], { env });
  const said = createWatch<Record<string, unknown>>();
  if (child.stdout) createInterface(child.stdout).on("line", (line) => said.put(JSON.parse(line)));
  child.stderr?.resume();
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  return { child, said, ended, online: () => said.until("online", ({ status }) => status === "online") };
}

type Victim = ReturnType<typeof startVictim>;
type Operator = { command(command: unknown): unknown; letGo(): void };

const deep = (depth: number): unknown => (depth === 0 ? 1 : [deep(depth - 1)]);

export type Fault = {
  /** The fault of the preload that SIGUSR2 triggers. */
  readonly inside?: string;
  harm(victim: Victim, operator: Operator): void;
  /** After the wheels stood. */
  mend?(victim: Victim): void;
  /** The agent is gone and has to be started again. */
  readonly ends: boolean;
  /** The entry of the timeline afterwards and its cause; undefined if the session is not affected. */
  readonly told?: { readonly types: readonly string[]; readonly cause: Cause };
};

const begun = ["session.online", "session.resumed", "session.superseded"];
const inside = (name: string): Pick<Fault, "inside" | "harm"> => ({ inside: name, harm: ({ child }) => child.kill("SIGUSR2") });
const signal = (name: NodeJS.Signals): Pick<Fault, "harm"> => ({ harm: ({ child }) => child.kill(name) });
const gone = (stream: "stdout" | "stderr"): Pick<Fault, "harm"> => ({
  harm({ child }, { letGo }) {
    child[stream]?.destroy();
    letGo();
  },
});
const hung = { types: ["robot.reported"], cause: "agent.hung" } as const;
const killed = { types: begun, cause: "agent.killed" } as const;
const left = { types: ["session.ended"], cause: "robot.left" } as const;

export const faults: Readonly<Record<string, Fault>> = {
  "an exception that nobody caught": { ...inside("exception"), ends: true, told: { types: begun, cause: "agent.crashed" } },
  "standard output gone": { ...gone("stdout"), ends: false },
  "standard error gone": { ...gone("stderr"), ends: false },
  "no memory left": { ...inside("memory"), ends: true, told: killed },
  "an event loop that is blocked for 5 s": { ...inside("blocked"), ends: false, told: hung },
  SIGSTOP: { ...signal("SIGSTOP"), mend: ({ child }) => void child.kill("SIGCONT"), ends: false, told: hung },
  SIGKILL: { ...signal("SIGKILL"), ends: true, told: killed },
  SIGHUP: { ...signal("SIGHUP"), ends: true, told: left },
  SIGTERM: { ...signal("SIGTERM"), ends: true, told: left },
  "a driver that writes 512 MB without a line's end": {
    harm(_, { command, letGo }) {
      letGo();
      command({ linear: 0.5, angular: 0.1, flood: true });
    },
    ends: true,
    told: { types: ["session.ended"], cause: "driver.flooded" },
  },
  "a command nested 5,000 deep": {
    harm(_, { command, letGo }) {
      letGo();
      for (let times = 0; times < 2; times += 1) command(deep(5_000));
    },
    ends: false,
  },
};
