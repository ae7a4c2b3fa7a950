import { expect, test } from "vitest";
import { createRig } from "./rig.ts";

test("for a machine, a sign-in is an address and then a result, a line each", async () => {
  const { signIn, origin } = await createRig();
  const { out, err } = await signIn("owner@tether.local", [origin, "--json"]);
  const [address, result] = out.split("\n").map((line) => JSON.parse(line));
  expect(err).toBe("");
  expect(address).toMatchObject({ event: "sign-in", url: expect.stringContaining(`${origin}/identity/auth?`) });
  expect(result).toMatchObject({ signedIn: true, api: origin, user: { name: "Olive Owner" } });
});
