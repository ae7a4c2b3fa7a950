import { expect, test } from "vitest";
import { exits } from "../src/exit.ts";
import { createRig } from "./rig.ts";

test("what the service refuses is said in its words, with what to do in a terminal and an exit code", async () => {
  const { signIn, tether, json } = await createRig();
  await signIn();
  const robot = await json<{ id: string }>("robot", "create", "Rover");
  await json("robot", "create", "Rover");
  expect(await tether(["robot", "code", "Rover"])).toMatchObject({ code: exits.usage.code, err: expect.stringContaining(robot.id) });
  expect(await tether(["robot", "code", "Rover 2"])).toMatchObject({ code: exits.usage.code, err: expect.stringContaining("robot list") });
  const key = "A".repeat(43);
  expect(await tether(["key", "revoke", robot.id, key])).toMatchObject({
    code: exits.refused.code,
    err: "There is no such key.\n  See tether key list ROBOT.",
  });
  // A key's id may begin like an option.
  expect((await tether(["key", "revoke", robot.id, `-${key.slice(1)}`])).err).toContain("There is no such key.");
  expect((await tether(["key", "revoke", robot.id, `--${key.slice(2)}`])).err).toContain("There is no such key.");
  const lastOwner = await tether(["access", "revoke", robot.id, "owner@tether.local", "--json"]);
  expect(lastOwner.code).toBe(exits.refused.code);
  expect(JSON.parse(lastOwner.out)).toMatchObject({ exit: 5, code: "grant.unknown" });
  expect((await tether(["robot", "create", " "])).err).toContain("(name)");
  expect(await tether(["robot", "stop", robot.id])).toMatchObject({
    code: exits.failed.code,
    err: expect.stringContaining("no connection on which it could be told to stop"),
  });
  const down = await tether(["robot", "list"], { fetch: () => Promise.reject(new Error("down")) });
  expect(down).toMatchObject({ code: exits.failed.code, err: expect.stringContaining("could not be reached") });
});
