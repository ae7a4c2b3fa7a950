import { causes } from "@tether/protocol/cause";
import { limits } from "@tether/protocol/limits";
import { describePossible, possibleCauses } from "@tether/protocol/possible-causes";
import { expect, test } from "vitest";

const { idleMs, connectionLifeMs } = limits.gateway;
const lost = { cause: "connection.lost", inferred: true } as const;

test("an ending that somebody vouched for has no other possible cause [P2]", () => {
  expect(possibleCauses({ cause: "client.left", inferred: false, kind: "client" })).toEqual([]);
});

test.each([
  ["robot", ["connection.lost", "power.lost", "agent.killed", "agent.crashed", "agent.hung"]],
  ["client", ["connection.lost", "connection.closed"]],
] as const)(
  "a %s's connection that broke may have been broken by the end of its process, and by no limit of the gateway [P2]",
  (kind, possible) => {
    expect(possibleCauses({ ...lost, evidence: { closeCode: 1006, connectionAgeMs: connectionLifeMs }, kind })).toEqual(possible);
  },
);

test.each([
  [idleMs - 60_001, false, false],
  [idleMs - 60_000, true, false],
  [connectionLifeMs - 60_001, true, false],
  [connectionLifeMs - 60_000, true, true],
])(
  "a connection of %i ms that the gateway had to be asked about may have met the limits that it had reached [P2]",
  (connectionAgeMs, idle, cap) => {
    const possible = possibleCauses({ ...lost, evidence: { found: "asked", connectionAgeMs }, kind: "client" });
    expect([possible[0], possible.includes("connection.closed")]).toEqual(["connection.lost", true]);
    expect([possible.includes("gateway.idle"), possible.includes("gateway.cap")]).toEqual([idle, cap]);
  },
);

test("a young connection that the gateway closed met no limit, but its end may have been silent before [P2]", () => {
  const evidence = { closeCode: 1001, connectionAgeMs: 5_000 };
  const possible = ["gateway.closed", "connection.lost", "connection.closed"];
  expect(possibleCauses({ cause: "gateway.closed", inferred: true, evidence, kind: "client" })).toEqual(possible);
});

test("the end of a grace has the possible causes for which it began, where those were concluded [P2]", () => {
  const over = { cause: "grace.over", inferred: false, kind: "client" } as const;
  const evidence = { awayFor: "connection.lost", closeCode: 1006 };
  expect(possibleCauses({ ...over, evidence })).toEqual([]);
  expect(possibleCauses({ ...over, evidence: { ...evidence, concluded: true } })).toEqual(["connection.lost", "connection.closed"]);
  expect(possibleCauses({ ...over, evidence: { awayFor: "what.no-one-knows", concluded: true } })).toEqual([]);
});

test("every possible cause is said in words, but for the told one", () => {
  const possible = possibleCauses({ ...lost, evidence: { connectionAgeMs: connectionLifeMs }, kind: "robot" });
  const words = describePossible(possible);
  expect(words).toMatch(/^It may also be: .*\.$/);
  for (const cause of Object.keys(causes)) expect(words).not.toContain(cause);
  expect(describePossible(possible.slice(0, 1))).toBe("");
});
