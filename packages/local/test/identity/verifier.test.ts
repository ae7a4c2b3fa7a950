import { createVerifier } from "@tether/api/caller/verifier";
import { expect, test } from "vitest";
import { realClock } from "../../src/clock/real.ts";
import { start } from "./rig.ts";

test("the API takes both tokens of a sign-in, also across a rotation, and knows the person by the ID token", async () => {
  await using rig = await start();
  const { issuer, clientId, audience } = rig.identity;
  const verifiers = [{}, { audience }].map((more) =>
    createVerifier({ issuer, clientIds: [clientId], allowHttp: true, ...more }, { clock: realClock }),
  );
  const before = await rig.tokensOf("admin@tether.local");
  await rig.identity.rotateKeys();
  const after = await rig.tokensOf("admin@tether.local");
  for (const verifier of verifiers) {
    for (const tokens of [before, after]) {
      expect(await verifier.verify(tokens.access_token)).toMatchObject({ groups: ["admins"], tokenUse: "access" });
      expect(await verifier.verify(tokens.id_token)).toMatchObject({ email: "admin@tether.local", name: "Ada Admin", tokenUse: "id" });
    }
  }
});

test("minted tokens are over when the given clock says so", async () => {
  const clock = { at: Date.UTC(2031, 0, 1), now: () => clock.at };
  await using rig = await start({ clock });
  const { issuer, clientId } = rig.identity;
  const verifier = createVerifier({ issuer, clientIds: [clientId], allowHttp: true }, { clock });
  const { accessToken, expiresAt } = await rig.identity.tokensFor("owner@tether.local");
  clock.at = expiresAt - 1;
  expect(await verifier.verify(accessToken)).toMatchObject({ expiresAt });
  clock.at = expiresAt;
  expect(await verifier.verify(accessToken)).toEqual({ problem: "auth.expired" });
});
