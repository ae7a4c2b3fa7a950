import { expect, test } from "vitest";
import { exits } from "../src/exit.ts";
import { createRig } from "./rig.ts";

test("access is given and taken by address, and a stranger sees no robot", async () => {
  const { signIn, tether, json } = await createRig();
  await signIn();
  const { id } = await json<{ id: string }>("robot", "create", "Rover");
  expect((await tether(["access", "assign", "Rover", "Operator@Tether.local", "operator"])).out).toBe(
    `email:operator@tether.local is operator of ${id}.`,
  );
  const { items } = await json<{ items: { to: string; role: string }[] }>("access", "list", "Rover");
  expect(items.map(({ role }) => role).sort()).toEqual(["operator", "owner"]);
  expect((await tether(["access", "list", "Rover"])).out).toMatch(/^sub:\S+ \(you\) +owner +\S+ +you$/m);
  await signIn("operator@tether.local");
  expect((await tether(["robot", "list"])).out).toMatch(/^Rover +rob_\S+ +operator /m);
  expect((await tether(["access", "list", "Rover"])).code).toBe(exits.refused.code);
  await signIn("owner@tether.local");
  await json("access", "revoke", "Rover", "operator@tether.local");
  await signIn("operator@tether.local");
  expect((await tether(["robot", "list"])).out).toContain("None yet");
  expect((await tether(["why", id])).err).toContain("There is no such robot, or you may not see it.");
});

test("an owner sets how a robot is driven and how long its sessions wait, and an operator sees it [D18]", async () => {
  const { signIn, tether, json } = await createRig();
  await signIn();
  await json("robot", "create", "Rover");
  await json("access", "assign", "Rover", "operator@tether.local", "operator");
  const set = await json("robot", "set", "Rover", "--deadman", "300", "--takers", "operator", "--client-grace", "30");
  const control = {
    deadmanMs: 300,
    maxAgeMs: 500,
    blindMs: 200,
    stopMs: 1_000,
    maxLinear: null,
    maxAngular: null,
    unanswered: "deny",
    takers: "operator",
  };
  expect(set).toMatchObject({ control, grace: { robotMs: 600_000, clientMs: 30_000 } });
  expect(await json("robot", "set", "Rover", "--max-age", "800", "--unanswered", "grant")).toMatchObject({
    control: { ...control, maxAgeMs: 800, unanswered: "grant" },
  });
  const bounded = await json(
    "robot",
    "set",
    "Rover",
    "--blind",
    "off",
    "--stop-blind",
    "800",
    "--max-linear",
    "1.5",
    "--max-angular",
    "off",
  );
  expect(bounded).toMatchObject({ control: { blindMs: null, stopMs: 800, maxLinear: 1.5, maxAngular: null } });
  for (const wrong of ["fast", "0", ""])
    expect((await tether(["robot", "set", "Rover", "--max-linear", wrong])).code).toBe(exits.usage.code);
  await json("robot", "set", "Rover", "--blind", "250");
  await signIn("operator@tether.local");
  const { out } = await tether(["robot", "show", "Rover"]);
  expect(out).toMatch(/Stops without a command for +300 ms\nObeys no command older than +800 ms\n/);
  expect(out).toMatch(
    /older than +250 ms\nStops when they are older than +800 ms\nGoes at most +1.5 m\/s\nTurns at most +as fast as it can\n/,
  );
  expect(out).toMatch(/ is granted\n.* operators and owners/);
  expect((await tether(["robot", "set", "Rover", "--deadman", "400"])).code).toBe(exits.refused.code);
});
