import { expect, test } from "vitest";
import type { Driver, Ended } from "../src/driver/driver.ts";
import { exits } from "../src/exit.ts";
import { createRig } from "./rig.ts";

type Entry = { type: string; cause?: string; evidence?: Record<string, unknown> };

const base = { command() {}, stop: async () => {}, telemetry: () => () => {}, close: async () => {} };

async function enrolled() {
  const rig = await createRig();
  const files = rig.disk();
  const robot = await rig.owner.createRobot();
  await rig.agent(["enroll", rig.origin, await rig.owner.codeFor(robot)], { files });
  const stop = new AbortController();
  const run = (driver: Driver, fetch = rig.world.fetch) =>
    rig.agent(["run", "--driver", "mine"], { files, openDriver: () => driver, stopped: stop.signal, fetch });
  async function endings() {
    const { items } = (await rig.owner.call("GET", `/robots/${robot}/timeline`)) as { items: Entry[] };
    return items.filter(({ type }) => type === "session.ended").map(({ cause, evidence }) => [cause, evidence?.status, evidence?.times]);
  }
  async function causes() {
    const { items } = (await rig.owner.call("GET", `/robots/${robot}/timeline`)) as { items: Entry[] };
    return items.map(({ cause }) => cause);
  }
  const presence = async () => ((await rig.owner.call("GET", `/robots/${robot}`)) as { presence?: { state: string } }).presence?.state;
  return { ...rig, stop, run, endings, causes, presence };
}

test("a driver that ends before it is ready is told to the service at once, and as a loop at the third time, and then no more", async () => {
  const { run, endings } = await enrolled();
  const ended: Ended = { status: 127, says: "The driver ended with 127." };
  const told: unknown[] = [];
  for (let start = 1; start <= 7; start += 1) {
    const { code } = await run({ ...base, start: () => new Promise(() => {}), ended: Promise.resolve(ended) });
    expect(code).toBe(exits.driver.code);
    told.push(await endings());
  }
  const once = ["driver.ended", 127, undefined];
  const loop = ["driver.looping", 127, 3];
  expect(told).toEqual([[once], [once], ...Array.from({ length: 5 }, () => [loop, once])]);
});

test("a driver that is not ready for a minute is told to the service, and the robot is online once it is", async () => {
  const { run, endings, presence, world, stop } = await enrolled();
  const ready = Promise.withResolvers<void>();
  const running = run({ ...base, start: () => ready.promise });
  await world.clock.advance(50_000);
  expect(await endings()).toEqual([]);
  await world.clock.advance(20_000);
  expect([(await endings()).map(([cause]) => cause), await presence()]).toEqual([["driver.hung"], "offline"]);
  ready.resolve();
  // The stack that encodes frames is loaded meanwhile, which no clock of ours knows.
  const later = async () => {
    await world.clock.advance(1_000);
    return presence();
  };
  await expect.poll(later, { timeout: 30_000 }).toBe("online");
  stop.abort();
  await world.clock.advance(10_000);
  expect((await running).code).toBe(exits.done.code);
});

test("a driver that ends each time after more than a minute, and never was ready, is told as not ready at the first start alone", async () => {
  const { world, run, endings } = await enrolled();
  for (let start = 1; start <= 5; start += 1) {
    const over = Promise.withResolvers<Ended>();
    const running = run({ ...base, start: () => new Promise(() => {}), ended: over.promise });
    await world.clock.advance(70_000);
    over.resolve({ status: 1, says: "The driver ended with 1." });
    expect((await running).code).toBe(exits.driver.code);
  }
  expect((await endings()).map(([cause]) => cause)).toEqual(["driver.looping", "driver.ended", "driver.hung"]);
});

test("a driver that ends while the service is out of reach is told by the next run that finds it", async () => {
  const { world, run, endings } = await enrolled();
  const driver: Driver = { ...base, start: () => new Promise(() => {}), ended: Promise.resolve({ status: 3, says: "It ended." }) };
  const cut = () => Promise.reject(new Error("no network"));
  expect((await Promise.all([run(driver, cut), world.clock.advance(40_000)]))[0].code).toBe(exits.driver.code);
  expect(await endings()).toEqual([]);
  expect((await run(driver)).code).toBe(exits.driver.code);
  expect(await endings()).toEqual([["driver.ended", 3, undefined]]);
});

test("a driver that ends while a robot that was online is out of reach is told by the next run", async () => {
  const { world, run, causes, presence, stop } = await enrolled();
  const over = Promise.withResolvers<Ended>();
  let isCut = false;
  const fetch: typeof world.fetch = (...asked) => (isCut ? Promise.reject(new Error("no network")) : world.fetch(...asked));
  const online = async () => {
    await world.clock.advance(1_000);
    return presence();
  };
  const running = run({ ...base, start: async () => {}, ended: over.promise }, fetch);
  await expect.poll(online, { timeout: 30_000 }).toBe("online");
  isCut = true;
  const { connections } = world.system.gateway;
  for (const { connectionId } of connections.list()) connections.cut(connectionId);
  await world.clock.advance(1_000);
  over.resolve({ status: 3, says: "It ended." });
  expect((await running).code).toBe(exits.driver.code);
  expect(await causes()).not.toContain("driver.ended");
  const again = run({ ...base, start: async () => {} });
  await expect.poll(online, { timeout: 30_000 }).toBe("online");
  expect(await causes()).toContain("driver.ended");
  stop.abort();
  await world.clock.advance(10_000);
  await again;
});
