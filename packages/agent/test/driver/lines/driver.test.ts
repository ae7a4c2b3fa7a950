import { nextTurn } from "@tether/local/clock/real";
import { createVirtualClock } from "@tether/local/clock/virtual";
import { expect, onTestFinished, test } from "vitest";
import { createLinesDriver, timeoutMs } from "../../../src/driver/lines/driver.ts";
import { spawnProgram } from "../../../src/driver/lines/spawn.ts";
import { createWatch } from "../../watch.ts";

const given = { epoch: 3, ageMs: 12, limit: 1 };

/** A program of one line of JavaScript for each message, run for real. Time passes for the driver only when told. */
function start(onMessage: string) {
  const source = `
    const say = (message) => console.log(JSON.stringify(message));
    const rest = [];
    require("readline").createInterface({ input: process.stdin })
      .on("line", (line) => { const message = JSON.parse(line); ${onMessage} })
      .on("close", () => say({ type: "log", says: "end of input" }));`;
  const clock = createVirtualClock({ startAt: 0, idle: nextTurn });
  const said = createWatch<Record<string, unknown>>();
  const note = (_: string, facts: object) => said.put({ ...facts });
  const say = { progress() {}, event: note, result: note, trouble() {} };
  const encoded = Buffer.from(source).toString("base64");
  const line = `'${process.execPath}' -e "eval(Buffer.from('${encoded}','base64').toString())"`;
  const driver = createLinesDriver({ clock, spawn: spawnProgram, say }, { line });
  const told = createWatch<unknown>();
  driver.telemetry(told.put);
  onTestFinished(() => driver.close());
  return { clock, driver, said, told };
}

const done = `say({ type: "done", id: message.id });`;
const echo = `say({ type: "telemetry", telemetry: message }); ${done}`;

test("a program is told to start, to obey and to stop, a line each, and answers when it has", async () => {
  const { driver, told } = start(echo);
  await driver.start();
  driver.command({ linear: 1 }, given);
  await told.until("the command", (one) => (one as { type: string }).type === "command");
  await driver.stop("deadman");
  expect(told.all).toEqual([
    { type: "start", id: 1 },
    { type: "command", id: 2, command: { linear: 1 }, ...given },
    { type: "stop", id: 3, reason: "deadman" },
  ]);
  await driver.close();
  expect(told.all.at(-1)).toEqual({ type: "stop", id: 4, reason: "leaving" });
});

test("a line that is no message is logged and ignored; log lines and standard error are logged", async () => {
  const { driver, said } = start(`
    console.log("Loading …"); console.log('{"type":"dance"}'); console.log("[1]");
    console.error("a warning"); say({ type: "log", says: "ready" }); ${done}`);
  await driver.start();
  await said.until("the warning", ({ says }) => says === "a warning");
  expect(said.all.filter(({ event }) => event === "driver.unread").map(({ line }) => line)).toEqual([
    "Loading …",
    '{"type":"dance"}',
    "[1]",
  ]);
  expect(said.all).toContainEqual({ event: "driver.log", says: "ready" });
});

test("its exit ends it with its code; it stands then, and is stopped without asking", async () => {
  const { driver } = start(`if (message.type === "command") process.exit(3); ${done}`);
  await driver.start();
  driver.command(1, given);
  expect(await driver.ended).toEqual({ status: 3, cause: "driver.ended", says: "The driver ended with 3." });
  await driver.stop("deadman");
  await driver.close();
});

test("a program that cannot be run ends as the shell says", async () => {
  const said = createWatch<object>();
  const note = (_: string, facts: object) => said.put(facts);
  const say = { progress() {}, event: note, result: note, trouble() {} };
  const clock = createVirtualClock({ startAt: 0, idle: nextTurn });
  const driver = createLinesDriver({ clock, spawn: spawnProgram, say }, { line: "./no-such-program" });
  await driver.start();
  expect(await driver.ended).toMatchObject({ status: 127 });
});

test("a command that is not answered in time makes the next one fail, which stops the robot", async () => {
  const { driver, clock } = start(`if (message.type !== "command") ${done}`);
  await driver.start();
  driver.command(1, given);
  await clock.advance(timeoutMs.command);
  driver.command(2, given);
  await clock.advance(1);
  expect(() => driver.command(3, given)).toThrow();
  await driver.stop("driver.failed");
  driver.command(4, given);
});

test("a program that does not answer a stop in time is ended, and ends the robot's run", async () => {
  const { driver, clock, said } = start(`if (message.type === "start") ${done}`);
  await driver.start();
  const stopped = driver.stop("deadman");
  await clock.advance(timeoutMs.stop);
  await stopped;
  expect(await driver.ended).toMatchObject({ status: 143 });
  expect(said.all).toContainEqual({ event: "driver.hung", during: "stop" });
});

