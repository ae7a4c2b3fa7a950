import type { EventId, RobotId, SessionId } from "@tether/protocol/id";
import { describe, expect, test } from "vitest";
import { localTime, readInstant } from "../src/local-time.ts";
import { type Entry, outagesIn } from "../src/why/outage.ts";
import { rowOf } from "../src/why/row.ts";
import { summaryOf } from "../src/why/summary.ts";
import { createRig } from "./rig.ts";
import { startTether } from "./tether-process.ts";

const robot = "rse_1";
const oscar = { id: "u-oscar", name: "Oscar Operator" };
const noon = Date.parse("2026-06-01T12:00:00Z");
const day = 86_400_000;

/** An entry `seconds` after noon. */
function entry(seconds: number, type: Entry["type"], more: Partial<Omit<Entry, "session">> & { session?: string } = {}): Entry {
  const { session = robot, ...rest } = more;
  return {
    id: `evt_${seconds}` as EventId,
    robot: "rob_1" as RobotId,
    at: noon + seconds * 1_000,
    type,
    session: session as SessionId,
    actor: { type: "gateway" },
    inferred: false,
    says: "Something happened.",
    ...(session.startsWith("cse") && { user: oscar }),
    ...rest,
  };
}

const summary = (...entries: Entry[]) => summaryOf(outagesIn(entries), day);

