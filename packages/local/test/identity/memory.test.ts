import { expect, test } from "vitest";
import { createMemory } from "../../src/identity/memory.ts";

test("a grant's end takes its codes and tokens, and leaves those of others and the session", async () => {
  const memory = createMemory().adapter;
  const [refresh, code, session] = [memory("RefreshToken"), memory("AuthorizationCode"), memory("Session")];
  await refresh.upsert("a", { grantId: "ended" });
  await code.upsert("a", { grantId: "ended" });
  await refresh.upsert("b", { grantId: "other" });
  await session.upsert("a", { grantId: "ended" });
  await refresh.revokeByGrantId("ended");
  const found = await Promise.all([refresh.find("a"), code.find("a"), refresh.find("b"), session.find("a")]);
  expect(found).toEqual([undefined, undefined, { grantId: "other" }, { grantId: "ended" }]);
});

test("beyond five thousand entries the one longest untouched is forgotten", async () => {
  const interactions = createMemory().adapter("Interaction");
  for (let made = 0; made < 5_000; made++) await interactions.upsert(`${made}`, {});
  await interactions.upsert("0", {});
  await interactions.upsert("one more", {});
  const found = await Promise.all(["0", "1", "2"].map((id) => interactions.find(id)));
  expect(found).toEqual([{}, undefined, {}]);
});

test("a session is found by its uid, and no entry of another kind is", async () => {
  const memory = createMemory().adapter;
  await memory("Interaction").upsert("a", { uid: "u" });
  await memory("Session").upsert("b", { uid: "u", accountId: "someone" });
  expect(await memory("Session").findByUid("u")).toEqual({ uid: "u", accountId: "someone" });
  expect(await memory("Session").findByUid("v")).toBeUndefined();
});

test("a user's end takes their sessions, codes, tokens and grants, and leaves another's", async () => {
  const { adapter, forgetAccount } = createMemory();
  const kinds = ["Session", "AuthorizationCode", "RefreshToken", "AccessToken", "Grant"];
  for (const kind of kinds) {
    await adapter(kind).upsert("a", { accountId: "gone" });
    await adapter(kind).upsert("b", { accountId: "other" });
  }
  forgetAccount("gone");
  const found = (id: string) => Promise.all(kinds.map(async (kind) => (await adapter(kind).find(id))?.accountId));
  expect([await found("a"), await found("b")]).toEqual([kinds.map(() => undefined), kinds.map(() => "other")]);
});
