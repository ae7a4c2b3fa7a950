import { limits } from "@tether/protocol/limits";
import { expect, test } from "vitest";
import { attributeSilence, inferEnding } from "../../src/live/ending.ts";

const cap = limits.gateway.connectionLifeMs;

const since = 1_764_000_000_000;

test.each([
  [{ code: 1001, ageMs: 5_000 }, "connection.closed", false],
  [{ code: 1000, ageMs: 5_000 }, "connection.closed", false],
  [{ code: 1006, ageMs: 5_000 }, "connection.lost", true],
  [{ ageMs: 5_000 }, "connection.lost", true],
  [{ code: 1005, ageMs: 5_000 }, "connection.closed", false],
  [{ ageMs: cap - 60_001 }, "connection.lost", true],
  [{ ageMs: cap - 60_000 }, "gateway.cap", true],
  [{ code: 1001, reason: "Going away", ageMs: cap - 60_001 }, "gateway.idle", true],
  [{ code: 1001, reason: "Going away", ageMs: cap - 60_000 }, "gateway.cap", true],
  [{ code: 1001, reason: "", ageMs: cap }, "connection.closed", false],
  [{ code: 1001, reason: null, ageMs: limits.gateway.idleMs }, "connection.closed", false],
  [{ code: 1001, reason: "Going away", ageMs: limits.gateway.idleMs - 60_001 }, "gateway.closed", true],
  [{ code: 1001, reason: "Going away", ageMs: limits.gateway.idleMs - 60_000 }, "gateway.idle", true],
  [{ code: 1006, reason: "Going away", ageMs: limits.gateway.idleMs }, "connection.lost", true],
] as const)("a connection that ended like %j ended because of %s [P2]", ({ ageMs, ...known }, cause, inferred) => {
  const ending = inferEnding({ id: "c", since }, { at: since + ageMs, ...known });
  expect(ending).toMatchObject({ cause, inferred, actor: { type: "gateway" }, evidence: { connectionAgeMs: ageMs } });
});

test("an end that sends keepalives was not silent by itself: its connection was lost [P15]", () => {
  const idle = inferEnding({ id: "c", since }, { at: since + limits.gateway.idleMs, code: 1001, reason: "Going away" });
  expect(attributeSilence(idle, {}).cause).toBe("gateway.idle");
  expect(attributeSilence(idle, { keepsAlive: true })).toEqual({ ...idle, cause: "connection.lost" });
  const atCap = inferEnding({ id: "c", since }, { at: since + limits.gateway.connectionLifeMs, code: 1001, reason: "Going away" });
  expect(attributeSilence(atCap, { keepsAlive: true })).toEqual(atCap);
});
