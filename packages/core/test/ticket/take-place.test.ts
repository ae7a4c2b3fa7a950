import { limits } from "@tether/protocol/limits";
import { expect, test } from "vitest";
import { createWorld, viewer, type World } from "../../../local/test/world/world.ts";
import type { Identity } from "../../src/session/index.ts";
import { redeem, takePlace, unseal } from "../../src/ticket/index.ts";

const { clientsPerUser } = limits.session;

/** A viewer who has all of their places at a robot, and two more sessions by tickets that were bought before. */
async function crowded() {
  const world = await createWorld();
  const robot = await world.createRobot();
  const tickets = [await world.ticketFor.client(robot, viewer), await world.ticketFor.client(robot, viewer)];
  for (let count = 0; count < clientsPerUser; count++) await world.join(robot, viewer);
  await world.clock.advance(1_000);
  const [first, second] = [await begun(world, tickets[0]?.body.ticket ?? ""), await begun(world, tickets[1]?.body.ticket ?? "")];
  return { world, robot, first, second };
}

async function begun({ system }: World, ticket: string): Promise<Identity> {
  const claims = unseal(system.env, ticket, "connect");
  if ("problem" in claims) throw new Error(claims.problem);
  const identity = await redeem(system.env, claims, `connection of ${claims.sessionId}`);
  if ("problem" in identity) throw new Error(identity.problem);
  return identity;
}

test("a session for which its user has no place is refused as one too many and ends, for no word of anybody's, and no other does [T10]", async () => {
  const { world, robot, first, second } = await crowded();
  expect(await takePlace(world.system.env, second)).toEqual({ problem: "user.full" });
  const ended = (await world.timeline(robot)).filter(({ type }) => type === "session.ended");
  expect(ended).toMatchObject([{ session: second.sessionId, cause: "place.taken", actor: { type: "system" }, inferred: false }]);
  expect(await world.item(robot, first.sessionId)).toBeDefined();
});

test("a robot's session, and one that goes on, take no place: nothing is read [T11]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const robots = await begun(world, (await world.ticketFor.robot(robot)).body.ticket);
  const client = { ...(await begun(world, (await world.ticketFor.client(robot, viewer)).body.ticket)), epoch: 2 };
  world.system.requests.reset();
  for (const identity of [robots, client]) expect(await takePlace(world.system.env, identity)).toBe(identity);
  expect(world.system.requests.counts()).toEqual({});
  const first = { ...client, epoch: 1 };
  expect(await takePlace(world.system.env, first)).toBe(first);
  expect(world.system.requests.counts()).toEqual({ Query: 1 });
});
