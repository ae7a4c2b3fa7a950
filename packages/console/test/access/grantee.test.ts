import { Grantee } from "@tether/protocol/http";
import { expect, test } from "vitest";
import { granteeOf, nameOf } from "../../src/access/grantee.ts";

test.each([
  [" Olive@Example.org ", "email:olive@example.org", "olive@example.org"],
  ["5d0c1f3e-0001", "sub:5d0c1f3e-0001", "5d0c1f3e-0001"],
])("%j is let in as %s and shown as %s", (text, to, name) => {
  expect(granteeOf(text)).toBe(to);
  expect(Grantee.safeParse(to).success).toBe(true);
  expect(nameOf(to)).toBe(name);
});
