import { successorsOf } from "@tether/protocol/http";
import { describe, expect, test } from "vitest";
import { createKey, keysIn, type TestKey } from "../../../local/test/world/key.ts";
import { meanwhile } from "../../../local/test/world/meanwhile.ts";
import { createWorld } from "../../../local/test/world/world.ts";

/** A robot whose key was stolen: the thief announced two more, each with the one before. */
async function stolen() {
  const world = await createWorld();
  const keys = keysIn(world);
  const { robot, key } = await keys.enrolled();

  async function next(by: TestKey): Promise<TestKey> {
    const made = createKey(world);
    await keys.rotate(robot, by, made, { retireNow: true });
    await keys.ticket(robot, made);
    return made;
  }

  const second = await next(key);
  return { world, robot, key, second, third: await next(second), ...keys };
}

describe("a stolen key that is revoked", () => {
  test("leaves those that descend from it good, and the list says which they are [K10]", async () => {
    const { robot, key, third, revoke, list, ticket } = await stolen();
    expect((await revoke(robot, key.kid)).status).toBe(204);
    expect((await ticket(robot, third)).status).toBe(201);
    expect(successorsOf(await list(robot), key.kid).map(({ kid }) => kid)).toEqual([third.kid]);
  });

  test("takes all that descend from it with successors, and ends their sessions [K10]", async () => {
    const { world, robot, key, second, third, revoke, ticket, stateOf } = await stolen();
    const { body } = await ticket(robot, third);
    const end = await world.connect(body.ticket);
    await world.say(end, { type: "hello", protocol: 1, features: [], instance: "ins_aaaaaaaa", received: {} });
    const pending = createKey(world);
    await keysIn(world).rotate(robot, third, pending);
    expect((await revoke(robot, key.kid, { force: true, successors: true })).status).toBe(204);
    expect([await stateOf(robot, key), await stateOf(robot, third), await stateOf(robot, pending)]).toEqual([
      "revoked",
      "revoked",
      "revoked",
    ]);
    // A key that was over already stays as it was.
    expect(await stateOf(robot, second)).toBe("retired");
    expect(end.last("bye")).toMatchObject({ cause: "credential.revoked" });
    expect([(await ticket(robot, third)).body.code, (await ticket(robot, pending)).body.code]).toEqual(["assertion.key", "assertion.key"]);
  });

  test("takes the key that the thief announces while it is being revoked [K10]", async () => {
    const { world, robot, key, third, revoke, rotate, list } = await stolen();
    const announced = createKey(world);
    meanwhile(world, () => rotate(robot, third, announced));
    expect((await revoke(robot, key.kid, { force: true, successors: true })).status).toBe(204);
    expect(successorsOf(await list(robot), key.kid)).toEqual([]);
    expect((await list(robot)).find(({ kid }) => kid === announced.kid)?.state).toBe("revoked");
  });

  test("locks a robot out by force only, also where the last good key is a successor [K7]", async () => {
    const { robot, key, third, revoke, stateOf } = await stolen();
    expect((await revoke(robot, key.kid, { successors: true })).body.code).toBe("credential.last");
    expect(await stateOf(robot, third)).toBe("active");
  });
});

test("successors are found in any order of the list, and only those that are good", () => {
  const kid = (of: string) => of as never;
  const keys = [
    { kid: kid("d"), state: "active", replaces: kid("c") },
    { kid: kid("c"), state: "retired", replaces: kid("b") },
    { kid: kid("x"), state: "active", replaces: kid("y") },
    { kid: kid("b"), state: "retiring", replaces: kid("a") },
    { kid: kid("a"), state: "active" },
  ] as const;
  expect(successorsOf<{ kid: never; state: "active" | "retired" | "retiring"; replaces?: never }>(keys, "a").map((key) => key.kid)).toEqual(
    ["d", "b"],
  );
});
