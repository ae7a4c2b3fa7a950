import { expect, test } from "vitest";
import { invariants } from "../world/invariants.ts";
import { runChaos } from "../world/chaos/run.ts";

test("chaos", { timeout: 600_000 }, async () => {
  const t0 = performance.now();
  const seed = Number(process.env.SEED ?? 1);
  const { world, witness, seats } = await runChaos({ seed, robots: 16, forMs: Number(process.env.MINUTES ?? 150) * 60_000 });
  console.log("ms", performance.now() - t0, world.system.requests.counts(), world.system.faults.struck(), witness.done, witness.words.length, witness.sent.length, witness.got.length, world.system.gateway.counts());
  const by: Record<string, number> = {};
  for (const l of world.lines) { const k = [l.event, l.route, l.type, l.status, l.outcome, l.error, l.code].filter(Boolean).join(" "); by[k] = (by[k] ?? 0) + 1; }
  console.log(by);
  const broken = [];
  for (const { robot } of seats) broken.push(...(await invariants(world, robot.id)));
  expect([seed, broken]).toEqual([seed, []]);
});
