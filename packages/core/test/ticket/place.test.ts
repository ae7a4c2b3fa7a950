import { limits } from "@tether/protocol/limits";
import type { Role } from "@tether/protocol/role";
import { expect, test } from "vitest";
import type { RawEnd } from "../../../local/test/world/raw-end.ts";
import { createWorld, greeting, type KeyHolder, owner, viewer, type World } from "../../../local/test/world/world.ts";
import { listLive } from "../../src/session/index.ts";
import { forClient } from "../../src/ticket/index.ts";

const { clientsPerRobot, clientsPerUser, keptFor } = limits.session;
const viewers = clientsPerRobot - keptFor.operators;

/** A ticket of someone who need not be of the local pool. */
async function ticketOf(world: World, robot: KeyHolder, sub: string, role: Role) {
  const { store } = world.system;
  await store.entities.grant.put({ robotId: robot.id, to: `sub:${sub}`, role, givenAt: 0, givenBy: "test" }).go();
  const now = world.clock.now();
  return forClient(world.system.env, { sub, groups: [], issuedAt: now, expiresAt: now + 4 * 3_600_000 }, { robot: robot.id });
}

async function joinAs(world: World, robot: KeyHolder, sub: string, role: Role): Promise<RawEnd | string> {
  const issued = await ticketOf(world, robot, sub, role);
  if ("problem" in issued) return issued.problem;
  const end = await world.connect(issued.ticket);
  end.session = issued.claims.sessionId;
  if (end.status === 101) await world.say(end, { type: "hello", ...greeting });
  return end;
}

async function joined(world: World, robot: KeyHolder, count: number, role: Role): Promise<RawEnd[]> {
  const ends: RawEnd[] = [];
  for (let n = 0; n < count; n++) {
    const end = await joinAs(world, robot, `${role}-${n}`, role);
    if (typeof end === "string") throw new Error(`${role} ${n}: ${end}`);
    ends.push(end);
  }
  return ends;
}

const clients = async ({ system }: World, { id }: KeyHolder) =>
  (await listLive(system, id, "consistent")).filter(({ kind, state }) => kind === "client" && state === "online");

test("of forty tickets that one viewer bought before connecting, six get in, and the owner does too [T10]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  await world.join(robot);
  const tickets: string[] = [];
  for (let n = 0; n < 40; n++) tickets.push((await world.ticketFor.client(robot, viewer)).body.ticket);
  const ends = await Promise.all(tickets.map((ticket) => world.connect(ticket)));
  for (const end of ends) if (end.status === 101 && !end.closed) end.send({ type: "hello", ...greeting });
  await world.idle();
  expect(await clients(world, robot)).toHaveLength(clientsPerUser);
  expect(ends.filter(({ status }) => status === 409)).not.toHaveLength(0);
  const refused = await world.ticketFor.client(robot, viewer);
  expect([refused.status, (refused.body as object as { code: string }).code]).toEqual([409, "user.full"]);
  expect((await world.join(robot, owner)).last("welcome")).toBeDefined();
});

test("viewers get the places that are kept for nobody, operators all but the owners', owners all [T10]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  await joined(world, robot, viewers, "viewer");
  expect(await joinAs(world, robot, "one-more", "viewer")).toBe("robot.full");
  await joined(world, robot, keptFor.operators - keptFor.owners, "operator");
  expect(await joinAs(world, robot, "one-more", "viewer")).toBe("robot.full");
  await joined(world, robot, keptFor.owners, "owner");
  expect(await clients(world, robot)).toHaveLength(clientsPerRobot);
});

test("an owner for whom there is no place takes the newest viewer's, who is told by whom, and never that of who drives [T11]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const robotEnd = await world.join(robot);
  const watching = await joined(world, robot, viewers, "viewer");
  const driving = await joined(world, robot, keptFor.operators - keptFor.owners, "operator");
  await joined(world, robot, keptFor.owners, "owner");
  const [driver] = driving;
  if (driver) await world.say(driver, { type: "control.request" });
  expect((await world.join(robot, owner)).last("welcome")).toBeDefined();
  const newest = watching.pop();
  expect(newest?.last("bye")).toMatchObject({ cause: "place.taken", close: 4517, actor: { type: "user", name: "Olive Owner" } });
  expect(robotEnd.last("peer.ended")).toMatchObject({ session: newest?.session, cause: "place.taken" });
  // The more owners come, the fewer viewers and then operators stay; who drives stays to the end.
  for (let n = 0; n < clientsPerRobot - 1 - keptFor.owners - 1; n++)
    expect(await joinAs(world, robot, `late-owner-${n}`, "owner")).not.toBe("robot.full");
  expect([...watching, ...driving.slice(1)].filter(({ closed }) => !closed)).toEqual([]);
  expect(driver?.closed).toBeUndefined();
  expect(await clients(world, robot)).toHaveLength(clientsPerRobot);
  expect(await joinAs(world, robot, "no-more", "owner")).toBe("robot.full");
});

test("a place that is kept for someone who is away goes to a newcomer of the same role [T11]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const [first, second] = await joined(world, robot, viewers, "viewer");
  first?.socket.close(1000);
  await world.idle();
  expect(await joinAs(world, robot, "one-more", "viewer")).not.toBe("robot.full");
  expect((await listLive(world.system, robot.id, "consistent")).map(({ sessionId }) => sessionId)).not.toContain(first?.session);
  expect(second?.closed).toBeUndefined();
});

test("of two who redeem tickets for the last place at once one gets it, and the other is refused or told [T10, T11]", async () => {
  for (let round = 0; round < 2; round++) {
    const world = await createWorld();
    const robot = await world.createRobot();
    await joined(world, robot, viewers - 1, "viewer");
    const tickets = await Promise.all(["a", "b"].map((sub) => ticketOf(world, robot, sub, "viewer")));
    const ends = await Promise.all(tickets.map((issued) => world.connect("problem" in issued ? "" : issued.ticket)));
    for (const end of ends) if (end.status === 101 && !end.closed) end.send({ type: "hello", ...greeting });
    await world.idle();
    expect(await clients(world, robot)).toHaveLength(viewers);
    expect(ends.filter((end) => end.last("welcome") && !end.closed)).toHaveLength(1);
  }
});
