import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { spawnProgram } from "../../../src/driver/lines/spawn.ts";
import { children, folder } from "../../agent-process.ts";
import { createWatch } from "../../watch.ts";

/** A program that notes in a journal when it begins and ends, and ends by SIGTERM alone. */
function run(home: string, name: string) {
  const journal = join(home, "journal");
  const source = `
    const note = (what) => require("fs").appendFileSync(${JSON.stringify(journal)}, "${name} " + what + "\\n");
    process.on("SIGTERM", () => { note("ends"); process.exit(); });
    setInterval(() => {}, 1000);
    note("begins"); console.log("${name}");`;
  const said = createWatch<string>();
  const line = `exec '${process.execPath}' -e "eval(Buffer.from('${Buffer.from(source).toString("base64")}','base64').toString())"`;
  const events = { out: said.put, err: said.put, done() {}, failed() {}, interrupted() {} };
  const program = spawnProgram({ line }, events, { lock: join(home, "driver.lock") });
  onTestFinished(async () => {
    program.kill("SIGKILL");
    await program.ended;
  });
  return { program, said };
}

test("a driver does not begin before that of the run before has ended, however the agent between them ended", async () => {
  const home = folder();
  appendFileSync(join(home, "journal"), "");
  const first = run(home, "first");
  await first.said.until("its begin", (line) => line === "first");
  const second = run(home, "second");
  await second.said.until("that it waits", (line) => line.includes("has not ended yet"));
  expect(second.said.all).not.toContain("second");
  first.program.kill("SIGTERM");
  await second.said.until("its begin", (line) => line === "second");
  expect(readFileSync(join(home, "journal"), "utf8")).toBe("first begins\nfirst ends\nsecond begins\n");
});

/** A driver that hears neither the end of its input nor SIGTERM once it was told to start. */
const deaf = `
process.on("SIGTERM", () => {});
export const createDriver = () => ({
  async start() {},
  command() {},
  stop: () => new Promise(() => {}),
  telemetry: () => () => {},
  async close() {},
});`;

test.for([
  ["stopped", "SIGSTOP"],
  ["killed", "SIGKILL"],
] as const)("a driver whose supervisor is %s while the robot moves sees the end of its input, and is ended", async ([, signal]) => {
  const home = folder();
  writeFileSync(join(home, "deaf.mjs"), deaf);
  const before = children();
  const answered = createWatch<number>();
  const events = { out() {}, err() {}, done: answered.put, failed() {}, interrupted() {} };
  const program = spawnProgram({ module: join(home, "deaf.mjs") }, events);
  const [supervisor = 0] = children().filter((pid) => !before.includes(pid));
  program.write({ type: "start", id: 1 });
  await answered.until("its start", (id) => id === 1);
  program.write({ type: "command", id: 2, command: {}, epoch: 1, ageMs: 0, limit: 1 });
  await answered.until("its command", (id) => id === 2);
  process.kill(supervisor, signal);
  expect(await program.ended).toEqual({ status: 128, fault: "supervisor.ended" });
});
