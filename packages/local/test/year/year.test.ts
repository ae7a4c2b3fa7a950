import { expect, test } from "vitest";
import { runYear } from "./run.ts";

test("days with deployments, an outage and a rotation of every key: one session, no ending that nobody ordered, no signal lost or doubled [E8, K2, T2, D3]", async () => {
  const result = await runYear({
    days: 3,
    signalEveryMs: 60_000,
    visitMs: 10 * 60_000,
    ticketRing: [0, 2],
    controlRing: [1, 2],
    issuerKey: [1],
    robotKey: [0, 1],
    deploy: [1],
    outage: [2],
  });
  const { troubles, lost, doubled, handOvers, ...counts } = result;
  expect({ troubles, lost, doubled }).toEqual({ troubles: [], lost: [], doubled: [] });
  expect(handOvers).toBeGreaterThan(3 * 12);
  expect(counts).toMatchObject({
    visits: 3,
    robotSessions: 1,
    keyRotations: 2,
    ringRotations: 4,
    issuerRotations: 1,
    deploys: 1,
    outages: 1,
    signals: 60,
  });
});
