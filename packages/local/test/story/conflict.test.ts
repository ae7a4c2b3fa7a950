import { describe, expect, test } from "vitest";
import { storeFaults } from "../../src/engine/fate.ts";
import { createKey, keysIn } from "../world/key.ts";
import { createWorld, greeting, type KeyHolder, operator, owner, type World } from "../world/world.ts";

/** A request to the system, and its answer when nothing is in the way. */
type Request = { readonly done: unknown; ask(world: World, robot: KeyHolder): Promise<unknown> };

/** Each on a robot of its own, ready for it; `ask` is what meets the fault. */
const requests: Readonly<Record<string, (world: World, robot: KeyHolder) => Promise<Request>>> = {
  "a robot asks for a ticket": async () => ({ done: 201, ask: async (world, robot) => (await world.ticketFor.robot(robot)).status }),
  "a user asks for a ticket": async () => ({
    done: 201,
    ask: async (world, robot) => (await world.ticketFor.client(robot, operator)).status,
  }),
  "a robot connects": async (world, robot) => {
    const { body } = await world.ticketFor.robot(robot);
    return { done: 101, ask: async () => (await world.connect(body.ticket)).status };
  },
  "a user connects": async (world, robot) => {
    const { body } = await world.ticketFor.client(robot, operator);
    return { done: 101, ask: async () => (await world.connect(body.ticket)).status };
  },
  "a user says hello": async (world, robot) => {
    const { body } = await world.ticketFor.client(robot, operator);
    const end = await world.connect(body.ticket);
    return {
      done: "welcome",
      async ask() {
        await world.say(end, { type: "hello", ...greeting });
        return end.frames.at(-1)?.type;
      },
    };
  },
  "a user renews": async (world, robot) => {
    const end = await world.join(robot, operator);
    await world.clock.advance(1_000);
    const { body } = await world.ticketFor.client(robot, operator, { ...(end.session && { session: end.session }), use: "renew" });
    return {
      done: "auth.renewed",
      async ask() {
        await world.say(end, { type: "auth.renew", ticket: body.ticket });
        return end.frames.at(-1)?.type;
      },
    };
  },
  "a user takes control": async (world, robot) => {
    const end = await world.join(robot, operator);
    return {
      done: "control.granted",
      async ask() {
        await world.say(end, { type: "control.request" });
        return (end.last("control.granted") ?? end.frames.at(-1))?.type;
      },
    };
  },
  "an owner reads the robot": async () => ({
    done: 200,
    ask: async (world, robot) => (await world.call("GET", `/v1/robots/${robot.id}`, { as: owner })).status,
  }),
  "an owner gives a role": async () => ({
    done: 200,
    ask: async (world, robot) =>
      (await world.call("PUT", `/v1/robots/${robot.id}/grants`, { as: owner, body: { to: "email:new@tether.local", role: "viewer" } }))
        .status,
  }),
  "an owner deletes the robot": async () => ({
    done: [204, 0],
    async ask(world, robot) {
      const { status } = await world.call("DELETE", `/v1/robots/${robot.id}`, { as: owner });
      const { data } = await world.system.store.entities.credential.query.primary({ robotId: robot.id }).go({ consistent: true });
      return [status, data.length];
    },
  }),
  "a user is signed out everywhere": async (world, robot) => {
    // A user who was signed out a moment ago is let in with a token of the next second.
    await world.clock.advance(1_000);
    const end = await world.join(robot, operator);
    const { body } = await world.call<{ id: string }>("GET", "/v1/users/me", { as: operator });
    return {
      done: [200, "user.revoked"],
      async ask() {
        const { status } = await world.call("POST", `/v1/users/revoke?sub=${encodeURIComponent(body.id)}`, { as: "admin@tether.local" });
        await world.idle();
        return [status, end.last("bye")?.cause];
      },
    };
  },
  "a robot enrolls": async (world, robot) => {
    const { body } = await world.call<{ code: string }>("POST", `/v1/robots/${robot.id}/enrollments`, { as: owner });
    return { done: 201, ask: async () => (await keysIn(world).redeem(body.code, createKey(world))).status };
  },
  "a robot rotates its key": async (world) => {
    const { enrolled, rotate } = keysIn(world);
    const { robot, key } = await enrolled();
    return { done: 201, ask: async () => (await rotate(robot, key, createKey(world))).status };
  },
};

/** Asks again and again, each time with the fault at another request to the store, until none is left to be struck. */
async function atEach(name: string, fault: "conflict" | "exhausted", expected: (answer: unknown, done: unknown, step: string) => void) {
  const world = await createWorld();
  for (let nth = 1; ; nth++) {
    const robot = await world.createRobot();
    const { done, ask } = (await requests[name]?.(world, robot)) ?? { done: undefined, ask: async () => undefined };
    let seen = 0;
    world.system.requests.before((operation, body) => (++seen === nth ? storeFaults[fault](operation, body) : "pass"));
    const answer = await ask(world, robot);
    world.system.requests.before(undefined);
    expected(answer, done, `${name}, ${fault} at request ${nth}`);
    if (seen < nth) return nth - 1;
  }
}

/** The answer to a caller where the store could not be asked. */
const isUnavailable = (answer: unknown) => [503, "problem"].includes([answer].flat()[0] as never);

describe.each(Object.keys(requests))("%s", (name) => {
  test("and another transaction is at the same items: the answer is the same, whatever request meets it [A4]", async () => {
    const steps = await atEach(name, "conflict", (answer, done, step) => expect(answer, step).toEqual(done));
    expect(steps).toBeGreaterThan(0);
  });

  test("and the table is throttled: done all the same or unavailable, never refused, whatever request meets it [A4]", async () => {
    const steps = await atEach(name, "exhausted", (answer, done, step) => {
      if (!isUnavailable(answer)) expect(answer, step).toEqual(done);
    });
    expect(steps).toBeGreaterThan(0);
  });
});
