import { expect, test } from "vitest";
import { bad, good, lifeOf, skewOf, skipped } from "../../src/diagnosis/finding.ts";
import { reportOf, summaryOf } from "../../src/diagnosis/report.ts";

const minute = 60_000;

test.each([
  [30_000, "good"],
  [30_001, "bad"],
  [-30_000, "good"],
  [-30_001, "bad"],
])("a clock that is %i ms ahead of the service's is %s", (aheadMs, result) => {
  expect(skewOf({ serverTime: 1_000_000 - aheadMs, sentAt: 1_000_000 - 40, heardAt: 1_000_000 + 40 }).result).toBe(result);
});

test.each([
  [240, "good"],
  [239, "good"],
  [238.9, "bad"],
  [60, "bad"],
])("a token given for %f minutes where 240 are configured is %s", (minutes, result) => {
  expect(lifeOf({ issuedAt: 0, expiresAt: minutes * minute }, 240).result).toBe(result);
});

test("without a token one is told to sign in", () => {
  expect(lifeOf(undefined, 240)).toEqual({ result: "bad", code: "token.none", says: "There is no token.", remedy: "Sign in again." });
});

test("where the token's life is set elsewhere it is told, and compared with nothing", () => {
  expect(lifeOf({ issuedAt: 0, expiresAt: 60 * minute }, undefined)).toEqual(
    skipped("It was given for 60 minutes; how long it should is set at its issuer."),
  );
});

test("the summary counts what failed, and skips what was skipped", () => {
  const outcomes = [good("a"), skipped("b"), bad({ code: "c", says: "c", remedy: "d" })].map((finding) => ({ ...finding, tookMs: 1 }));
  expect(summaryOf(outcomes)).toBe("1 of 3 failed; 1 could not be tested.");
  expect(summaryOf(outcomes.slice(0, 2))).toBe("1 of 2 passed; 1 could not be tested.");
});

test("the report has a line for each check, with what to do where one failed", () => {
  const lines = [
    { title: "API", outcome: { ...good("The service answers."), tookMs: 12.4 } },
    {
      title: "Socket",
      outcome: { ...bad({ code: "connection.silent", says: "It did not open.", remedy: "Let it out." }), tookMs: 15_000 },
    },
    { title: "STUN", outcome: { ...skipped("None is named."), tookMs: 0 } },
    { title: "WebRTC", outcome: undefined },
  ];
  expect(reportOf(lines, { at: 0, api: "https://api.example.org", from: "B" })).toBe(
    `Tether diagnostics, 1970-01-01T00:00:00.000Z
API https://api.example.org
From B

OK       API (12 ms): The service answers.
FAILED   Socket (15000 ms): It did not open. Let it out.
skipped  STUN (0 ms): None is named.
not run  WebRTC
`,
  );
});
