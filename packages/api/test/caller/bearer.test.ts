import { expect, test } from "vitest";
import { bearer } from "../../src/caller/bearer.ts";

const [missing, invalid] = [{ problem: "auth.missing" }, { problem: "auth.invalid" }];

test.each([
  ["Bearer a.b.c", "a.b.c"],
  ["bearer  a.b-_~+/==", "a.b-_~+/=="],
  [undefined, missing],
  ["", missing],
  ["Bearer", missing],
  ["Bearer  ", missing],
  ["a.b.c", missing],
  ["Basic dTpw", missing],
  ["Bearera.b.c", missing],
  ["Bearer a b", invalid],
  ["Bearer a,b", invalid],
  ["Bearer =a", invalid],
  ["Bearer ä", invalid],
])("of the header %j the token is %j", (header, token) => {
  expect(bearer(header)).toEqual(token);
});
