import { realClock } from "@tether/local/clock/real";
import type { DecideFate } from "@tether/local/engine/fate";
import { limits } from "@tether/protocol/limits";
import { expect, test } from "vitest";
import type { RawEnd } from "../../../local/test/world/raw-end.ts";
import { admin, createWorld, type KeyHolder, operator, owner, viewer, type World } from "../../../local/test/world/world.ts";

type Revocation = {
  readonly cause: string;
  readonly of: "robot" | "client";
  revoke(world: World, robot: KeyHolder): Promise<{ status: number }>;
};

const revocations: Readonly<Record<string, Revocation>> = {
  "a credential": {
    cause: "credential.revoked",
    of: "robot",
    revoke: ({ call }, { id, kid }) => call("DELETE", `/v1/robots/${id}/credentials/${kid}?force=true`, { as: owner }),
  },
  "a grant": {
    cause: "grant.removed",
    of: "client",
    revoke: ({ call }, { id }) => call("DELETE", `/v1/robots/${id}/grants?to=email:${operator}`, { as: owner }),
  },
  "a user": {
    cause: "user.revoked",
    of: "client",
    async revoke({ call }) {
      const { body } = await call<{ id: string }>("GET", "/v1/users/me", { as: operator });
      return call("POST", `/v1/users/revoke?sub=${body.id}`, { as: operator });
    },
  },
  "a robot": { cause: "robot.deleted", of: "robot", revoke: ({ call }, { id }) => call("DELETE", `/v1/robots/${id}`, { as: owner }) },
};

const kinds = Object.entries(revocations);

/** Whether a request takes a live session away: the one write that fences it. */
const fences = (operation: string, body: Record<string, unknown>, { session }: RawEnd): boolean =>
  operation === "TransactWriteItems" && JSON.stringify(body).includes(session) && JSON.stringify(body).includes('"Delete"');

/** Notes in their order: the fencing write, the bye and the close. */
function noting(world: World, end: RawEnd, onBye: () => void = () => {}): string[] {
  const order: string[] = [];
  world.system.requests.before((operation, body) => {
    if (fences(operation, body, end)) order.push("fence");
    return "pass";
  });
  const { onmessage, onclose } = end.socket;
  end.socket.onmessage = (event) => {
    onmessage?.(event);
    if (end.last("bye") === undefined) return;
    order.push("bye");
    onBye();
  };
  end.socket.onclose = (event) => {
    onclose?.(event);
    order.push("close");
  };
  return order;
}

async function pair() {
  const world = await createWorld();
  const robot = await world.createRobot();
  // A token that was issued within the second of its revocation would count as revoked before it was used.
  await world.clock.advance(1_000);
  return { world, robot, ends: { robot: await world.join(robot), client: await world.join(robot, operator) } };
}

const signal = (to: RawEnd) => ({ type: "signal", to: to.session, stream: 1, seq: 1, data: { kind: "app", body: 1 } });

test.each(kinds)(
  "revoking %s fences its live session, tells it why, then closes it, and nothing it still says is relayed [P2]",
  async (_, { of, cause, revoke }) => {
    const { world, robot, ends } = await pair();
    const [end, other] = of === "robot" ? [ends.robot, ends.client] : [ends.client, ends.robot];
    const order = noting(world, end, () => end.send(signal(other)));
    expect((await revoke(world, robot)).status).toBeLessThan(300);
    await world.idle();
    expect(order).toEqual(["fence", "bye", "close"]);
    expect(end.last("bye")).toMatchObject({ cause, retry: { policy: "never" }, actor: { type: "user" } });
    expect(other.all("signal")).toEqual([]);
    // Of a robot that is deleted the client goes too: there is nobody left to tell.
    if (cause !== "robot.deleted") expect(other.last("peer.ended")).toMatchObject({ session: end.session, cause });
  },
);

test.each(kinds)(
  "where the fence for %s cannot be written, the caller is told so, and no session is told or closed without it [A4]",
  async (_, { of, revoke }) => {
    const { world, robot, ends } = await pair();
    const end = ends[of];
    const refuse: DecideFate = (operation, body) => (fences(operation, body, end) ? "cut" : "pass");
    world.system.requests.before(refuse);
    expect((await revoke(world, robot)).status).toBe(503);
    await world.idle();
    expect([end.last("bye"), end.closed]).toEqual([undefined, undefined]);
  },
);

test.each(kinds)("a ticket bought before %s was revoked is not redeemed after it [T6]", async (_, { of, revoke }) => {
  const { world, robot, ends } = await pair();
  const { ticket } = (await (of === "robot" ? world.ticketFor.robot(robot) : world.ticketFor.client(robot, operator))).body;
  expect((await revoke(world, robot)).status).toBeLessThan(300);
  await world.idle();
  expect((await world.connect(ticket)).status).toBeGreaterThanOrEqual(400);
  expect(ends[of].closed).toBeDefined();
});

test("a connection that was let in on a grant of its own, and has not said hello, goes with that grant; its session stays on another [T6, P2]", async () => {
  const { world, robot, ends } = await pair();
  const sub = world.system.identity.users.find(({ email }) => email === operator)?.sub;
  await world.call("PUT", `/v1/robots/${robot.id}/grants`, { as: owner, body: { to: `sub:${sub}`, role: "owner" } });
  const { ticket } = (await world.ticketFor.client(robot, operator, { session: ends.client.session })).body;
  const successor = await world.connect(ticket);
  expect((await world.call("DELETE", `/v1/robots/${robot.id}/grants?to=sub:${sub}`, { as: owner })).status).toBe(204);
  await world.idle();
  expect([successor.last("bye")?.cause, successor.closed?.code, ends.client.closed]).toEqual(["grant.removed", 1000, undefined]);
  await world.say(ends.client, signal(ends.robot));
  expect(ends.robot.all("signal")).toHaveLength(1);
});

test("deleting a robot with as many clients as four users can have ends every one of them, told and closed", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const ends = [await world.join(robot)];
  for (const user of [viewer, operator, owner, admin])
    for (let n = 0; n < limits.session.clientsPerUser; n++) ends.push(await world.join(robot, user));
  expect((await world.call("DELETE", `/v1/robots/${robot.id}`, { as: owner })).status).toBe(204);
  await world.idle();
  expect(ends.map((end) => [end.last("bye")?.cause, end.closed?.code])).toEqual(ends.map(() => ["robot.deleted", 1000]));
});

/** Virtual time stands still while this runs: what is measured is the real work, over real HTTP and sockets. */
test("forty revocations close their sessions within 2 s each, from the request to the closed socket", async () => {
  const took: number[] = [];
  for (const [name, { of, revoke, cause }] of kinds) {
    const { world } = await pair();
    for (let n = 0; n < 10; n++) {
      const robot = await world.createRobot(`${name} ${n}`);
      await world.clock.advance(1_000);
      const ends = { robot: await world.join(robot), client: await world.join(robot, operator) };
      const startedAt = realClock.now();
      const closed = new Promise<number>((resolve) => {
        const { onclose } = ends[of].socket;
        ends[of].socket.onclose = (event) => {
          onclose?.(event);
          resolve(realClock.now() - startedAt);
        };
      });
      await revoke(world, robot);
      took.push(await closed);
      expect(ends[of].last("bye")?.cause).toBe(cause);
    }
  }
  took.sort((a, b) => a - b);
  process.stdout.write(`revocation, ms: median ${took[20]}, p95 ${took[38]}, most ${took.at(-1)}\n`);
  expect(took.at(-1)).toBeLessThan(2_000);
});
