import { writeFileSync } from "node:fs";
import { platform } from "@tether/sdk/platform";
import { createCutter, lineMost } from "./line.ts";
import { type Order, spawnDriver } from "./spawn.ts";
import { supervise } from "./supervise.ts";
import { readFromAgent, writeFromSupervisor } from "./wire.ts";

/** What waits to be read by the agent, in bytes. Beyond that, what the driver merely says is lost; what it did is not. */
const backlogMost = 1024 * 1024;

// A terminal's signals are for the agent, which stops the robot first. This process is over when the driver is.
for (const signal of ["SIGHUP", "SIGINT", "SIGTERM", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGPIPE"] as const) process.on(signal, () => {});
// An agent that is gone is noticed by the end of what it says.
for (const stream of [process.stdin, process.stdout]) stream.on("error", () => {});

const agentId = process.ppid;
const { clock, steady = clock } = platform;
const order: Order = JSON.parse(process.argv[2] ?? "null");
const driver = spawnDriver(order, {
  spawned: (group) => say({ type: "spawned", group }),
  took: (bytes) => supervisor.took(bytes),
  out: (line) => supervisor.fromDriver(line),
  err: (line) => supervisor.complained(line),
  ended: (exit) => supervisor.driverEnded(exit),
});

function note(): void {
  const { ifHung } = order;
  try {
    if (ifHung) writeFileSync(ifHung.path, ifHung.text, { mode: 0o600 });
  } catch {
    // The next start then finds an agent that was killed, which is so.
  }
}

function say(line: Parameters<typeof writeFromSupervisor>[0]): void {
  const isIdle = line.type === "out" || line.type === "err";
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
      // It is its parent no more once it is gone, and its number may be another's.
      if (process.ppid !== agentId) return;
      note();
      process.kill(agentId, "SIGKILL");
    },
  },
  over: () => process.exit(0),
});

const commands = createCutter(8 * lineMost, (line) => {
  const read = readFromAgent(line);
  if (read) supervisor.fromAgent(read);
});
process.stdin.on("data", commands.put);
for (const end of ["end", "close", "error"]) process.stdin.on(end, () => supervisor.agentGone());
