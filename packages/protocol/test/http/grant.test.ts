import { foldAddress, Grantee } from "@tether/protocol/http";
import { describe, expect, test } from "vitest";

describe("a grantee", () => {
  test.each([
    "sub:auth0|7",
    "sub:a",
    `sub:${"s".repeat(128)}`,
    "email:ada@example.org",
    "email:ada+robots@example.org",
    `email:${"a".repeat(64)}@${"b".repeat(190)}`,
  ])("may be %s", (value) => {
    expect(Grantee.safeParse(value).success).toBe(true);
  });

  test.each([
    "",
    "ada@example.org",
    "sub:",
    "sub:with space",
    "sub:ümlaut",
    "sub:a\n",
    `sub:${"s".repeat(129)}`,
    "SUB:a",
    "email:Ada@example.org",
    "email:ada@example.ORG",
    "email:ada",
    "email:@example.org",
    "email:ada@",
    "email:ada@b@example.org",
    "email:ada @example.org",
    "email:ada@example.org\n",
    `email:${"a".repeat(65)}@example.org`,
    `email:a@${"b".repeat(191)}`,
    "user:ada",
  ])("may not be %j", (value) => {
    expect(Grantee.safeParse(value).success).toBe(false);
  });
});

test("an address is folded from A to Z alone: the Kelvin sign is no k, the long s no s", () => {
  expect(foldAddress("Karl.ZOË@Example.ORG")).toBe("karl.zoË@example.org");
  for (const address of ["\u212aarl@example.org", "\u0130da@example.org", "\u017fam@example.org"])
    expect(foldAddress(address)).toBe(address);
});
