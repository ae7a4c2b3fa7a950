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
  const deleting = startTether(home, "robot", "delete", "Rover 1");
  expect(await deleting.ended).toBe(exits.usage.code);
  expect(deleting.err.join("\n")).toMatch(
    /^Rover 1 is online\. .*locked out.*\n {2}To delete it all the same: tether robot delete ROBOT --force/,
  );
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
  expect(await tether("robot", "delete", "Rover 1")).toMatch(/^Deleted Rover 1 \(rob_/);
  expect(printed.join("\n")).not.toMatch(/eyJ/);
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
