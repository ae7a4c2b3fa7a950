import { nextTurn } from "@tether/local/clock/real";
import { createVirtualClock } from "@tether/local/clock/virtual";
import { expect, test } from "vitest";
import type { Driver, Frame } from "../../../src/driver/driver.ts";
import { createHost } from "../../../src/driver/host/host.ts";

function start(differs: Partial<Driver> = {}) {
  const clock = createVirtualClock({ startAt: 0, idle: nextTurn });
  const did: string[] = [];
  const said: unknown[] = [];
  const driver: Driver = {
    async start() {
      did.push("start");
    },
    command: (command) => void did.push(`command ${command}`),
    async stop(reason) {
      did.push(`stop ${reason}`);
    },
    telemetry(tell) {
      tell({ speed: 1 });
      return () => did.push("no telemetry");
    },
    async close() {
      did.push("close");
    },
    ...differs,
  };
  const host = createHost({ clock, driver, say: (message) => said.push(message), show: (_: Frame) => {} });
  let id = 0;
  const hear = (message: object) => {
    id += 1;
    return host.onLine(JSON.stringify({ ...message, id }));
  };
  const command = (value: string) => hear({ type: "command", command: value, epoch: 1, ageMs: 1, limit: 1 });
  return { clock, did, said, host, hear, command };
}

test("a module is driven by the messages that any other program gets", async () => {
  const { did, said, hear, command, host } = start();
  await hear({ type: "start" });
  await hear({ type: "viewers", present: true });
  await command("go");
  await hear({ type: "stop", reason: "deadman" });
  await host.end();
  expect(did).toEqual(["start", "command go", "stop deadman", "no telemetry", "stop leaving", "close"]);
  expect(said).toEqual([
    { type: "done", id: 1 },
    { type: "telemetry", telemetry: { speed: 1 } },
    { type: "done", id: 3 },
    { type: "done", id: 4 },
  ]);
});

test("a command that throws stops the robot at once, and is told", async () => {
  const { did, said, command } = start({
    command() {
      throw new Error("no such gear");
    },
  });
  await command("go");
  expect(did).toEqual(["stop driver.failed"]);
  expect(said).toEqual([{ type: "failed", id: 1, says: "no such gear" }]);
});

test("a stop that rejects is told again until it does not, and is not done before", async () => {
  let left = 3;
  const { said, hear, clock } = start({
    async stop() {
      left -= 1;
      if (left > 0) throw new Error("stuck");
    },
  });
  const stopped = hear({ type: "stop", reason: "deadman" });
  await clock.advance(100);
  expect(said).not.toContainEqual({ type: "done", id: 1 });
  await clock.advance(100);
  await stopped;
  expect(said.at(-1)).toEqual({ type: "done", id: 1 });
});

test("a robot that moves is stopped where nothing is heard any more, once", async () => {
  const { did, clock, command } = start();
  await command("go");
  await clock.advance(1_400);
  expect(did).toEqual(["command go"]);
  await clock.advance(10_000);
  expect(did).toEqual(["command go", "stop driver.failed"]);
});

test("a module declares its limits and its stages once it is ready, and runs them when it is told to [R23, R26]", async () => {
  const { did, said, hear } = start({
    limits: true,
    manoeuvre: {
      slow: { withinMs: 500, run: (reason) => void did.push(`slow ${reason}`) },
      safe: { withinMs: 900, run: () => Promise.reject(new Error("no brakes")) },
    },
  });
  await hear({ type: "start" });
  for (const type of ["slow", "stop", "safe"]) await hear({ type, reason: "blind" });
  expect(did).toEqual(["start", "slow blind", "stop blind"]);
  expect(said).toEqual([
    { type: "declare", limits: true, stages: { slow: 500, stop: undefined, safe: 900 } },
    { type: "done", id: 1 },
    { type: "done", id: 2 },
    { type: "done", id: 3 },
    { type: "failed", id: 4, says: "no brakes" },
  ]);
});

test("a robot that slows down is left its time for that, and stopped when nothing came by then [R26]", async () => {
  const slow = { withinMs: 4_000, run: () => new Promise<void>(() => {}) };
  const { did, hear, command, clock } = start({ manoeuvre: { slow } });
  await command("go");
  void hear({ type: "slow", reason: "deadman" });
  await clock.advance(4_000 + 1_400);
  expect(did).toEqual(["command go"]);
  await clock.advance(400);
  expect(did).toEqual(["command go", "stop driver.failed"]);
});

test("the time of a robot that slowed down is over with the next message [R26]", async () => {
  const { did, hear, command, clock } = start({ manoeuvre: { slow: { withinMs: 60_000, run: async () => {} } } });
  await hear({ type: "slow", reason: "deadman" });
  await hear({ type: "stop", reason: "deadman" });
  await command("go");
  await clock.advance(1_800);
  expect(did).toEqual(["stop deadman", "command go", "stop driver.failed"]);
});

test("a module declares what it is, and is pressed", async () => {
  const declaration = { kind: "none", axes: [], buttons: [{ name: "lights" }], telemetry: [] } as const;
  const pressed: string[] = [];
  const { said, hear } = start({
    declaration,
    press(button) {
      if (button === "jammed") throw new Error("jammed");
      pressed.push(button);
    },
  });
  await hear({ type: "start" });
  expect(said[0]).toMatchObject({ type: "declare", robot: declaration });
  await hear({ type: "press", button: "lights", epoch: 1, ageMs: 1 });
  await hear({ type: "press", button: "jammed", epoch: 1, ageMs: 1 });
  expect(pressed).toEqual(["lights"]);
  expect(said.slice(1)).toEqual([
    { type: "done", id: 1 },
    { type: "done", id: 2 },
    { type: "failed", id: 3, says: "jammed" },
  ]);
});
