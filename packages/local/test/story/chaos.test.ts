import { causes } from "@tether/protocol/cause";
import { expect, test } from "vitest";
import type { FaultName } from "../../src/fault/fault.ts";
import { faultNames } from "../../src/fault/parse.ts";
import { actions } from "../world/chaos/act.ts";
import { findingsOf } from "../world/chaos/findings.ts";
import { runChaos } from "../world/chaos/run.ts";

const minute = 60_000;

/** The states and events of sessions and control, all of which a run must have gone through. */
const lived = [
  ...["opening", "online", "resumed", "superseded", "contested", "dismissed", "lapsed", "renewed", "expiring", "expired", "away", "ended"],
].map((what) => `session.${what}`);
const driven = ["granted", "taken", "released", "away", "returned", "expired", "ended", "revoked", "superseded"].map(
  (what) => `control.${what}`,
);

/** Causes that need more clients at a robot, more frames of one, or more cells than a storm has: place.test.ts, flood.test.ts and cells.test.ts have them. */
const elsewhere = ["place.taken", "connection.flooded", "robot.moved"];

/**
 * The first two come by chance on any socket: silent-socket.test.ts tells of them, and the storm stalls sockets that it chooses. The third is for
 * requests that are at the store at once: conflict-herd.test.ts tells of it, while in the storm each waits for its turn, and `store.conflict` strikes.
 * The others are in force at all times, and a storm of this size uses up no quota: unkind.test.ts tells of them.
 */
const faultsElsewhere: readonly FaultName[] = [
  ...(["silent", "proxy.idle", "store.overlap"] as const),
  ...(["store.capacity", "index.lag", "account.requests", "lambda.concurrency"] as const),
];

/** Another is tried with `CHAOS_SEED=n`, and a longer storm with `MINUTES=n`; the same seed does the same things at the same times. */
const seed = Number(process.env.CHAOS_SEED ?? 1);

test("200 sessions under all faults at once: every ending is explained, no signal comes twice, and at rest all invariants hold [P2, L6, L7]", {
  timeout: 900_000,
}, async () => {
  const stage = await runChaos({ seed, robots: 14, forMs: Number(process.env.MINUTES ?? 48) * minute });
  const { wrong, causes: seen, types, sessions, digest } = await findingsOf(stage);
  const { done } = stage.witness;
  const struck = stage.world.system.faults.struck();
  process.stdout.write(`chaos, seed ${seed}: ${JSON.stringify({ digest, sessions, causes: seen, types, struck, done })}\n`);
  expect(wrong, `CHAOS_SEED=${seed}`).toEqual([]);
  const idle = [
    ...faultNames.filter((name) => !struck[name] && !faultsElsewhere.includes(name)),
    ...Object.keys(causes).filter((cause) => !seen[cause as keyof typeof causes] && !elsewhere.includes(cause)),
    ...Object.keys(actions).filter((name) => !done[name]),
    ...[...lived, ...driven].filter((type) => !types[type]),
  ];
  expect(idle, `CHAOS_SEED=${seed}`).toEqual([]);
  expect(sessions.robot).toBeGreaterThan(14);
  expect(sessions.robot + sessions.client).toBeGreaterThanOrEqual(200);
});