test("a program that does not end when it is asked to is killed", async () => {
  const { driver, clock, said } = start(`
    setInterval(() => {}, 1000); process.on("SIGTERM", () => say({ type: "log", says: "no" })); ${done}`);
  await driver.start();
  const closed = driver.close();
  await said.until("the end of its input", ({ says }) => says === "end of input");
  await clock.advance(timeoutMs.end);
  await said.until("its refusal", ({ says }) => says === "no");
  await clock.advance(timeoutMs.end);
  await closed;
});

test("what a program declares before it is ready is its limits and its stages, which it is told of and may fail in [R23, R26]", async () => {
  const { driver, told, said } = start(`
    if (message.type === "start") say({ type: "declare", limits: true, stages: { slow: 1500, safe: 3000 } });
    say({ type: "telemetry", telemetry: message });
    if (message.type === "safe") say({ type: "failed", id: message.id, says: "no brakes" }); else ${done}`);
  expect([driver.limits, driver.manoeuvre]).toEqual([undefined, undefined]);
  await driver.start();
  const { slow, stop, safe } = driver.manoeuvre ?? {};
  expect([driver.limits, slow?.withinMs, stop, safe?.withinMs]).toEqual([true, 1_500, undefined, 3_000]);
  await slow?.run("deadman");
  await driver.stop("deadman");
  await expect(safe?.run("deadman")).rejects.toThrow("no brakes");
  expect(told.all.slice(1)).toEqual([
    { type: "slow", id: 2, reason: "deadman" },
    { type: "stop", id: 3, reason: "deadman" },
    { type: "safe", id: 4, reason: "deadman" },
  ]);
  expect(said.all).toContainEqual({ event: "driver.failed", says: "no brakes" });
});

test.each([{ slow: 0 }, { slow: "soon" }, { safe: 60_001 }])("stages that are none (%j) are not declared [R26]", async (stages) => {
  const { driver, said } = start(`say({ type: "declare", stages: ${JSON.stringify(stages)} }); ${done}`);
  await driver.start();
  expect(driver.manoeuvre).toBeUndefined();
  expect(said.all).toMatchObject([{ event: "driver.unread" }]);
});

test("a stop that the program could not carry out is said again until it is, and the robot is driven after that", async () => {
  const { driver, told, said, clock } = start(`
    if (message.type === "stop") globalThis.tries = (globalThis.tries ?? 0) + 1;
    say({ type: "telemetry", telemetry: message });
    if (message.type === "stop" && tries < 3) say({ type: "failed", id: message.id, says: "no brakes" }); else ${done}`);
  await driver.start();
  driver.command(1, given);
  const stopped = driver.stop("deadman");
  for (const tries of [1, 2]) {
    await expect.poll(() => said.all.filter(({ event }) => event === "driver.failed").length, { timeout: 20_000 }).toBe(tries);
    await clock.advance(100);
  }
  await stopped;
  driver.command(2, given);
  await told.until("the next command", (one) => (one as { command?: number }).command === 2);
  expect(told.all.map((one) => (one as { type: string }).type)).toEqual(["start", "command", "stop", "stop", "stop", "command"]);
});

test("a program that fails to stop for the time that a stop has is ended", async () => {
  const { driver, clock, said } = start(`
    if (message.type === "stop") say({ type: "failed", id: message.id, says: "no brakes" }); else ${done}`);
  await driver.start();
  const stopped = driver.stop("deadman");
  await said.until("the failure", ({ event }) => event === "driver.failed");
  await clock.advance(timeoutMs.stop);
  await stopped;
  expect(await driver.ended).toMatchObject({ cause: "driver.hung" });
});

test("a program that could not make ready is ended, and its start never over as if it were", async () => {
  const { driver, clock } = start(`say({ type: "failed", id: message.id, says: "no motors" });`);
  const started = driver.start();
  await Promise.race([driver.ended, clock.advance(0)]);
  await started;
  expect(await driver.ended).toMatchObject({ cause: "driver.ended" });
});

const lamp = { kind: "none", axes: [], buttons: [{ name: "lights" }], telemetry: [] } as const;

test("a program declares what the robot is, in as many lines as it likes, and is told of presses", async () => {
  const { driver, told } = start(`
    if (message.type === "start") { say({ type: "declare", robot: ${JSON.stringify(lamp)} }); say({ type: "declare", limits: true }); }
    ${echo}`);
  await driver.start();
  expect([driver.declaration, driver.limits]).toEqual([lamp, true]);
  driver.press?.("lights", given);
  await told.until("the press", (one) => (one as { type: string }).type === "press");
  expect(told.all.at(-1)).toEqual({ type: "press", id: 2, button: "lights", epoch: 3, ageMs: 12 });
});

test("a program that says wrongly what the robot is is not driven as another: it is ended, and the field is told", async () => {
  const wrong = { ...lamp, axes: [{ name: "elbow", unit: "rad/s", least: 1, most: 2 }] };
  const { driver, said } = start(`say({ type: "declare", robot: ${JSON.stringify(wrong)} }); ${done}`);
  const ended = driver.ended;
  await Promise.all([driver.start(), ended]);
  expect(said.all).toContainEqual({ event: "driver.misdeclared", fields: ["robot.axes.0.least"] });
});
