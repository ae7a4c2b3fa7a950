import { expect, test } from "vitest";
import { startAgent } from "../../agent/test/agent-process.ts";
import { exits } from "../src/exit.ts";
import { createRig, folder } from "./rig.ts";
import { startTether } from "./tether-process.ts";
import { visit } from "./visitor.ts";

test("a robot enrolls, runs, rotates and is revoked from the command line, and why tells the story [N1, K1, K2]", async () => {
  const { origin } = await createRig();
  const home = folder();
  const printed: string[] = [];
  async function tether(...args: string[]): Promise<string> {
    const { ended, out, err } = startTether(home, ...args);
    expect([await ended, err.filter((line) => !line.startsWith("Run this on the robot"))]).toEqual([0, []]);
    printed.push(...out, ...err);
    return out.join("\n");
  }

  const signingIn = startTether(home, "sign-in", origin, "--no-open", "--port", "0");
  const page = await visit(await signingIn.saying(/http:\S+/), "owner@tether.local");
  expect(page.status).toBe(200);
  expect(await signingIn.ended).toBe(0);
  expect(signingIn.out.join()).toContain("as Olive Owner");

  expect(await tether("robot", "create", "Rover 1")).toMatch(/^Created Rover 1 \(rob_/);
  const enroll = await tether("robot", "code", "Rover 1");
  const [, code = ""] = /^curl -fsSL http:\S+\/install\/robot\.sh \| sh -s -- (\S+)$/.exec(enroll) ?? [];
  const robot = folder();
  expect(await startAgent(robot, "enroll", origin, code).ended).toBe(0);

  const running = startAgent(robot, "run");
  await running.saying({ event: "state", status: "online" });
  const rotating = startAgent(robot, "rotate");
  expect(await rotating.ended).toBe(0);
  const kid = String(rotating.said[0]?.kid);
  expect(await tether("key", "list", "Rover 1")).toMatch(new RegExp(`^${kid} +active `, "m"));
  expect(await tether("session", "list", "Rover 1")).toMatch(/^rse_\S+ +the robot +online/m);
  expect(await tether("robot", "stop", "Rover 1", "--reason", "smoke")).toMatch(/^STOP is delivered to rob_/);

  running.stop();
  expect(await running.ended).toBe(0);

  const again = startAgent(robot, "run");
  await again.saying({ event: "state", status: "online" });
  await tether("key", "revoke", "Rover 1", String(rotating.said[0]?.replaced));
  const last = startTether(home, "key", "revoke", "Rover 1", kid);
  expect(await last.ended).toBe(exits.refused.code);
  expect(last.err.join("\n")).toContain("This is the last key that the robot has proved.\n  Enroll or rotate to another key first");
  expect(await tether("key", "revoke", "Rover 1", kid, "--force")).toContain(`Revoked ${kid}`);
  expect(await again.ended).toBe(5);
  expect(again.said.at(-1)).toMatchObject({ code: "credential.revoked" });

  const mistyped = startTether(home, "why", "rovr 1");
  expect(await mistyped.ended).toBe(exits.usage.code);
  expect(mistyped.err.join("\n")).toContain("None of your robots has that name.\n  Did you mean “Rover 1”? See tether robot list");
  const story = await tether("why", "Rover 1", "--since", "2h");
  const told = [
    "created the robot.",
    "made a one-time code",
    "enrolled a key with a one-time code.",
    "The robot is online.",
    "moved to its next key.",
    "Olive Owner (you) stopped the robot.",
    "The robot signed off.",
    "revoked a key of the robot.",
    "The robot's key was revoked.",
    "→ Make a new code with: tether robot code ROBOT",
    "Now: the robot is gone since",
  ];
  const places = told.map((part) => story.indexOf(part));
  expect(places).not.toContain(-1);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect(printed.join("\n")).not.toMatch(/eyJ/);
});

test("a robot that was made a moment ago is found by its name, though the index by which robots are listed does not show it yet", async () => {
  const { signIn, tether, json, system } = await createRig();
  await signIn();
  system.faults.set([{ name: "index.lag", ms: 500 }]);
  await json("robot", "create", "Rover");
  expect(await tether(["robot", "code", "Rover"])).toMatchObject({ code: 0 });
  expect(await tether(["robot", "code", "Nobody"])).toMatchObject({ code: 2 });
});

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

test("access is given and taken by address, and a stranger sees no robot", async () => {
  const { signIn, tether, json } = await createRig();
  await signIn();
  const { id } = await json<{ id: string }>("robot", "create", "Rover");
  expect((await tether(["access", "assign", "Rover", "Operator@Tether.local", "operator"])).out).toBe(
    `email:operator@tether.local is operator of ${id}.`,
  );
  const { items } = await json<{ items: { to: string; role: string }[] }>("access", "list", "Rover");
  expect(items.map(({ role }) => role).sort()).toEqual(["operator", "owner"]);
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

test("a session is ended by its id with a reason, and why says who did it and how the robot is now", async () => {
  const { signIn, tether, json, origin } = await createRig();
  await signIn();
  await json("robot", "create", "Rover");
  expect((await tether(["why", "Rover"])).out).toContain("Now: the robot has not been online yet.");
  const { code } = await json<{ code: string }>("robot", "code", "Rover");
  const robot = folder();
  await startAgent(robot, "enroll", origin, code).ended;
  const running = startAgent(robot, "run");
  await running.saying({ event: "state", status: "online" });
  expect((await tether(["why", "Rover"])).out).toMatch(/Now: the robot is online since [-\d]+ [:\d]+\.$/);
  const { items } = await json<{ items: { id: string; kind: string }[] }>("session", "list", "Rover");
  const session = items.find(({ kind }) => kind === "robot")?.id ?? "";
  expect((await tether(["session", "end", "Rover", session, "--reason", "maintenance"])).out).toBe(`Ended ${session}.`);
  expect(await running.ended).toBe(5);
  const { out } = await tether(["why", "Rover"]);
  expect(out).toMatch(/The robot is gone\. The session was ended by someone who may\.\n +.*Reason: maintenance/);
  expect((await tether(["session", "end", "Rover", session])).code).toBe(exits.refused.code);
});

test("why reaches back as far as it is told, over pages, and is the same story in JSON", async () => {
  const { signIn, tether, json, ahead } = await createRig({ clock: "virtual" });
  await signIn();
  await json("robot", "create", "Rover");
  for (let time = 0; time < 55; time++) await json("robot", "code", "Rover");
  await ahead(2 * 3_600_000);
  await json("robot", "code", "Rover");
  const count = async (since: string) => (await json<{ items: object[] }>("why", "Rover", "--since", since)).items.length;
  expect([await count("1h"), await count("3h")]).toEqual([1, 57]);
  const { out } = await tether(["why", "Rover", "--since", "3h"]);
  expect(out.split("\n").findIndex((line) => line.endsWith("created the robot."))).toBe(4);
});

test("for a machine, a sign-in is an address and then a result, a line each", async () => {
  const { signIn, origin } = await createRig();
  const { out, err } = await signIn("owner@tether.local", [origin, "--json"]);
  const [address, result] = out.split("\n").map((line) => JSON.parse(line));
  expect(err).toBe("");
  expect(address).toMatchObject({ event: "sign-in", url: expect.stringContaining(`${origin}/identity/auth?`) });
  expect(result).toMatchObject({ signedIn: true, api: origin, user: { name: "Olive Owner" } });
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
