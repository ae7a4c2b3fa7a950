import { problems } from "@tether/protocol/problem";
import { expect, test } from "vitest";
import { exits } from "../src/exit.ts";
import { createRig, folder, type Rig } from "./rig.ts";

const minute = 60_000;

type Disk = ReturnType<Rig["disk"]>;

async function enrolled() {
  const rig = await createRig();
  const files = rig.disk();
  const robot = await rig.owner.createRobot();
  await rig.agent(["enroll", rig.origin, await rig.owner.codeFor(robot)], { files });

  /** An agent that runs on a machine of its own, which has the robot's key. */
  async function machine(fetch = rig.world.fetch, own: Disk = rig.disk()) {
    await own.create(`${folder}/robot.json`, files.names.get(`${folder}/robot.json`)?.text ?? "");
    const stop = new AbortController();
    const asked: string[] = [];
    const run = rig.agent(["run"], {
      files: own,
      stopped: stop.signal,
      fetch(url, init) {
        asked.push(url);
        return fetch(url, init);
      },
    });
    await rig.world.idle();
    return { run, stop, asked };
  }

  async function sessions() {
    const { items } = (await rig.owner.call("GET", `/robots/${robot}/sessions`)) as { items: { state: string }[] };
    return items.map(({ state }) => state);
  }

  async function timeline() {
    return ((await rig.owner.call("GET", `/robots/${robot}/timeline`)) as { items: { type: string }[] }).items;
  }

  return { ...rig, robot, timeline, files, machine, sessions };
}

test("an agent that another machine superseded stands by, looks again without a trace, and is back within 2 min after that one left [T9]", async () => {
  const { machine, sessions, world, timeline } = await enrolled();
  const first = await machine();
  const second = await machine();
  await world.clock.advance(10_000);
  const before = first.asked.length;
  const told = (await timeline()).length;
  await world.clock.advance(60 * minute);
  const looks = first.asked.length - before;
  expect(looks).toBeGreaterThanOrEqual(25);
  expect(looks).toBeLessThanOrEqual(45);
  const types = (await timeline()).slice(0, -told).map(({ type }) => type);
  expect(types).not.toContain("session.dismissed");
  expect(types).not.toContain("session.superseded");
  second.stop.abort();
  await world.clock.advance(1_000);
  expect((await second.run).code).toBe(exits.done.code);
  expect(await sessions()).not.toContain("online");
  await world.clock.advance(2 * minute);
  expect(await sessions()).toContain("online");
  first.stop.abort();
  await world.clock.advance(6_000);
  const { code, said } = await first.run;
  expect(code).toBe(exits.done.code);
  expect(said.filter(({ event }) => event === "standby").length).toBeGreaterThanOrEqual(looks);
});

test("a second run on one machine is refused, and told which process runs since when", async () => {
  const { agent, world, files, owner, origin, robot } = await enrolled();
  const stop = new AbortController();
  const first = agent(["run"], { files, stopped: stop.signal });
  await world.idle();
  const { code, said } = await agent(["run"], { files });
  expect(code).toBe(exits.running.code);
  expect(said.at(-1)).toMatchObject({ code: "run.held", says: expect.stringMatching(/\(process \d+, since \d{4}-.*Z\)/) });
  const again = await agent(["enroll", "--again", origin, await owner.codeFor(robot)], { files });
  expect(again.said.at(-1)).toMatchObject({ enrolled: true, restart: true });
  stop.abort();
  await world.clock.advance(6_000);
  expect((await first).code).toBe(exits.done.code);
});

const { says: title, remedy: detail, status } = problems["assertion.key"];
const refusal = () => Response.json({ type: "about:blank", code: "assertion.key", title, detail, status, serverTime: 0 }, { status });

test("a key that the service denies for 3 min is asked about again, and the robot comes back by itself", async () => {
  const { machine, sessions, world } = await enrolled();
  const until = world.clock.now() + 3 * minute;
  const { stop, run } = await machine(async (url, init) => (world.clock.now() < until ? refusal() : world.fetch(url, init)));
  await world.clock.advance(3 * minute);
  expect(await sessions()).not.toContain("online");
  await world.clock.advance(3 * minute);
  expect(await sessions()).toContain("online");
  stop.abort();
  await world.clock.advance(6_000);
  expect((await run).code).toBe(exits.done.code);
});

test("a key that the service goes on to deny is given up, but not before 10 min", async () => {
  const { machine, world } = await enrolled();
  const { run } = await machine(async () => refusal());
  let code: number | undefined;
  void run.then((ended) => {
    code = ended.code;
  });
  await world.clock.advance(10 * minute);
  expect(code).toBeUndefined();
  await world.clock.advance(6 * minute);
  expect(code).toBe(exits.refused.code);
});

test("a folder in which nothing can be locked keeps no robot offline", async () => {
  const { machine, sessions, disk, world } = await enrolled();
  const take = () => {
    throw new Error("EROFS: read-only file system");
  };
  const { stop, run } = await machine(world.fetch, { ...disk(), take });
  await world.clock.advance(1_000);
  expect(await sessions()).toContain("online");
  stop.abort();
  await world.clock.advance(6_000);
  expect((await run).code).toBe(exits.done.code);
});

test("a robot that was deleted and is enrolled anew while its agent waits to ask again comes online at once, as the new one", async () => {
  const { agent, owner, files, origin, world, robot: before } = await enrolled();
  await owner.call("DELETE", `/robots/${before}`);
  const robot = await owner.createRobot();
  const code = await owner.codeFor(robot);
  const again = new AbortController();
  const running = agent(["run"], { files, stopped: again.signal });
  await world.clock.advance(10_000);
  expect((await agent(["enroll", "--again", origin, code], { files })).code).toBe(exits.done.code);
  await world.clock.advance(5_000);
  const { presence } = (await owner.call("GET", `/robots/${robot}`)) as { presence?: { state: string } };
  expect(presence?.state).toBe("online");
  again.abort();
  await world.clock.advance(6_000);
  expect((await running).code).toBe(exits.done.code);
});
