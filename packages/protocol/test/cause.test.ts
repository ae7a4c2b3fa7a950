import { causes } from "@tether/protocol/cause";
import { limits } from "@tether/protocol/limits";
import { describe, expect, test } from "vitest";

const rows = Object.entries(causes);
const sentence = /^[A-Z].*\.$/;

describe.each(rows)("%s", (_, { close, retry, says, remedy }) => {
  test("closes with 4000–4499 if it means reconnect, with 4500–4999 if it is final [F5]", () => {
    expect(close).toBeGreaterThanOrEqual(retry === "never" ? 4500 : 4000);
    expect(close).toBeLessThanOrEqual(retry === "never" ? 4999 : 4499);
  });

  test("states the fact and the first thing to do, in sentences", () => {
    expect(says).toMatch(sentence);
    expect(remedy).toMatch(sentence);
  });
});

test("no two causes share a close code [F5]", () => {
  expect(new Set(rows.map(([, { close }]) => close)).size).toBe(rows.length);
});

test("the times in the words are the limits", () => {
  expect(causes["gateway.idle"].says).toContain(`${limits.gateway.idleMs / 60_000} minutes`);
  expect(causes["gateway.cap"].says).toContain(`${limits.gateway.connectionLifeMs / 3_600_000} hours`);
  expect(causes["opening.lapsed"].remedy).toContain(`${limits.session.openingMs / 1_000} seconds`);
});
