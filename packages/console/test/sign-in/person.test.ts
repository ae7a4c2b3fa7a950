import { expect, test } from "vitest";
import { personOf } from "../../src/sign-in/person.ts";

const profile = { iss: "https://issuer", sub: "u-1", aud: "c", exp: 2, iat: 1, name: "Ada" };

test.each([
  [{ "cognito:groups": ["admins"] }, {}, true],
  [{ "cognito:groups": ["others"] }, {}, false],
  [{ "cognito:groups": "admins" }, {}, false],
  [{}, {}, false],
  [{ groups: ["robot-admins"] }, { groups: "groups", admins: "robot-admins" }, true],
  [{ groups: ["admins"] }, { groups: "groups", admins: "robot-admins" }, false],
  [{ "cognito:groups": ["admins"] }, { groups: "groups" }, false],
])("of a token with %j, where the console is told %j, the person is an admin: %s", (claims, told, isAdmin) => {
  expect(personOf({ ...profile, ...claims }, told).isAdmin).toBe(isAdmin);
});
