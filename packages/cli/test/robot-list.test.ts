import { expect, test } from "vitest";
import { exits } from "../src/exit.ts";
import { createRig } from "./rig.ts";

test("a robot that was made a moment ago is found by its name, though the index by which robots are listed does not show it yet", async () => {
  const { signIn, tether, json, system } = await createRig();
  await signIn();
  system.faults.set([{ name: "index.lag", ms: 500 }]);
  await json("robot", "create", "Rover");
  expect(await tether(["robot", "code", "Rover"])).toMatchObject({ code: 0 });
  expect(await tether(["robot", "code", "Nobody"])).toMatchObject({ code: 2 });
});

test("more robots than a page holds are all listed", async () => {
  const { signIn, json } = await createRig();
  await signIn();
  const names = Array.from({ length: 52 }, (_, index) => `Rover ${index}`);
  for (const name of names) await json("robot", "create", name);
  const { items } = await json<{ items: { name: string }[] }>("robot", "list");
  expect(items.map(({ name }) => name).sort()).toEqual([...names].sort());
  expect(await json("robot", "delete", "Rover 51")).toMatchObject({ deleted: expect.stringMatching(/^rob_/) });
});

test("a name cannot move the cursor or pretend to be a line of its own", async () => {
  const { signIn, tether } = await createRig();
  await signIn();
  await tether(["robot", "create", "Rover\u001b[2J\nadmin  rob_x"]);
  const { out } = await tether(["robot", "list"]);
  expect(out.split("\n")).toHaveLength(2);
  expect(out).toContain("Rover�[2J�admin");
});

test("an admin lists every robot, some by name or state, and names one that others own", async () => {
  const { signIn, tether, json } = await createRig();
  await signIn();
  const rover = await json<{ id: string }>("robot", "create", "Rover");
  await json("robot", "create", "Rover II");
  await signIn("admin@tether.local");
  const names = async (...args: string[]) =>
    (await json<{ items: { name: string }[] }>("robot", "list", ...args)).items.map(({ name }) => name);
  expect((await names()).sort()).toEqual(["Rover", "Rover II"]);
  expect(await names("--name", "rover i")).toEqual(["Rover II"]);
  expect(await names("--state", "online")).toEqual([]);
  expect((await tether(["robot", "list", "--state", "online"])).out).toContain("No robot of yours matches.");
  expect(await tether(["robot", "list", "--state", "broken"])).toMatchObject({
    code: exits.usage.code,
    err: expect.stringContaining("opening, online, away"),
  });
  expect((await tether(["robot", "show", "Rover"])).out).toContain(rover.id);
  expect(await tether(["robot", "show", "x".repeat(81)])).toMatchObject({ code: exits.usage.code });
});
