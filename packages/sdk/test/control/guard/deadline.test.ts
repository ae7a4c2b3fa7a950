import { describe, expect, test } from "vitest";
import { nextDeadline } from "../../../src/control/guard/deadline.ts";
import { after, answered, armed, command, done, driving, lost, ordered, shown, welcomed } from "./machine-story.ts";

const due = { type: "due" } as const;

describe("a permit that is over", () => {
  test("is refused to a holder that stands, and is a stop for one that drives, who is told of that alone [R1]", () => {
    const refused = { type: "refused", epoch: 1, reason: "permit.over" };
    const brief = [welcomed, shown({ expiresAt: 400 }), answered];
    expect(after(...brief).tell(due, 400)).toMatchObject({
      state: { state: "idle" },
      effects: [{ type: "send", pair: 1, message: refused }],
    });
    const moving = after(...brief, command()).tell(due, 400);
    expect(moving).toMatchObject({ state: { state: "stopping", reason: "permit.over", holder: undefined }, effects: [] });
  });
});

describe("a robot that stands", () => {
  test("is not stopped once more as the last picture of its operator grows old [R22]", () => {
    const { tell } = after({ type: "pictureAnnounced" }, ...armed, command(1, { pictureAt: 0 }));
    expect(tell(due, 500).state).toMatchObject({ state: "stopping", reason: "deadman" });
    tell(done(1), 500);
    const { state } = tell(due, 10_000);
    expect([state.state, state.known.turn]).toEqual(["armed", 1]);
  });

  test("tells its holder nothing of how it does", () => {
    const { tell } = after(...driving);
    tell(due, 500);
    tell(done(1), 500);
    const types = tell(due, 10_000).effects.map((effect) => (effect.type === "send" ? effect.message.type : effect.type));
    expect(types).toEqual(["clock"]);
  });
});

test("a robot that moves says nothing of a round trip that was measured too long ago", () => {
  const { tell } = after(...armed, lost, welcomed);
  const drive = (at: number, seq: number) => tell(command(seq, { sentAt: at }), at).effects;
  expect(drive(29_100, 1)).toContainEqual(expect.objectContaining({ message: expect.objectContaining({ roundTripMs: 0 }) }));
  drive(29_500, 2);
  drive(29_900, 3);
  const told = tell(due, 30_100).effects.flatMap((effect) => (effect.type === "send" ? [effect.message] : []));
  expect(told).toContainEqual({ type: "state", epoch: 1, moving: true, commandAgeMs: 0 });
});

describe("the next instant at which time alone makes a difference", () => {
  test.each([
    ["to nobody who may drive", [welcomed], Number.POSITIVE_INFINITY],
    ["while a stop is carried out", [...driving, ordered], Number.POSITIVE_INFINITY],
    ["with an operator whose clock is asked for", armed, 100],
    ["with a permit that is over before that", [welcomed, shown({ expiresAt: 50 })], 50],
    ["with a dead-man that is shorter", [welcomed, shown({ deadmanMs: 30 }), answered, command()], 30],
    ["with a picture that is too old before", [{ type: "pictureAnnounced" }, ...armed, 60, command(1, { pictureAt: -980 + 60 })], 80],
  ] as const)("is %s at %s", (_, story, at) => {
    expect(nextDeadline(after(...story).state)).toBe(at);
  });

  test("is when a fresh permit must be asked for, where the broker cannot be heard [R3]", () => {
    const { tell } = after(...armed, lost);
    for (const at of [100, 200, 300, 400, 2_400, 4_400, 6_400]) tell(due, at);
    expect(nextDeadline(tell(due, 6_401).state)).toBe(8_000);
  });
});
