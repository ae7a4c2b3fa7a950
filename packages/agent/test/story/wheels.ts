import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { platform } from "@tether/sdk/platform";

const page = readFileSync(join(import.meta.dirname, "../../../../docs/driver.md"), "utf8");
const [, example = ""] = /```python\n(.*?)```/s.exec(page) ?? [];

/** How much a flood is. */
const flood = { parts: 512, bytes: 1024 * 1024 } as const;

const python = (path: string) =>
  example.replace("import json,", "import os, json,").replace(
    /(def wheels.*)/,
    `log = os.open(${JSON.stringify(path)}, os.O_WRONLY | os.O_CREAT | os.O_APPEND)\n$1
    os.write(log, f"{time.time() * 1000} {float(linear)}\\n".encode())
    for _ in range(${flood.parts} if "flood" in others else 0):
        os.write(1, b"x" * ${flood.bytes})`,
  );

const wheelsIn = (path: string) => `
import { appendFileSync } from "node:fs";
function wheels(linear) { appendFileSync(${JSON.stringify(path)}, Date.now() + " " + linear + "\\n"); }
function flood() {
  const part = Buffer.alloc(${flood.bytes}, "x");
  for (let count = 0; count < ${flood.parts}; count += 1) process.stdout.write(part);
}`;

const program = (path: string) => `${wheelsIn(path)}
import { createInterface } from "node:readline";
const end = () => { wheels(0); process.exit(0); };
process.on("SIGTERM", end);
createInterface({ input: process.stdin }).on("close", end).on("line", (line) => {
  const { id, type, command } = JSON.parse(line);
  if (type === "command") { wheels(command.linear); if (command.flood) flood(); }
  if (type === "stop") wheels(0);
  process.stdout.write(JSON.stringify({ type: "done", id }) + "\\n");
});`;

const module = (path: string) => `${wheelsIn(path).replace("linear)", "linear: number)")}
export function createDriver() {
  return {
    async start() {},
    command(command: { linear: number; flood?: boolean }) { wheels(command.linear); if (command.flood) flood(); },
    async stop() { wheels(0); },
    telemetry: () => () => {},
    async close() { wheels(0); },
  };
}`;

/** A driver of each kind in a folder; each writes what its wheels are told, and when, to a file. Answers its command line. */
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

type Told = { readonly at: number; readonly speed: number };

/** The speeds that the wheels were given. */
export function wheelsOf(log: string) {
  const all = (): Told[] => {
    try {
      const lines = readFileSync(log, "utf8").split("\n").filter(Boolean);
      return lines.map((line) => line.split(" ").map(Number)).map(([at = 0, speed = 0]) => ({ at, speed }));
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
