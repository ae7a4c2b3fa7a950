import { type Metric, metricOf, metrics } from "@tether/aws/metric";
import { limits } from "@tether/protocol/limits";
import { expect, test } from "vitest";
import { type Datum, extract } from "../world/emf.ts";
import { wholeTimeline } from "../world/invariants.ts";
import { minute, pass } from "../world/pass.ts";
import { createWorld, operator, owner, viewer, type World } from "../world/world.ts";

const namespace = "tether/test";

const dataOf = ({ lines }: World): Datum[] => lines.flatMap(extract);

/** The count of each metric in all. */
function totals(data: readonly Datum[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { name, value } of data) sums[name] = (sums[name] ?? 0) + value;
  return sums;
}

async function pair() {
  const world = await createWorld({ namespace });
  const robot = await world.createRobot();
  await world.clock.advance(1_000);
  return { world, robot, robotEnd: await world.join(robot), client: await world.join(robot, operator, { lifeMs: 20 * minute }) };
}

test("what befell the sessions is what was counted, metric by metric, in lines that CloudWatch reads", async () => {
  const { world, robot, robotEnd, client } = await pair();
  const session = { session: client.session };
  // Handed over, renewed; renewed with a used ticket, which is none.
  const next = await world.join(robot, operator, { ...session, lifeMs: 20 * minute });
  client.socket.close(1000);
  await world.clock.advance(1_000);
  const { body } = await world.ticketFor.client(robot, operator, { ...session, use: "renew", lifeMs: 20 * minute });
  for (const id of ["first", "again"]) await world.say(next, { type: "auth.renew", id, ticket: body.ticket });
  expect(next.last("problem")?.code).toBe("ticket.used");
  // Back after a break; warned twice; run out, closed, and gone.
  next.socket.close(1001);
  await world.idle();
  const back = await world.join(robot, operator, { ...session, lifeMs: 20 * minute });
  await pass(world, 27 * minute, robotEnd, back);
  // Four instances in a row; one that leaves; one that never says hello; one whose access is taken.
  for (const instance of ["ins_bbbbbbbb", "ins_cccccccc", "ins_dddddddd", "ins_eeeeeeee"]) await world.join(robot, undefined, { instance });
  await world.say(await world.join(robot, viewer), { type: "leave" });
  await world.connect((await world.ticketFor.client(robot, viewer)).body.ticket);
  await pass(world, 2 * minute);
  await world.join(robot, operator);
  await world.call("DELETE", `/v1/robots/${robot.id}/grants?to=email:${operator}`, { as: owner });
  await world.idle();
  const data = dataOf(world);
  const counted = totals(data.filter(({ unit, name }) => unit === "Count" && name !== "SweepBacklog"));
  const befell: Record<string, number> = {};
  for (const entry of await wholeTimeline(world, robot.id)) {
    const name = metricOf(entry);
    if (name) befell[name] = (befell[name] ?? 0) + 1;
  }
  expect(counted).toEqual(befell);
  expect(counted).toMatchObject({
    Connects: 4,
    Resumes: 1,
    HandOvers: 3,
    Fights: 2,
    Renewals: 1,
    Warnings: 2,
    Expiries: 1,
    "Away.auth.expired": 1,
    "Away.connection.closed": 1,
    "Ended.grace.over": 1,
    "Ended.client.left": 1,
    "Ended.opening.lapsed": 1,
    "Ended.grant.removed": 1,
  });
  for (const { namespace: of, name, unit, at } of data) {
    expect([of, unit]).toEqual([namespace, metrics[name as Metric].unit]);
    expect(at).toBeLessThanOrEqual(world.clock.now());
  }
});

test("a renewal or an ending that was not written is not counted", async () => {
  const { world, robot, client } = await pair();
  const { body } = await world.ticketFor.client(robot, operator, { session: client.session, use: "renew" });
  const before = dataOf(world).length;
  world.system.requests.before((operation) => (operation === "TransactWriteItems" ? "cut" : "pass"));
  await world.say(client, { type: "auth.renew", ticket: body.ticket });
  await world.say(client, { type: "leave" });
  world.system.requests.before(undefined);
  expect(client.all("problem").map(({ code }) => code)).toEqual(["unavailable", "unavailable"]);
  expect(dataOf(world)).toHaveLength(before);
  expect(world.lines.filter(({ event, outcome }) => event === "frame" && outcome === "unavailable")).toHaveLength(2);
});

test("a sweep tells its backlog and how late it was where something was due, and costs nothing where not", async () => {
  const { world, client, robotEnd } = await pair();
  await world.clock.advance(2 * minute);
  expect(dataOf(world).filter(({ name }) => name.startsWith("Sweep"))).toEqual([]);
  await pass(world, 10 * minute, client, robotEnd);
  const [backlog, lag, ...others] = dataOf(world).filter(({ name }) => name.startsWith("Sweep"));
  expect(backlog).toMatchObject({ name: "SweepBacklog", unit: "Count", value: 0 });
  // The warning was due 10 min before the lease's end; the sweeper comes once a minute.
  expect(lag).toMatchObject({ name: "SweepLag", unit: "Milliseconds" });
  expect(lag?.value).toBeGreaterThan(0);
  expect(lag?.value).toBeLessThanOrEqual(limits.sweep.everyMs);
  expect(others).toEqual([]);
});

test("a request that revokes tells how long it took to the last session, and one that revokes nobody's tells nothing", async () => {
  const { world, robot } = await pair();
  await world.join(robot, operator);
  await world.call("DELETE", `/v1/robots/${robot.id}/grants?to=email:${operator}`, { as: owner });
  await world.call("DELETE", `/v1/robots/${robot.id}/grants?to=email:${viewer}`, { as: owner });
  const told = dataOf(world).filter(({ name }) => name === "RevocationLatency");
  expect(told).toMatchObject([{ unit: "Milliseconds", value: 0 }]);
  expect(totals(dataOf(world))["Ended.grant.removed"]).toBe(2);
});

test("the relay's lines carry no metric, and nothing is told at all where no namespace is set", async () => {
  const { world, robotEnd, client } = await pair();
  await world.say(client, { type: "signal", to: robotEnd.session, stream: 1, seq: 1, data: { kind: "app", body: 1 } });
  const relays = world.lines.filter(({ type }) => type === "signal");
  expect(relays).toMatchObject([{ outcome: "posted" }]);
  expect(relays.flatMap(extract)).toEqual([]);
  const silent = await createWorld();
  const robot = await silent.createRobot();
  await silent.say(await silent.join(robot), { type: "leave" });
  expect(dataOf(silent)).toEqual([]);
});
