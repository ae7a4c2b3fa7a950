import { Session } from "@tether/protocol/http";
import { expect, test } from "vitest";
import { axesCommand, axesWords } from "../../src/drive/axes.ts";
import { deadlinesOf } from "../../src/drive/deadline.ts";
import { peopleOf } from "../../src/drive/people.ts";
import { commandOf, mostOf, shareFrom, shares } from "../../src/drive/speed.ts";
import { declaredRows, rowsOf } from "../../src/drive/telemetry.ts";
import { after, at, control, held, olive, own, there, vera } from "./examples.ts";

const robot = "rob_01JZ0000000000000000000000";

function session(id: string, more: object = {}): Session {
  const usual = { id, robot, kind: id.startsWith("rse") ? "robot" : "client", state: "online", epoch: 1, startedAt: at, since: at };
  return Session.parse({ ...usual, authExpiresAt: at + 1, user: { id: "u", role: "operator", name: "Olive" }, ...more });
}

test("people who are attached: oneself first, then who drives; control can be handed to operators that are online and do not only watch", () => {
  const people = peopleOf(
    [
      session(vera, { user: { id: "u2", role: "viewer", name: "Vera" } }),
      session(olive),
      session(own, { user: { id: "u0", role: "operator", name: "Oscar" } }),
      session("cse_01JZ0000000000000000000003", { state: "away" }),
      session("cse_01JZ0000000000000000000004", { state: "ended" }),
      session("cse_01JZ0000000000000000000005", { user: { id: "u5", role: "owner", name: "Wendy" }, monitors: true }),
      session("rse_01JZ0000000000000000000000", { user: undefined }),
    ],
    { own, control: held(vera) },
  );
  expect(people.map(({ name, isSelf, drives, isAway, canDrive }) => [name, isSelf, drives, isAway, canDrive])).toEqual([
    ["Oscar", true, false, false, false],
    ["Vera", false, true, false, false],
    ["Olive", false, false, false, true],
    ["Olive", false, false, true, false],
    ["Wendy", false, false, false, false],
  ]);
});

test("deadlines are quiet until one is due", () => {
  const deadlines = { authExpiresAt: at + 3_600_000, connectionEndsAt: at + 7_200_000 };
  const due = (now: number, ...happenings: Parameters<typeof after>) =>
    deadlinesOf(deadlines, after(...there, ...happenings), now).filter(({ isDue }) => isDue);
  expect(due(at, control(own))).toEqual([]);
  expect(due(at + 3_540_000)).toMatchObject([{ name: "Lease", says: "over in 1:00, and could not be renewed yet" }]);
  expect(due(at + 3_600_000)).toMatchObject([{ name: "Lease", says: expect.stringMatching(/^over: Tether passes nothing on/) }]);
  expect(due(at + 270_000, control(own))).toMatchObject([{ name: "Control", says: "free in 0:30 unless you drive" }]);
  expect(due(at, control(olive, {}, { keptUntil: at + 20_000 }))).toMatchObject([{ says: "kept for Olive another 0:20" }]);
  expect(deadlinesOf(undefined, after(...there), at)).toEqual([]);
});

test("another's control has no deadline here: its renewals are told to its holder alone", () => {
  expect(deadlinesOf({ authExpiresAt: at, connectionEndsAt: at }, after(...there, control(olive)), at)[1]?.says).toBe("with Olive");
});

test.each([
  [undefined, { linear: 0.6, angular: 1.2 }],
  [
    { maxLinear: null, maxAngular: 0.5 },
    { linear: 0.6, angular: 0.5 },
  ],
  [
    { maxLinear: 0.2, maxAngular: 9 },
    { linear: 0.2, angular: 1.2 },
  ],
])("the speeds that can be chosen are within the policy's: of %o", (policy, speeds) => {
  expect(mostOf(policy)).toEqual(speeds);
});

