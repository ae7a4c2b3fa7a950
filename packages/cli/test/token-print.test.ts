import { expect, test } from "vitest";
import { exits } from "../src/exit.ts";
import { createRig, terminal } from "./rig.ts";

const hour = 3_600_000;

test("a token is printed to standard output alone, with a warning beside it, and the service takes it", async () => {
  const { signIn, tether, kept, origin } = await createRig();
  await signIn();
  const { code, out, err } = await tether(["token", "print"]);
  expect([code, out]).toEqual([0, kept().idToken]);
  expect(err).toContain("is a secret");
  expect(err).not.toContain(out);
  const answer = await fetch(`${origin}/v1/users/me`, { headers: { authorization: `Bearer ${out}` } });
  expect(answer.status).toBe(200);
});

test("a token that is over is renewed before it is printed", async () => {
  const { signIn, tether, kept, ahead } = await createRig({ clock: "virtual" });
  await signIn();
  const { idToken } = kept();
  await ahead(5 * hour);
  const { out } = await tether(["token", "print"]);
  expect(out).not.toBe(idToken);
  expect(out).toBe(kept().idToken);
});

test("without a sign-in nothing is printed but what to do", async () => {
  const { code, out, err } = await terminal().tether(["token", "print"]);
  expect([code, out]).toEqual([exits.unsigned.code, ""]);
  expect(err).toContain("tether sign-in");
});
