import type { Credential } from "@tether/protocol/http";
import { expect, test } from "vitest";
import { successorsBeside } from "../../src/set-up/successors.ts";

const key = (kid: string, state: Credential["state"], replaces?: string) =>
  ({ kid, state, registeredAt: 0, registeredBy: "u", ...(replaces && { replaces }) }) as Credential;

test("who revokes a key is told which good keys descend from it, and asked about them", () => {
  const keys = [key("c", "active", "b"), key("b", "retired", "a"), key("a", "retiring")];
  const beside = successorsBeside(keys, "a");
  expect(beside?.keys.map(({ kid }) => kid)).toEqual(["c"]);
  expect([beside?.says, beside?.choice]).toEqual([expect.stringContaining("One good key descends from it"), "Revoke it too"]);
  expect(successorsBeside(keys, "c")).toBeUndefined();
});

test("of several keys that descend from it each is named", () => {
  const beside = successorsBeside([key("a", "active"), key("b", "active", "a"), key("c", "pending", "b")], "a");
  expect(beside?.keys.map(({ kid }) => kid)).toEqual(["b", "c"]);
  expect([beside?.says, beside?.choice]).toEqual([expect.stringContaining("2 good keys descend"), "Revoke them too"]);
});
