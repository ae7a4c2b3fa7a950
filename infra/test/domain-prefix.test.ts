import { expect, test } from "vitest";
import { domainPrefix } from "../domain-prefix.ts";

test.each([
  ["production", "tether-production"],
  ["Mine-2", "tether-mine-2"],
])("the stage %s signs in at %s", (stage, prefix) => {
  expect(domainPrefix("tether", stage)).toBe(prefix);
});

test.each(["aws-test", "my-AMAZON", "cognito2", "a_b", "a--b", "x".repeat(44)])(
  "the stage %s is refused before anything is made",
  (stage) => {
    expect(() => domainPrefix("tether", stage)).toThrow(/stage/);
  },
);

test("43 letters of a stage are as many as there may be", () => {
  expect(domainPrefix("tether", "x".repeat(43))).toHaveLength(50);
});
