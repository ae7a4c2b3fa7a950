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

test("one's own grant, by id or by address, reads as oneself", () => {
  const me = { id: "u1", email: "olive@example.org" };
  expect([nameOf("sub:u1", me), nameOf("email:olive@example.org", me), nameOf("sub:u2", me)]).toEqual([
    "You (olive@example.org)",
    "You (olive@example.org)",
    "u2",
  ]);
  expect(nameOf("sub:u1", { id: "u1", email: undefined })).toBe("You");
  expect(nameOf("email:undefined", { id: "u1", email: undefined })).not.toBe("You");
});
