import { takeKernelLock } from "@tether/program/kernel-lock";
import { platform } from "@tether/sdk/platform";
import { takeDriverLock } from "./driver-lock.ts";
import { killAgent } from "./kill-agent.ts";
import { createCutter, lineMost } from "./line.ts";
import { noteManoeuvre } from "./note-manoeuvre.ts";
import { signalGroup } from "./process-group.ts";
import { type LaunchOrder, spawnDriver } from "./spawn.ts";
import { supervise } from "./supervise.ts";
import { readFromAgent, writeFromSupervisor } from "./wire.ts";

/** The limit of output that waits for the agent, in bytes. Beyond it the driver's lines are dropped; its answers are kept. */
const backlogMost = 1024 * 1024;

// Signals of a terminal are for the agent, which stops the robot first. The supervisor exits when the driver has.
for (const signal of ["SIGHUP", "SIGINT", "SIGTERM", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGPIPE"] as const) process.on(signal, () => {});
// The end of standard input shows that the agent is gone; a failed write need not.
for (const stream of [process.stdin, process.stdout]) stream.on("error", () => {});

const agentId = process.ppid;
const { clock, steady = clock } = platform;
const order: LaunchOrder = JSON.parse(process.argv[3] ?? "null");
const turn =
  order.lock === undefined ? () => {} : await takeDriverLock({ clock: steady, take: takeKernelLock, isAgentGone, waits }, order.lock);
if (turn === "agent.gone") process.exit(0);
const release = turn;
const driver = spawnDriver(order, {
  spawned: (group) => say({ type: "spawned", group }),
  took: (bytes) => supervisor.received(bytes),
  out: (line) => supervisor.fromDriver(line),
  err: (line) => supervisor.errorLine(line),
  ended(exit) {
    supervisor.driverEnded(exit);
    release();
  },
});

/** Once the agent is gone it is no longer the parent, and its pid may belong to another process. */
function isAgentGone(): boolean {
  return process.ppid !== agentId;
}

function waits(): void {
  say({ type: "err", line: "The driver of the run before has not ended yet; this one starts once it has." });
}

function say(line: Parameters<typeof writeFromSupervisor>[0]): void {
  const isIdle = line.type === "out" || line.type === "err" || line.type === "beat";
  if (isIdle && process.stdout.writableLength > backlogMost) return;
  process.stdout.write(`${writeFromSupervisor(line)}\n`);
}

const supervisor = supervise({
  clock: steady,
  onceRead: (run) => void setImmediate(run),
  driver,
  agent: {
    say,
    kill() {
      if (!isAgentGone()) killAgent(order.ifHung, () => process.kill(agentId, "SIGKILL"));
    },
  },
  signalGroup,
  manoeuvred(reason, passed) {
    if (order.manoeuvre !== undefined) noteManoeuvre(order.manoeuvre, { reason, passed, now: clock.now() });
  },
  over: () => process.exit(0),
});

const commands = createCutter(8 * lineMost, (line) => {
  const read = readFromAgent(line);
  if (read) supervisor.fromAgent(read);
});
process.stdin.on("data", commands.put);
for (const end of ["end", "close", "error"]) process.stdin.on(end, () => supervisor.agentGone());
