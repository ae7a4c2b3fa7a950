import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Cause } from "@tether/protocol/cause";
import type { onTestFinished } from "vitest";
import { nested } from "../peer/operator.ts";
import { createWatch } from "../watch.ts";

const bin = join(import.meta.dirname, "../../bin/tether-robot.js");

/** Loaded before the agent, of which it knows nothing: SIGUSR2 triggers the named fault in its process. */
const preload = `
const faults = {
  exception() { throw new Error("a fault of the test"); },
  memory() { const kept = []; for (;;) kept.push(new Array(100_000).fill({})); },
  blocked() { const until = Date.now() + 5_000; while (Date.now() < until); },
};
if (process.env.FAULT) process.on("SIGUSR2", () => setImmediate(faults[process.env.FAULT]));
`;

type Output = "stdout" | "stderr";

/** A process of the agent that a test can harm. `full`: an output on which every write fails with ENOSPC. */
export function startVictim(
  { home, args, onFinished }: { home: string; args: readonly string[]; onFinished: typeof onTestFinished },
  { inside, full }: Pick<Fault, "inside" | "full">,
) {
  writeFileSync(join(home, "preload.mjs"), preload);
  const flags = ["--import", join(home, "preload.mjs"), "--max-old-space-size=192", bin];
  const env = { PATH: process.env.PATH, HOME: home, ...(inside !== undefined && { FAULT: inside }) };
  const device = full === undefined ? undefined : openSync("/dev/full", "w");
  const out = (name: Output) => (full === name && device !== undefined ? device : "pipe");
  const child: ChildProcess = spawn(process.execPath, [...flags, ...args, "--state", join(home, "tether"), "--json"], {
    env,
    stdio: ["ignore", out("stdout"), out("stderr")],
  });
  if (device !== undefined) closeSync(device);
  const said = createWatch<Record<string, unknown>>();
  if (child.stdout) createInterface(child.stdout).on("line", (line) => said.put(JSON.parse(line)));
  child.stderr?.resume();
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  onFinished(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  return { child, said, ended };
}

type Victim = ReturnType<typeof startVictim>;
type Operator = { command(command: unknown): unknown; hold(command: unknown): void };

export type Fault = {
  /** The fault of the preload that SIGUSR2 triggers. */
  readonly inside?: string;
  /** The output that is full from the start. */
  readonly full?: Output;
  /** `operator` goes on to send its usual command meanwhile, or the one that it is told to hold. */
  harm(victim: Victim, operator: Operator): void;
  /** After the wheels stood. */
  mend?(victim: Victim): void;
  /** `drives`: the robot drives on. `stands`: it stops, and the agent goes on. `ends`: it stops, and the agent has to be started again. */
  readonly outcome: "drives" | "stands" | "ends";
  /** The reasons, one of which the stop has; an empty one is a stop that the driver made by itself. */
  readonly reasons?: readonly string[];
  /** The entry of the timeline afterwards and its cause; undefined if the session is not affected. */
  readonly told?: { readonly types: readonly string[]; readonly cause: Cause };
};

const inside = (name: string): Pick<Fault, "inside" | "harm"> => ({ inside: name, harm: ({ child }) => child.kill("SIGUSR2") });
const signal = (name: NodeJS.Signals): Pick<Fault, "harm"> => ({ harm: ({ child }) => child.kill(name) });
const gone = (stream: Output): Fault => ({ harm: ({ child }) => child[stream]?.destroy(), outcome: "drives" });
const full = (stream: Output): Fault => ({ full: stream, harm() {}, outcome: "drives" });

/** The supervisor is the first child of the agent, which starts the process of its peer connections after it. */
function supervisorOf({ child: { pid } }: Pick<Victim, "child">): number {
  const [supervisor = ""] = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ");
  if (supervisor === "") throw new Error("The agent has no supervisor.");
  return Number(supervisor);
}

const begun = ["session.online", "session.resumed", "session.superseded"];
const hung = { outcome: "stands", reasons: ["agent.late"], told: { types: ["robot.reported"], cause: "agent.hung" } } as const;
/** An agent without memory, or that takes long to die, is late before it is gone. */
const abandoned = { outcome: "ends", reasons: ["agent.gone", "agent.late"] } as const;
const killed = { ...abandoned, told: { types: begun, cause: "agent.killed" } } as const;
const left = { outcome: "ends", reasons: ["leaving"], told: { types: ["session.ended"], cause: "robot.left" } } as const;

const unsupervised = (name: NodeJS.Signals): Fault => ({
  harm: (victim) => void process.kill(supervisorOf(victim), name),
  outcome: "ends",
  reasons: ["", "leaving"],
  told: { types: ["session.ended"], cause: "driver.ended" },
});

export const faults: Readonly<Record<string, Fault>> = {
  "an exception that nobody caught": { ...inside("exception"), ...abandoned, told: { types: begun, cause: "agent.crashed" } },
  "standard output gone": gone("stdout"),
  "standard error gone": gone("stderr"),
  "standard output full": full("stdout"),
  "standard error full": full("stderr"),
  "no memory left": { ...inside("memory"), ...killed },
  "an event loop that is blocked for 5 s": { ...inside("blocked"), ...hung },
  SIGSTOP: { ...signal("SIGSTOP"), ...hung, mend: ({ child }) => void child.kill("SIGCONT") },
  "SIGSTOP for more than 30 s": {
    ...signal("SIGSTOP"),
    outcome: "ends",
    reasons: ["agent.late"],
    told: { types: begun, cause: "agent.hung" },
  },
  SIGKILL: { ...signal("SIGKILL"), ...killed },
  SIGHUP: { ...signal("SIGHUP"), ...left },
  SIGINT: { ...signal("SIGINT"), ...left },
  SIGTERM: { ...signal("SIGTERM"), ...left },
  "a supervisor that gets SIGKILL": unsupervised("SIGKILL"),
  "a supervisor that gets SIGSTOP": unsupervised("SIGSTOP"),
  "a driver that writes 512 MB without a line's end": {
    // Of two commands that a busy driver has yet to obey the newer one alone is left.
    harm: (_, { hold }) => hold({ linear: 0.5, angular: 0.1, flood: true }),
    outcome: "ends",
    reasons: ["driver.flooded", "driver.failed", "leaving", ""],
    told: { types: ["session.ended"], cause: "driver.flooded" },
  },
  "a command nested 20,000 deep": {
    harm(_, { command }) {
      for (let times = 0; times < 2; times += 1) command({ linear: 0.5, angular: 0.1, nested: nested.mark });
    },
    outcome: "drives",
  },
};
