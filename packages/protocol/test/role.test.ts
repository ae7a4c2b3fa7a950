import { atLeast, Role, roles } from "@tether/protocol/role";
import { expect, test } from "vitest";

test("each role may do what those before it may, and no more", () => {
  const table = roles.map((role) => roles.map((needed) => atLeast(role, needed)));
  expect(roles).toEqual(["viewer", "operator", "owner"]);
  expect(table).toEqual([
    [true, false, false],
    [true, true, false],
    [true, true, true],
  ]);
});

test("there is no other role", () => {
  for (const other of ["admin", "Owner", "", null]) expect(Role.safeParse(other).success).toBe(false);
});
