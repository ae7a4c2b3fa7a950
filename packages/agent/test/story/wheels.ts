import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { platform } from "@tether/sdk/platform";

const page = readFileSync(join(import.meta.dirname, "../../../../docs/driver.md"), "utf8");
const [, example = ""] = /```python\n(.*?)```/s.exec(page) ?? [];

/** How much a flood is. */
const flood = { parts: 512, bytes: 1024 * 1024 } as const;

/** The program says nothing of what it is here: the commands that do harm hold more than its axes, and the guard would drop them. */
const python = (path: string) =>
  example
    .replace('say(type="declare", robot=robot)', "pass")
    .replace("def wheels(linear, angular):", "def wheels(linear, angular, **others):")
    .replace("import json,", "import os, json,")
    .replace(
      'elif message["type"] == "stop":\n            wheels(0.0, 0.0)',
      'elif message["type"] == "stop":\n            wheels(0.0, 0.0, reason=message["reason"])',
    )
    .replace(
      /(def wheels.*)/,
      `log = os.open(${JSON.stringify(path)}, os.O_WRONLY | os.O_CREAT | os.O_APPEND)\n$1
    os.write(log, f"{time.time() * 1000} {float(linear)} {others.get('reason', '')}\\n".encode())
    for _ in range(${flood.parts} if "flood" in others else 0):
        os.write(1, b"x" * ${flood.bytes})`,
    );

const wheelsIn = (path: string) => `
import { appendFileSync } from "node:fs";
function wheels(linear, reason = "") { appendFileSync(${JSON.stringify(path)}, Date.now() + " " + linear + " " + reason + "\\n"); }
function flood() {
  const part = Buffer.alloc(${flood.bytes}, "x");
  for (let count = 0; count < ${flood.parts}; count += 1) process.stdout.write(part);
}`;

const program = (path: string) => `${wheelsIn(path)}
import { createInterface } from "node:readline";
const end = () => { wheels(0); process.exit(0); };
process.on("SIGTERM", end);
createInterface({ input: process.stdin }).on("close", end).on("line", (line) => {
  const { id, type, command, reason } = JSON.parse(line);
  if (type === "command") { wheels(command.linear); if (command.flood) flood(); }
  if (type === "stop") wheels(0, reason);
  process.stdout.write(JSON.stringify({ type: "done", id }) + "\\n");
});`;

const module = (path: string) => `${wheelsIn(path).replace("linear,", "linear: number,")}
export function createDriver() {
  return {
    async start() {},
    command(command: { linear: number; flood?: boolean }) { wheels(command.linear); if (command.flood) flood(); },
    async stop(reason: string) { wheels(0, reason); },
    telemetry: () => () => {},
    async close() { wheels(0); },
  };
}`;

/** Drivers that log each speed of their wheels with its time, and the reason of a stop. Each is written to a folder; the result is its command line. */
export const drivers: Readonly<Record<string, (folder: string, log: string) => string>> = {
  "a driver in TypeScript"(folder, log) {
    writeFileSync(join(folder, "driver.ts"), module(log));
    return `module:${join(folder, "driver.ts")}`;
  },
  "a program of lines"(folder, log) {
    writeFileSync(join(folder, "driver.mjs"), program(log));
    return `'${process.execPath}' '${join(folder, "driver.mjs")}'`;
  },
  "the Python program of docs/driver.md"(folder, log) {
    writeFileSync(join(folder, "robot.py"), python(log));
    return `python3 '${join(folder, "robot.py")}'`;
  },
};

/** `reason` is empty for a command, and for a stop that the driver made by itself. */
export type Told = { readonly at: number; readonly speed: number; readonly reason: string };

/** The speeds that the wheels were given. */
export function wheelsOf(log: string) {
  const all = (): Told[] => {
    try {
      const lines = readFileSync(log, "utf8").split("\n").filter(Boolean);
      return lines.map((line) => line.split(" ")).map(([at, speed, reason = ""]) => ({ at: Number(at), speed: Number(speed), reason }));
    } catch {
      return [];
    }
  };
  return {
    all,
    /** Polls until the condition holds. */
    until: (what: string, holds: (all: readonly Told[]) => boolean) =>
      new Promise<void>((resolve, reject) => {
        const look = (left: number) => {
          if (holds(all())) resolve();
          else if (left === 0) reject(new Error(`${what} did not come: ${JSON.stringify(all().slice(-3))}`));
          else platform.clock.after(20, () => look(left - 1));
        };
        look(1_000);
      }),
  };
}