test("an intent is a share of the most, and never more than it", () => {
  const most = mostOf(undefined);
  expect(commandOf({ linear: 1, angular: -0.5 }, 100, most)).toEqual({ linear: most.linear, angular: -most.angular / 2 });
  expect(commandOf({ linear: 1, angular: 1 }, 50, most)).toEqual({ linear: most.linear / 2, angular: most.angular / 2 });
  expect(commandOf({ linear: 7, angular: -7 }, 100, most)).toEqual({ linear: most.linear, angular: -most.angular });
});

test.each([
  [null, shares.usual],
  ["", shares.usual],
  ["much", shares.usual],
  ["9", shares.usual],
  ["10", 10],
  ["100", 100],
  ["101", shares.usual],
])("a speed that was kept as %j is %d %%", (kept, share) => {
  expect(shareFrom(kept)).toBe(share);
});

test("the reference robot's telemetry is told in its units", () => {
  const telemetry = { pose: { x: 1.2, y: 1.8, heading: Math.PI / 2 }, velocity: { linear: 0.3, angular: -0.001 }, bumped: false };
  expect(rowsOf(telemetry)).toEqual([
    { name: "Place", value: "1.20 m, 1.80 m" },
    { name: "Heading", value: "90°" },
    { name: "Speed", value: "0.30 m/s" },
    { name: "Turning", value: "0.00 rad/s" },
    { name: "Bumped", value: "no" },
  ]);
});

test("any telemetry is read, one level deep", () => {
  const telemetry = { battery_level: 0.8125, motors: { left: 3, right: { deep: 1 } }, pose: "unknown", laser: [1, 2], note: null };
  expect(rowsOf(telemetry)).toEqual([
    { name: "Battery level", value: "0.81" },
    { name: "Motors left", value: "3" },
    { name: "Motors right", value: "…" },
    { name: "Pose", value: "unknown" },
    { name: "Laser", value: "2 values" },
    { name: "Note", value: "–" },
  ]);
  expect(rowsOf("warm")).toEqual([{ name: "Value", value: "warm" }]);
});

test("a robot that tells everything is cut short", () => {
  const many = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`f${index}`, "x".repeat(500)]));
  expect(rowsOf(many).length).toBeLessThan(20);
  expect(Math.max(...rowsOf(many).map(({ value }) => value.length))).toBeLessThan(50);
});

const axes = [
  { name: "linear", unit: "m/s", least: -0.5, most: 2 },
  { name: "angular", unit: "rad/s", least: -1, most: 1, title: "Turn" },
  { name: "lift_up", unit: "m/s", least: 0, most: 0.1 },
];

test("an intent for declared axes is a share of the bounds in its direction, within the policy's, and nothing beyond them", () => {
  const intent = { linear: -1, angular: 0.5, others: [1, 1] };
  expect(axesCommand(axes, intent, 100, undefined)).toEqual({ linear: -0.5, angular: 0.5, lift_up: 0.1 });
  expect(axesCommand(axes, intent, 50, { maxLinear: 0.2, maxAngular: 0.5 })).toEqual({ linear: -0.1, angular: 0.125, lift_up: 0.05 });
  expect(axesCommand(axes, { linear: 7, angular: -7, others: [-1] }, 100, undefined)).toEqual({ linear: 2, angular: -1, lift_up: 0 });
});

test("the speed of declared axes is told by their titles and units", () => {
  expect(axesWords(axes, 50, { maxLinear: 1, maxAngular: null })).toBe("Linear 0.50 m/s, Turn 0.50 rad/s, Lift up 0.05 m/s");
  expect(axesWords([...axes, ...axes], 50, undefined)).toBe("50 % of what each axis can do");
});

test("declared telemetry is told in its order, titles and units, and what is missing is told as such", () => {
  const fields = [{ name: "battery.percent", unit: "%", title: "Battery" }, { name: "docked" }, { name: "signal.dbm", unit: "dBm" }];
  expect(declaredRows({ docked: true, battery: { percent: 71.239 }, secret: 1 }, fields)).toEqual([
    { name: "Battery", value: "71.24 %" },
    { name: "Docked", value: "yes" },
    { name: "Signal.dbm", value: "–" },
  ]);
  expect(declaredRows("nothing", [{ name: "constructor.name" }])).toEqual([{ name: "Constructor.name", value: "–" }]);
});
