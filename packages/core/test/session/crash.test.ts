import { limits } from "@tether/protocol/limits";
import { expect, test } from "vitest";
import { eachRequest } from "../../../local/test/world/crash.ts";
import { invariants } from "../../../local/test/world/invariants.ts";
import { justSwept, minute, pass } from "../../../local/test/world/pass.ts";
import type { RawEnd } from "../../../local/test/world/raw-end.ts";
import type { Scene } from "../../../local/test/world/scene.ts";
import { scenes } from "../../../local/test/world/scenes.ts";
import { createWorld, greeting, operator, owner, type World } from "../../../local/test/world/world.ts";

/** The reaction of an end whose connection broke or whose request failed: a fresh ticket for its session, or for a new one. */
async function comeBack(
  world: World,
  { robot, instance = greeting.instance }: Scene,
  of: "robot" | "client",
  former: RawEnd | undefined,
): Promise<RawEnd | undefined> {
  former?.socket.close(1000);
  await world.idle();
  const asked = async (session?: string) =>
    of === "robot" ? world.ticketFor.robot(robot) : world.ticketFor.client(robot, operator, session === undefined ? {} : { session });
  const first = await asked(former?.session || undefined);
  const { status, body } = first.status === 404 ? await asked() : first;
  if (status !== 201) return undefined;
  const end = await world.connect(body.ticket);
  end.session = body.session.id;
  await world.say(end, { type: "hello", ...greeting, instance });
  return end;
}

/** An end connects again where it has a reason to: it acted and did not hear, its socket closed, or it was told. */
async function recover(world: World, scene: Scene, heard: { robot: number; client: number }): Promise<Scene["ends"]> {
  const ends = { ...scene.ends };
  scene.former?.socket.close(1000);
  for (const of of ["robot", "client"] as const) {
    const end = ends[of];
    const told = end?.frames.slice(heard[of]).some(({ type }) => type === "problem" || type === "bye");
    if (!end || scene.actor === of || end.closed || told) {
      const back = await comeBack(world, scene, of, end);
      if (back) ends[of] = back;
      else delete ends[of];
    }
  }
  return ends;
}

/** A signal each way arrives, once. */
async function expectTalk(world: World, { robot, client }: Scene["ends"], step: string): Promise<void> {
  if (!robot || !client) return;
  const body = `after ${step}`;
  const signal = (to: RawEnd) => ({ type: "signal", to: to.session, stream: 9, seq: 1, data: { kind: "app", body } });
  await Promise.all([world.say(robot, signal(client)), world.say(client, signal(robot))]);
  const got = [robot, client].map((end) => end.all("signal").filter(({ data }) => data.kind === "app" && data.body === body).length);
  expect([step, got]).toEqual([step, [1, 1]]);
}

const spared = (world: World, { robot, ends, spares }: Scene) =>
  Promise.all(spares.map((of) => world.item(robot, of === "robot" ? "robot" : (ends.client?.session ?? "none"))));

/** An end that heard no answer asks again; the sweeper finds what is left then. */
async function settleDown(world: World, scene: Scene): Promise<void> {
  const { robot, client } = scene.ends;
  if (scene.actor === "owner") await scene.act();
  await pass(world, 2 * minute, robot, client);
}

test.each(Object.entries(scenes))(
  "a crash in %s, at any request, leaves all invariants holding after a sweep and a reconnect [L7]",
  async (_, stage) => {
    const world = await createWorld();
    const steps = await eachRequest(world, async (crashing, step) => {
      await justSwept(world);
      const robot = await world.createRobot();
      const scene: Scene = { robot, ...(await stage(world, robot)) };
      const before = await spared(world, scene);
      const heard = { robot: scene.ends.robot?.frames.length ?? 0, client: scene.ends.client?.frames.length ?? 0 };
      await crashing(scene.act);
      expect([step, await spared(world, scene)]).toEqual([step, before]);
      await settleDown(world, scene);
      const ends = await recover(world, scene, heard);
      // The connection before a hand-over counts for 10 s.
      await world.clock.advance(limits.session.handoverMs);
      expect([step, await invariants(world, robot.id)]).toEqual([step, []]);
      await expectTalk(world, ends, step);
      await world.call("DELETE", `/v1/robots/${robot.id}`, { as: owner });
      for (const end of Object.values(ends)) end.socket.close(1000);
      await world.idle();
    });
    expect(steps).toBeGreaterThan(0);
  },
);
