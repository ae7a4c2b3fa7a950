import { limits } from "@tether/protocol/limits";
import { expect, test } from "vitest";
import { wholeTimeline } from "../world/invariants.ts";
import { type SdkEnd, startSdkClient, startSdkRobot } from "../world/sdk-end.ts";
import { createWorld, operator, type World } from "../world/world.ts";

const minute = 60_000;
const hour = 60 * minute;

/** Lets time pass with one signal each way, every minute unless told; answers the numbers that were sent. */
async function talk(world: World, { ms, everyMs = minute }: { ms: number; everyMs?: number }, ...ends: SdkEnd[]): Promise<number[]> {
  const numbers = Array.from({ length: ms / everyMs }, (_, index) => index + 1);
  for (const n of numbers) {
    for (const end of ends) end.signal(n);
    await world.clock.advance(everyMs);
  }
  return numbers;
}

function expectUnbroken(sent: readonly number[], ...ends: SdkEnd[]): void {
  for (const end of ends) {
    expect(end.got).toEqual(sent);
    expect(end.ids.size).toBe(1);
    expect(end.states.filter(({ status }) => status !== "connecting").map(({ status }) => status)).toEqual(["online"]);
    expect(end.told.filter(({ event }) => event !== "peer.online")).toEqual([]);
  }
}

test("65 min, past the predecessor's token: one session each, nothing lost, doubled or interrupted", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const ends = [await startSdkRobot(world, robot), await startSdkClient(world, robot, operator)];
  expectUnbroken(await talk(world, { ms: 65 * minute }, ...ends), ...ends);
});

const refusals: Readonly<Record<string, { status: number; headers?: Record<string, string>; by: number }>> = {
  "refuses every ticket": { status: 503, by: 115 },
  "tells everyone to wait for 20 min": { status: 429, headers: { "retry-after": "1200" }, by: 116 },
};

test.each(Object.entries(refusals))(
  "while the API %s until minute 114, ends stay on the connection they have, and hand over before the gateway cuts it [E8]",
  async (_, { status, headers = {}, by }) => {
    const world = await createWorld();
    const robot = await world.createRobot();
    const since = world.clock.now();
    const age = () => (world.clock.now() - since) / minute;
    let refused = 0;
    const fetch: World["fetch"] = async (input, ...more) => {
      if (age() < 1 || age() >= 114 || !String(input).includes("/v1/tickets/")) return world.fetch(input, ...more);
      refused += 1;
      return new Response(null, { status, headers });
    };
    const ends = [await startSdkRobot({ ...world, fetch }, robot), await startSdkClient({ ...world, fetch }, robot, operator)];
    expectUnbroken(await talk(world, { ms: 125 * minute }, ...ends), ...ends);
    expect([refused >= ends.length, ends.map(({ epochs }) => epochs)]).toEqual([
      true,
      [
        [1, 2],
        [1, 2],
      ],
    ]);
    const timeline = (await wholeTimeline(world, robot.id)).filter(({ type }) => type.startsWith("session."));
    expect(new Set(timeline.map(({ type }) => type))).toEqual(new Set(["session.opening", "session.online", "session.superseded"]));
    const handOvers = timeline.filter(({ type }) => type === "session.superseded").map(({ at }) => (at - since) / minute);
    expect(handOvers.length).toBe(ends.length);
    for (const at of handOvers) expect([at >= 114, at < by]).toEqual([true, true]);
    expect(world.lines.filter(({ event }) => event === "closed").map(({ by: whom }) => whom)).toEqual(["end", "end"]);
  },
);

test("5 h, past the lease, which each hand-over renews: one session each, nothing lost, doubled or interrupted [E4, L3]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const ends = [await startSdkRobot(world, robot), await startSdkClient(world, robot, operator)];
  const leaseEnds = world.clock.now() + limits.auth.leaseMs;
  expectUnbroken(await talk(world, { ms: 5 * hour }, ...ends), ...ends);
  for (const { leases } of ends) expect([...leases].at(-1)).toBeGreaterThan(leaseEnds);
});

test("5 h with a token that is never renewed: the operator's session ends at the lease, both sides are told why, the robot's goes on [L1, L2]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const { idToken } = await world.system.identity.tokensFor(operator);
  const [robotEnd, client] = [
    await startSdkRobot(world, robot),
    await startSdkClient(world, robot, operator, { token: async () => idToken }),
  ];
  const leaseEnds = world.clock.now() + limits.auth.leaseMs;
  await talk(world, { ms: 5 * hour }, robotEnd, client);
  expect(client.states.at(-1)).toMatchObject({ status: "stopped", why: { code: "auth.expired" } });
  const away = robotEnd.told.find(({ event }) => event === "peer.away");
  expect(away).toMatchObject({ cause: "auth.expired" });
  expect(away?.at).toBeGreaterThanOrEqual(leaseEnds);
  expect(robotEnd.told.at(-1)).toMatchObject({ event: "peer.ended" });
  expect(robotEnd.got.length).toBeLessThanOrEqual(limits.auth.leaseMs / minute);
  expect(robotEnd.session.status).toBe("online");
  const types = (await world.timeline(robot)).map(({ type }) => type);
  expect(types.filter((type) => type === "session.expiring").length).toBeGreaterThanOrEqual(2);
});

test("24 h of leases of an hour: at least 12 hand-overs and 6 renewals in place on each side, one session each, no gap, none lost, none doubled [H5, H6, L3, E4]", async () => {
  const world = await createWorld({ leaseMs: hour, sweepsWhereDue: true });
  const robot = await world.createRobot();
  const ends = [await startSdkRobot(world, robot), await startSdkClient(world, robot, operator)];
  const since = world.clock.now();
  expectUnbroken(await talk(world, { ms: 24 * hour, everyMs: 5 * minute }, ...ends), ...ends);
  expect(world.clock.now()).toBe(since + 24 * hour);
  const timeline = (await wholeTimeline(world, robot.id)).filter(({ type }) => type.startsWith("session."));
  for (const { session } of ends) {
    const count = (type: string) => timeline.filter((event) => event.session === session.id && event.type === type).length;
    expect(count("session.superseded")).toBeGreaterThanOrEqual(12);
    expect(count("session.renewed")).toBeGreaterThanOrEqual(6);
    expect(session.epoch).toBe(1 + count("session.superseded"));
  }
  // Nothing else happened to any session in all that time.
  expect(new Set(timeline.map(({ type }) => type))).toEqual(
    new Set(["session.opening", "session.online", "session.superseded", "session.renewed"]),
  );
});
