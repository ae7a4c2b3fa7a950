import type { TicketAnswer } from "@tether/protocol/http";
import { limits } from "@tether/protocol/limits";
import { describe, expect, test } from "vitest";
import { createInstances, first, second, third } from "../../../local/test/world/instances.ts";
import { createKey, type TestKey } from "../../../local/test/world/key.ts";
import { startSdkRobot } from "../../../local/test/world/sdk-end.ts";
import { createWorld, greeting } from "../../../local/test/world/world.ts";

const minute = 60_000;
async function enrolled() {
  const instances = await createInstances();
  const ask = (instance: string, by?: TestKey, more: object = {}) => instances.ask({ instance, ...more }, by);
  return { ...instances, ask };
}

describe("a robot that lost its power", () => {
  test("is no clone of itself, though the gateway vouches for its dead socket for minutes [K5, K11]", async () => {
    const { world, key, ask, join, clones } = await enrolled();
    const dead = await join(first);
    await world.clock.advance(minute);
    // The robot starts three times: its first two runs end before they say hello.
    for (const instance of [second, third]) expect((await ask(instance)).status).toBe(201);
    expect(dead.all("auth.challenge")).toHaveLength(2);
    await world.clock.advance(5 * minute);
    expect(dead.closed).toBeUndefined();
    const again = await join("ins_dddddddd");
    expect(dead.last("bye")?.cause).toBe("superseded");
    for (const use of ["renew", "connect"]) expect((await ask("ins_dddddddd", key, { use })).status).toBe(201);
    await world.clock.advance(5 * minute);
    expect([await clones(), again.closed]).toEqual([[], undefined]);
  });

  test("is none either where it goes on with a key that its run before had proved already [K5]", async () => {
    const { world, robot, key, rotate, ask, join, clones } = await enrolled();
    await join(first);
    const next = createKey(world);
    await rotate(robot, key, next);
    await ask(first, next, { use: "renew" });
    await world.clock.advance(minute);
    await join(second, key);
    expect((await ask(second, next, { use: "renew" })).status).toBe(201);
    expect(await clones()).toEqual([]);
  });
});

describe("two machines with a robot's key are noticed", () => {
  test("when the older answers the challenge, before the newer one has said hello [K5, K11]", async () => {
    const { world, key, ask, join, clones } = await enrolled();
    const older = await join(first);
    expect((await ask(second)).status).toBe(201);
    expect([older.all("auth.challenge"), await clones()]).toEqual([[{ type: "auth.challenge" }], []]);
    expect((await ask(first, key, { use: "renew" })).status).toBe(201);
    expect(await clones()).toMatchObject([{ evidence: { kid: key.kid, instance: first, rival: second } }]);
    expect(world.lines.filter(({ security }) => security === "credential.cloned")).toHaveLength(1);
  });

  test.each(["key", "next"] as const)(
    "when one that was superseded asks while the other is online, at most once a minute, also after a rotation: %s [K5, T9]",
    async (by) => {
      const { world, robot, key, rotate, ask, join, clones } = await enrolled();
      await join(first);
      const next = createKey(world);
      await rotate(robot, key, next);
      await ask(first, next, { use: "renew" });
      await join(second, next);
      expect(await clones()).toEqual([]);
      const asks = async () => (await ask(first, { key, next }[by])).body.code;
      expect([await asks(), await asks()]).toEqual(["session.superseded", "session.superseded"]);
      expect(await clones()).toMatchObject([{ evidence: { instance: first, rival: second } }]);
      await world.clock.advance(limits.credential.eventEveryMs);
      expect([await asks(), (await clones()).length]).toEqual(["session.superseded", 2]);
    },
  );

  test("when one that was superseded renews, once a minute, also with the key and as the instance that proved it last [K5]", async () => {
    const { world, key, ask, join, clones } = await enrolled();
    await join(first);
    await join(second);
    const renews = async () => (await ask(first, key, { use: "renew" })).status;
    expect([await renews(), await renews(), (await clones()).length]).toEqual([201, 201, 1]);
    await world.clock.advance(limits.credential.eventEveryMs);
    expect(await renews()).toBe(201);
    const clone = { inferred: false, evidence: { kid: key.kid, instance: first, rival: second } };
    expect(await clones()).toMatchObject([clone, clone]);
  });

  test("by the SDK's answer, though the older one stays away from then on [K5, K11]", async () => {
    const world = await createWorld();
    const robot = await world.createRobot();
    const older = await startSdkRobot(world, robot, 11);
    await world.clock.advance(minute);
    // The older one answers the challenge before the newer one connects: which of the two is quicker is otherwise the machine's to say.
    const body = { assertion: robot.assertion(), instance: second };
    const bought = await world.call<TicketAnswer>("POST", "/v1/tickets/robot", { body });
    await world.idle();
    await world.say(await world.connect(bought.body.ticket), { type: "hello", ...greeting, instance: second });
    expect(older.session.status).toBe("stopped");
    expect((await world.timeline(robot)).filter(({ type }) => type === "credential.cloned")).toHaveLength(1);
  });
});
