import { causes } from "@tether/protocol/cause";
import { type Session, Session as SessionSchema, TimelinePage } from "@tether/protocol/http";
import { expect, test } from "vitest";
import { driverOf, presenceOf } from "../../src/fleet/presence.ts";

const at = Date.UTC(2026, 5, 1, 12);
const robot = "rob_01JZ0000000000000000000000";

function session(more: object, id = "rse_01JZ0000000000000000000000"): Session {
  const usual = { id, robot, kind: id.startsWith("rse") ? "robot" : "client", state: "online", epoch: 1, startedAt: at, since: at };
  return SessionSchema.parse({ ...usual, authExpiresAt: at + 1, ...more });
}

const ending = { cause: "connection.lost", actor: { type: "gateway" }, inferred: false, ...causes["connection.lost"] };

test("a robot that never connected is said to be never online, whoever else is attached", () => {
  expect(presenceOf([], at).state).toBe("never");
  expect(presenceOf([session({}, "cse_01JZ0000000000000000000000")], at).state).toBe("never");
});

test("an online robot says for how long", () => {
  expect(presenceOf([session({})], at + 3_600_000)).toMatchObject({ word: "Online", tone: "good", line: "For 1 hour." });
});

test("an away robot counts down to the end of its grace, and says why and what to do", () => {
  const away = session({ state: "away", backBy: at + 600_000, ending });
  expect(presenceOf([away], at + 60_000)).toEqual({
    state: "away",
    tone: "warn",
    word: "Away",
    line: `Since 1 minute. Waited for another 9:00. ${causes["connection.lost"].says}`,
    remedy: causes["connection.lost"].remedy,
  });
});

test("an offline robot says since when, and why its newest session ended", () => {
  const older = session({ state: "ended", since: at - 9_000_000 }, "rse_01JZ0000000000000000000001");
  const newest = session({ state: "ended", ending });
  expect(presenceOf([newest, older], at + 1_000)).toMatchObject({
    word: "Offline",
    line: `Since 1 second. ${causes["connection.lost"].says}`,
  });
});

test.each(["opening", "expired"] as const)("a robot that is %s is not shown as online", (state) => {
  const { word, tone } = presenceOf([session({ state })], at);
  expect([word === "Online", tone]).toEqual([false, "warn"]);
});

function events(...types: [string, object?][]) {
  const items = types.map(([type, more], index) => ({
    id: `evt_01JZ000000000000000000000${index}`,
    robot,
    at,
    type,
    actor: { type: "user", id: "u1", name: "Olive" },
    inferred: false,
    says: "…",
    ...more,
  }));
  return TimelinePage.parse({ items }).items;
}

test.each([
  ["who was granted control", events(["control.requested"], ["control.granted"]), "Olive"],
  ["who it was handed to", events(["control.given", { evidence: { to: "Oscar" } }], ["control.granted"]), "Oscar"],
  ["who is away and keeps it for a moment", events(["control.away", { evidence: { from: "Oscar" } }]), "Oscar"],
  ["nobody once it was released", events(["control.released"], ["control.granted"]), undefined],
  ["nobody where nothing is known of control", events(["session.online"]), undefined],
])("drives: %s", (_, items, driver) => {
  expect(driverOf(items)).toBe(driver);
});
