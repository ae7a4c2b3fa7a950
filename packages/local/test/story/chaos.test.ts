import { expect, test } from "vitest";
import { runChaos } from "../world/chaos/run.ts";
import { invariants, wholeTimeline } from "../world/invariants.ts";

test("chaos", { timeout: 600_000 }, async () => {
  const t0 = performance.now();
  const seed = Number(process.env.SEED ?? 1);
  const { world, witness, seats } = await runChaos({ seed, robots: 14, forMs: Number(process.env.MINUTES ?? 150) * 60_000 });
  console.log(
    "ms",
    performance.now() - t0,
    world.system.requests.counts(),
    world.system.faults.struck(),
    witness.done,
    witness.words.length,
    witness.sent.length,
    witness.got.length,
    world.system.gateway.counts(),
  );
  const by: Record<string, number> = {};
  for (const l of world.lines) {
    const k = [l.event, l.route, l.type, l.status, l.outcome, l.error, l.code].filter(Boolean).join(" ");
    by[k] = (by[k] ?? 0) + 1;
  }
  console.log(by);
  const types: Record<string, Record<string, number>> = {};
  for (const { robot, number } of seats) {
    const t: Record<string, number> = {};
    for (const { type, session, cause } of await wholeTimeline(world, robot.id)) {
      const k = `${type} ${session?.slice(0, 3)} ${cause ?? ""}`;
      t[k] = (t[k] ?? 0) + 1;
    }
    types[number] = t;
  }
  console.log(types[0], types[1], types[2], types[3], types[4]);
  const byes: Record<string, number> = {};
  for (const { frame } of witness.words) {
    const k = `${frame.type} ${frame.cause}`;
    byes[k] = (byes[k] ?? 0) + 1;
  }
  console.log(byes);
  const broken = [];
  for (const { robot } of seats) broken.push(...(await invariants(world, robot.id)));
  expect([seed, broken]).toEqual([seed, []]);
});