describe("the summary of drops", () => {
  test("counts them by cause, says how long they lasted, and takes a returning robot's own word for the cause", () => {
    const client = { session: "cse_1" };
    expect(
      summary(
        entry(0, "session.away", { ...client, cause: "connection.lost" }),
        entry(10, "session.resumed", client),
        entry(20, "session.away", { ...client, cause: "connection.lost" }),
        entry(32, "session.resumed", client),
        entry(40, "session.away", { cause: "connection.lost", inferred: true, evidence: { closeCode: 1006 } }),
        entry(54, "session.resumed", { cause: "power.lost" }),
      ),
    ).toBe("3 drops in 24 h: operator's network twice, power once; mean 12 s.");
  });

  test.each(["client.left", "robot.left", "admin.ended", "superseded", "opening.lapsed"] as const)("does not count %s", (cause) => {
    expect(summary(entry(0, "session.ended", { cause }))).toBe("No drop in 24 h.");
  });

  test("counts a driver that ended, though its agent signed off, until the robot is back with another session", () => {
    const ended = entry(0, "session.ended", { cause: "driver.ended" });
    expect(summary(ended)).toBe("1 drop in 24 h: driver ended once; 1 without a return.");
    expect(summary(ended, entry(90, "session.online", { session: "rse_2" }))).toBe("1 drop in 24 h: driver ended once; lasted 90 s.");
  });

  test("counts a session whose grace ran out once, by the cause for which it had gone away", () => {
    const over = entry(600, "session.ended", {
      cause: "grace.over",
      evidence: { awayFor: "gateway.cap", awaySince: noon, lastSeenAt: noon - 6_000_000 },
    });
    const only = "1 drop in 24 h: gateway's limit of 2 h once; 1 without a return.";
    expect(summary(over)).toBe(only);
    expect(summary(entry(0, "session.away", { cause: "gateway.cap" }), over)).toBe(only);
    expect(outagesIn([over])[0]?.at).toBe(noon);
  });

  test("counts a page once, also where another page of the same operator was online meanwhile", () => {
    const away = entry(0, "session.away", { session: "cse_1", cause: "connection.lost" });
    const other = entry(5, "session.online", { session: "cse_2" });
    const over = entry(120, "session.ended", { session: "cse_1", cause: "grace.over", evidence: { awayFor: "connection.lost" } });
    expect(outagesIn([away, other, over])).toHaveLength(1);
  });

  test("does not blame the network for a connection that broke, until the same instance is back", () => {
    const broke = { cause: "connection.lost", inferred: true, evidence: { closeCode: 1006 } } as const;
    const online = entry(0, "session.online", { evidence: { instance: "ins_a" } });
    expect(summary(online, entry(9, "session.away", broke))).toMatch(/^1 drop in 24 h: robot's connection broke once/);
    const back = entry(20, "session.resumed", { evidence: { instance: "ins_a" } });
    expect(summary(online, entry(9, "session.away", broke), back)).toMatch(/^1 drop in 24 h: robot's network once/);
  });

  test("counts anew after somebody ended the session that was away", () => {
    const away = (seconds: number, session: string) => entry(seconds, "session.away", { session, cause: "connection.lost" });
    const ended = entry(5, "session.ended", { session: "cse_1", cause: "admin.ended" });
    expect(summary(away(0, "cse_1"), ended, away(60, "cse_2"))).toMatch(/^2 drops/);
  });

  test("does not take one operator's return for another's", () => {
    const away = entry(0, "session.away", { session: "cse_1", cause: "auth.expired" });
    const other = { id: "u-else", name: "Else" };
    expect(summary(away, entry(5, "session.online", { session: "cse_2", user: other }))).toMatch(/1 without a return/);
    expect(summary(away, entry(5, "session.online", { session: "cse_3" }))).toMatch(/lasted 5 s/);
  });
});

describe("a row", () => {
  const asker = { id: oscar.id, role: "operator" } as const;

  test("has local time, the asker's own name marked, and evidence in words", () => {
    const evidence = { connectionAgeMs: 7_200_000, lastSeenAt: noon, closeCode: 1006 };
    const cause = "connection.lost";
    const row = rowOf(
      entry(0, "session.away", { session: "cse_1", cause, evidence, says: "Oscar Operator is away.", remedy: "Wait." }),
      asker,
    );
    const [first, second, third] = row.split("\n");
    expect(first).toBe(`${localTime(noon)}  Oscar Operator (you) is away.`);
    expect(second?.trim()).toBe(`Close code: 1006; Connection age: 2 h; Last sure sign of life: ${localTime(noon)}`);
    expect(third?.trim()).toBe("→ Wait.");
  });

  test("tells an owner what an owner can do, where others are sent to one", () => {
    const revoked = entry(0, "session.ended", { cause: "credential.revoked", remedy: "Ask an owner." });
    expect(rowOf(revoked, asker)).toContain("→ Ask an owner.");
    expect(rowOf(revoked, { ...asker, role: "owner" })).toContain("→ Make a new code with: tether robot code ROBOT");
  });

  test("shows why somebody stopped the robot, and no other fact that the sentence has", () => {
    const stopped = entry(0, "robot.stopped", { evidence: { reason: "a child", reached: true }, says: "Olive Owner stopped the robot." });
    expect(rowOf(stopped, asker).split("\n").at(-1)?.trim()).toBe("Reason: a child");
  });
});

test.each([
  ["90s", noon - 90_000],
  ["7d", noon - 7 * day],
  ["2026-05-31T10:00Z", Date.parse("2026-05-31T10:00Z")],
  ["2026-05-31", Date.parse("2026-05-31T00:00")],
  ["2026-05-31 08:15", Date.parse("2026-05-31T08:15")],
  [localTime(noon).slice(11, 16), noon],
  [localTime(noon + 60_000).slice(11, 16), noon + 60_000 - day],
  ["", undefined],
  ["soon", undefined],
  ["2 h", undefined],
  ["25:00", undefined],
  ["2026-13-01", undefined],
])("a time on the command line, %j, is read by this machine's clock", (text, at) => {
  expect(readInstant(text, noon)).toBe(at);
});

test("why keeps to the time that it is given, and to the robot if told so", async () => {
  const { signIn, tether, json, ahead, system } = await createRig({ clock: "virtual" });
  await signIn();
  await json("robot", "create", "Rover");
  await json("access", "assign", "Rover", "operator@tether.local", "operator");
  await ahead(3_600_000);
  await json("robot", "code", "Rover");
  const hour = (system.platform?.clock.now() ?? 0) - 1_800_000;
  const until = new Date(hour).toISOString().replace(/\.\d+/, "");
  type Told = { items: { type: string }[] };
  expect((await json<Told>("why", "Rover", "--since", "2h", "--until", until)).items.map(({ type }) => type)).toEqual([
    "robot.created",
    "grant.given",
  ]);
  expect((await json<Told>("why", "Rover", "--since", until)).items.map(({ type }) => type)).toEqual(["enrollment.created"]);
  const { out } = await tether(["why", "Rover", "--since", "2h"]);
  expect(out).toMatch(/^Rover \(rob_\w+\): No drop in 2 h\.\n\n\d{4}-\d\d-\d\d \d\d:\d\d:\d\d to /);
  for (const wrong of [
    ["--until", "3h", "--since", "2h"],
    ["--until", "later"],
    ["--follow", "--until", "1h"],
  ])
    expect((await tether(["why", "Rover", ...wrong])).code).toBe(2);
});

test("why names the operator who left, and with --robot-only leaves operators out", async () => {
  const { signIn, tether, json } = await createRig();
  await signIn();
  await json("robot", "create", "Rover");
  await tether(["doctor", "Rover"]);
  expect((await tether(["why", "Rover"])).out).toMatch(/Olive Owner \(you\) is gone\. The operator left\.\n +.*Reason: diagnostics/);
  const { out } = await tether(["why", "Rover", "--robot-only"]);
  expect(out).toContain("Olive Owner (you) created the robot.");
  expect(out).not.toContain("is gone");
});

test("why --follow prints what happens as it happens, once", async () => {
  const { signIn, json, home } = await createRig();
  await signIn();
  await json("robot", "create", "Rover");
  const following = startTether(home, "why", "Rover", "--follow");
  await following.printing(/^Now: /m);
  await json("robot", "code", "Rover");
  await following.printing(/made a one-time code/);
  await json("robot", "code", "Rover");
  await following.printing(/made a one-time code[\s\S]*made a one-time code/);
  expect(following.out.filter((line) => line.endsWith("created the robot."))).toHaveLength(1);
  following.stop();
  expect(await following.ended).toBeNull();
});
