import { limits } from "@tether/protocol/limits";
import { expect, test } from "vitest";
import { endingOf } from "../src/closing.ts";

const cap = limits.gateway.connectionLifeMs;

test.each([
  [{ code: 1001, connectionAgeMs: 5_000 }, "connection.closed", false],
  [{ code: 1000, connectionAgeMs: 5_000 }, "connection.closed", false],
  [{ code: 1006, connectionAgeMs: 5_000 }, "connection.lost", false],
  [{ code: undefined, connectionAgeMs: 5_000 }, "connection.lost", true],
  [{ code: 1001, connectionAgeMs: cap - 60_001 }, "connection.closed", false],
  [{ code: 1001, connectionAgeMs: cap - 60_000 }, "gateway.cap", true],
] as const)("a connection closed with %j ended because of %s [P2]", (closed, cause, inferred) => {
  expect(endingOf(closed)).toMatchObject({
    cause,
    inferred,
    actor: { type: "gateway" },
    evidence: { connectionAgeMs: closed.connectionAgeMs },
  });
});
