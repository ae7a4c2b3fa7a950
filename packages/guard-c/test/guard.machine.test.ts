import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { buildProgram } from "./build.ts";
import { type GuardProgram, startGuard, type Told } from "./program.ts";

let guard: GuardProgram;
const folder = mkdtempSync(join(tmpdir(), "tether-guard-c-"));
beforeAll(async () => {
  guard = startGuard(await buildProgram(folder, "run"));
});
afterAll(async () => {
  await guard.end();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => guard.call({ do: "answer" }));

const vectors = JSON.parse(readFileSync(join(import.meta.dirname, "../../protocol/vectors/permit.json"), "utf8"));
/** Of epoch 3, a dead-man of 500 ms, an age of 400 ms, 1.5 m/s at most, and good for 5 min. */
const permit = vectors.cases.find(({ name }: { name: string }) => name === "good").jws as string;
const robot = "rob_01J00000000000000000000000";
const session = "cse_01J00000000000000000000000";
const serverTime = 1_800_000_000_000;
const holder = { version: 3, epoch: 3, holder: { session } };

const say = (at: number, channel: "control" | "events", message: object, pair = 1) =>
  guard.call({ do: "message", at, pair, channel, text: JSON.stringify(message) });
const frame = (at: number, content: object) => guard.call({ do: "frame", at, text: JSON.stringify(content) });
const due = (at: number) => guard.call({ do: "due", at });
const command = (at: number, seq: number, more: object = {}) =>
  say(at, "control", { epoch: 3, seq, sentAt: at, command: { linear: 1, angular: 0 }, ...more });
const hooks = (told: readonly Told[]) => told.map(({ hook }) => hook);
const messages = (told: readonly Told[]) =>
  told.filter(({ hook }) => hook === "send").map(({ message }) => message as { type: string; t0: number });
const types = (told: readonly Told[]) => messages(told).map(({ type }) => type);
const runs = (told: readonly Told[]) => told.filter(({ hook }) => hook === "run").map(({ stage, run }) => [stage, run]);

/** A holder that may drive at 10 ms: its clock is the robot's. */
async function arm(options: object = {}): Promise<void> {
  await guard.call({ do: "begin", at: 0, robot, ...options });
  await frame(0, { type: "welcome", serverTime, control: { control: holder, keys: vectors.keys } });
  await guard.call({ do: "open", at: 0, session });
  const told = await say(0, "events", { type: "permit", permit });
  expect(types(told)).toEqual(["accepted", "clock"]);
  await say(10, "events", { type: "clock", t0: messages(told)[1]?.t0, t1: 5 });
}

test("a command is given to the driver within the policy's speeds, and the robot stops without the next [R4, R5, R8, R24]", async () => {
  await arm();
  const [obeyed] = await command(20, 1, { command: { linear: 3, angular: 1 } });
  expect(obeyed).toMatchObject({ hook: "command", seq: 1, linear: 1.5, angular: 0.5 });
  expect(guard.standing()).toMatchObject({ phase: "driving" });
  expect(types(await due(519))).not.toContain("stopped");
  const told = await due(520);
  expect(runs(told)).toEqual([["stop", 1]]);
  expect(messages(told).at(-1)).toMatchObject({ type: "stopped", reason: "deadman", latencyMs: 0 });
  expect(guard.standing().phase).toBe("armed");
});

test("a press of stop by two ways is one stop, is kept, and holds until its holder resumes [R7, R16, R18, R32, P13]", async () => {
  await arm();
  await command(20, 1);
  const key = "a-press-of-16-chars-1";
  const told = await say(30, "control", { type: "stop", key });
  expect(told.filter(({ hook }) => hook === "keep" || hook === "latched")).toEqual([
    { hook: "keep", inForce: true },
    { hook: "latched", inForce: true, session },
  ]);
  expect(messages(told).at(-1)).toMatchObject({ type: "stopped", reason: "stop", stop: 1 });
  expect(hooks(await say(40, "events", { type: "stop", key }))).toEqual([]);
  expect(hooks(await frame(50, { type: "stop", key, session }))).toEqual([]);
  expect(hooks(await command(60, 2))).toEqual([]);
  expect(hooks(await say(70, "events", { type: "resume", epoch: 3, stop: 2, seq: 2 }))).toEqual([]);
  const resumed = await say(80, "events", { type: "resume", epoch: 3, stop: 1, seq: 2 });
  expect(resumed).toContainEqual({ hook: "keep", inForce: false });
  expect(types(resumed)).toEqual(["accepted", "resumed"]);
  expect(hooks(await command(90, 2))).toEqual([]);
  expect(hooks(await command(100, 3))).toContain("command");
});

test("a stop of the broker names who pressed it, and one with wrong fields stops as well [R17, P13]", async () => {
  await arm();
  await command(20, 1);
  const by = { type: "user", id: "user-1" };
  expect(await frame(30, { type: "stop", by })).toContainEqual({ hook: "latched", inForce: true, by });
  await say(40, "events", { type: "resume", epoch: 3, stop: 1, seq: 1 });
  await command(50, 2);
  await frame(60, { type: "stop", by: 7, session: [], key: {} });
  expect(guard.standing().phase).toBe("armed");
  expect(hooks(await command(70, 3))).toEqual([]);
});

test("a stop that cannot be kept is told, and kept once it can be [R18]", async () => {
  await arm();
  await guard.call({ do: "answer", keep: false });
  const told = await guard.call({ do: "stop", at: 20 });
  expect(messages(told).at(-1)).toEqual({ type: "latched", stop: 1, kept: false });
  await guard.call({ do: "answer" });
  expect(hooks(await due(5_019))).not.toContain("keep");
  const again = await due(5_020);
  expect(messages(again)).toContainEqual({ type: "latched", stop: 1, kept: true });
});

test("a stop of before is in force, and told to who joins [R18, R20]", async () => {
  await guard.call({ do: "begin", at: 0, robot, isStopped: true });
  expect(await due(0)).toContainEqual({ hook: "keep", inForce: true });
  expect(messages(await guard.call({ do: "open", at: 1, session }))).toEqual([{ type: "latched", stop: 1, kept: true }]);
});

test("a driver that could not stop is told again after 100 ms, and nothing is obeyed meanwhile [R10]", async () => {
  await arm();
  await command(20, 1);
  await guard.call({ do: "answer", stop: "failed" });
  await guard.call({ do: "stop", at: 30 });
  expect(guard.standing()).toMatchObject({ phase: "stopping", due: 130 });
  expect(hooks(await due(129))).toEqual([]);
  expect(runs(await due(130))).toEqual([["stop", 2]]);
  await guard.call({ do: "answer" });
  expect(runs(await due(230))).toEqual([["stop", 3]]);
  expect(guard.standing().phase).toBe("armed");
});

test("the stages follow each other, each with its deadline, and the robot stands when its driver stopped it [R26]", async () => {
  await arm({ slow: 300, safe: 200 });
  await guard.call({ do: "answer", slow: "running", stop: "running", safe: "failed" });
  await command(20, 1);
  expect(runs(await due(520))).toEqual([["slow", 1]]);
  expect(runs(await due(820))).toEqual([["stop", 2]]);
  expect(runs(await due(2_820))).toEqual([["safe", 3]]);
  expect(guard.standing().phase).toBe("stopping");
  // The end of a stage that was given up says nothing.
  expect(hooks(await guard.call({ do: "stopped", at: 2_900, run: 1 }))).toEqual([]);
  const [stopped] = messages(await guard.call({ do: "stopped", at: 3_000, run: 2 }));
  expect(stopped).toMatchObject({
    reason: "deadman",
    latencyMs: 2_480,
    stages: [
      { stage: "slow", became: "late", tookMs: 300 },
      { stage: "stop", became: "late", tookMs: 2_000 },
      { stage: "safe", became: "failed", tookMs: 0 },
    ],
  });
});

test("an order does not wait for a robot that slows down [R26]", async () => {
  await arm({ slow: 300 });
  await guard.call({ do: "answer", slow: "running" });
  await command(20, 1);
  expect(runs(await due(520))).toEqual([["slow", 1]]);
  const told = await guard.call({ do: "stop", at: 600 });
  expect(runs(told)).toEqual([["stop", 2]]);
  expect(messages(told)[0]).toMatchObject({ reason: "stop", stages: [{ stage: "stop", became: "done" }] });
});

test("a session's end does not wait for a robot that slows down [R26]", async () => {
  await arm({ slow: 300 });
  await guard.call({ do: "answer", slow: "running" });
  await command(20, 1);
  await due(520);
  expect(runs(await guard.call({ do: "end", at: 530 }))).toEqual([["stop", 2]]);
  expect(guard.standing().phase).toBe("ended");
});

test("a stop is obeyed before both channels are there, and after one of them closed [R7.1, W1.1]", async () => {
  await arm();
  await command(20, 1);
  const early = (text: object) => guard.call({ do: "early", at: 30, session, channel: "events", text: JSON.stringify(text) });
  expect(await early({ type: "permit", permit })).toEqual([{ hook: "early", isObeyed: false }]);
  expect(runs(await early({ type: "stop" }))).toEqual([["stop", 1]]);
  await guard.call({ do: "close", at: 40, pair: 1 });
  expect(runs(await say(50, "control", { type: "stop" }))).toEqual([["stop", 2]]);
  expect(hooks(await say(60, "events", { type: "permit", permit }))).toEqual([]);
  await guard.call({ do: "leave", at: 70, pair: 1 });
  expect(hooks(await say(80, "control", { type: "stop" }))).toEqual([]);
});

test("a driver that fails stops the robot, and so do its own stops, also more than are remembered [R10]", async () => {
  await arm();
  await guard.call({ do: "answer", command: false });
  expect(messages(await command(20, 1)).at(-1)).toMatchObject({ type: "stopped", reason: "driver.failed" });
  for (const stopsInHook of [1, 20]) {
    await arm();
    await guard.call({ do: "answer", stopsInHook });
    expect(runs(await command(20, 1))).toContainEqual(["stop", 1]);
    expect(guard.standing().phase).toBe("armed");
    expect(messages(await guard.call({ do: "open", at: 20, session }))).toEqual([
      { type: "latched", stop: stopsInHook === 1 ? 1 : 9, kept: true },
    ]);
    expect(hooks(await command(30, 2))).toEqual([]);
  }
});

test("a robot that declared itself says so first, and nothing else moves it [R35, R36, R37]", async () => {
  const axes = [{ name: "pan", unit: "rad/s", least: -1, most: 1 }];
  const declaration = { kind: "ptz", axes, buttons: [{ name: "lights" }], telemetry: [] };
  await guard.call({ do: "begin", at: 0, robot, declaration: JSON.stringify(declaration) });
  await frame(0, { type: "welcome", serverTime, control: { control: holder, keys: vectors.keys } });
  expect(messages(await guard.call({ do: "open", at: 0, session }))).toEqual([{ type: "declaration", declaration }]);
  await say(0, "events", { type: "permit", permit });
  await say(10, "events", { type: "clock", t0: 0, t1: 5 });
  expect(hooks(await command(20, 1, { command: { linear: 1 } }))).toEqual([]);
  const press = { button: "lights", key: "a-press-of-16-chars-1" };
  expect((await command(30, 2, { command: { pan: 3, press } }))[0]).toMatchObject({ axes: [1], button: 0 });
  expect((await command(40, 3, { command: { press } }))[0]).toMatchObject({ axes: [0], button: -1 });
});

test("commands are limited by how old their picture is once one was told of [R22, R23, R34]", async () => {
  await arm();
  const told = await guard.call({ do: "picture", at: 20, takenAt: 12.5 });
  expect(told).toEqual([
    { hook: "send", pair: 1, channel: "events", message: { type: "picture", stream: "front", rtp: 90_000, takenAt: 12.5 }, isNews: true },
  ]);
  const limited = await command(412.5, 1, { pictureAt: 12.5 });
  expect(limited.find(({ hook }) => hook === "command")).toMatchObject({ limit: 0.5, linear: 0.5 });
  expect(types(await command(450, 2))).toContain("stopped");
});

test("the robot answers a ping, and sends telemetry, as news alone [R13, R30, R33]", async () => {
  await arm();
  expect(await say(20.5, "control", { type: "ping", t0: -1.5 })).toEqual([
    { hook: "send", pair: 1, channel: "control", message: { type: "pong", t0: -1.5, at: 20.5 }, isNews: true },
  ]);
  const [telemetry] = await guard.call({ do: "telemetry", text: '{"volts":11.9}' });
  expect(telemetry).toMatchObject({ message: { type: "telemetry", telemetry: { volts: 11.9 } }, isNews: true });
});

test("a robot that lost the broker stops 20 s later, also where its clock seems to go back [R2]", async () => {
  await arm();
  await guard.call({ do: "lost", at: 1_000 });
  await due(500);
  expect(types(await due(20_999))).not.toContain("refused");
  expect(messages(await due(21_000)).at(-1)).toMatchObject({ type: "refused", reason: "signalling.away" });
});

test("an end of the session stops the robot for good, and the end of a channel its holder [R9]", async () => {
  await arm();
  await command(20, 1);
  expect(types(await guard.call({ do: "close", at: 30, pair: 1 }))).toEqual([]);
  expect(guard.standing().phase).toBe("idle");
  await guard.call({ do: "end", at: 40 });
  expect(guard.standing().phase).toBe("ended");
  await guard.call({ do: "open", at: 50, session });
  expect(hooks(await say(60, "events", { type: "permit", permit }, 2))).toEqual([]);
});
