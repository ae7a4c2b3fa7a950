import { causes } from "@tether/protocol/cause";
import { Presence } from "@tether/protocol/http";
import { expect, test } from "vitest";
import { driverWords, presenceWords, stopWords } from "../../src/fleet/presence.ts";

const at = Date.UTC(2026, 5, 1, 12);

const ending = { cause: "connection.lost", actor: { type: "gateway" }, inferred: false, ...causes["connection.lost"] };

function presence(more: object): Presence {
  return Presence.parse({ state: "online", since: at, ...more });
}

test("a robot that never connected is said to be never online", () => {
  expect(presenceWords({ state: "offline" }, at)).toEqual({ tone: "quiet", word: "Never online", detail: "It has not connected yet." });
});

test("an online robot says for how long", () => {
  expect(presenceWords(presence({}), at + 3_600_000)).toMatchObject({ word: "Online", tone: "good", detail: "For 1 hour." });
});

test("an away robot counts down to the end of its grace, and says why and what to do", () => {
  const away = presence({ state: "away", backBy: at + 600_000, ending });
  expect(presenceWords(away, at + 60_000)).toEqual({
    tone: "warn",
    word: "Away",
    detail: `Since 1 minute. Waited for another 9:00. ${causes["connection.lost"].says}`,
    remedy: causes["connection.lost"].remedy,
  });
});

test("an offline robot says since when, why, and what to do", () => {
  expect(presenceWords(presence({ state: "offline", ending }), at + 1_000)).toMatchObject({
    word: "Offline",
    detail: `Since 1 second. ${causes["connection.lost"].says}`,
    remedy: causes["connection.lost"].remedy,
  });
});

test.each(["opening", "expired"] as const)("a robot that is %s is not shown as online", (state) => {
  const { word, tone } = presenceWords(presence({ state }), at);
  expect([word === "Online", tone]).toEqual([false, "warn"]);
});

const driver = { id: "u1", name: "Oscar", since: at };

test.each([
  ["who holds control", { driver }, "Oscar drives."],
  ["whose name is not known by their id", { driver: { id: "u1", since: at } }, "u1 drives."],
  [
    "for whom control is kept, and how long",
    { driver: { ...driver, keptUntil: at + 20_000 } },
    "Control is kept for Oscar for another 0:20.",
  ],
  ["nobody once that is over, before the service is asked again", { driver: { ...driver, keptUntil: at } }, "Nobody drives."],
  ["nobody where nobody does", {}, "Nobody drives."],
])("drives: %s", (_, more, words) => {
  expect(driverWords(presence(more), at)).toBe(words);
});

test.each([
  ["its user", { type: "user", id: "u1", name: "Vera" }, "STOP is in force: Vera pressed it 1 minute ago."],
  ["a user by id where no name is known", { type: "user", id: "u1" }, "STOP is in force: u1 pressed it 1 minute ago."],
  ["nobody where it is from before the robot's program", { type: "robot", id: "r1" }, "STOP is in force since 1 minute ago."],
])("a stop in force names %s", (_, by, words) => {
  expect(stopWords(presence({ stop: { by, since: at } }), at + 60_000)).toBe(words);
});

test("a robot without a stop in force has no words of one", () => {
  expect(stopWords(presence({}), at)).toBeUndefined();
});
