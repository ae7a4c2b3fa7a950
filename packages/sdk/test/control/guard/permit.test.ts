import { limits } from "@tether/protocol/limits";
import { describe, expect, test } from "vitest";
import { boundsOf } from "../../../src/control/guard/blind-time.ts";
import { nextDeadline } from "../../../src/control/guard/deadline.ts";
import type { Happening } from "../../../src/control/guard/event.ts";
import type { next } from "../../../src/control/guard/machine.ts";
import type { State } from "../../../src/control/guard/state.ts";
import { after, answered, armed, command, driving, lost, permit, shown, welcomed } from "./machine-story.ts";

describe("a permit", () => {
  test("sets the bounds that it names; one of a broker that knows of none sets only how old a picture may be", () => {
    expect(boundsOf({ ...permit, maxLinear: 2, maxAngular: 3 })).toEqual({ blindMs: 200, stopMs: 1_000, maxLinear: 2, maxAngular: 3 });
    expect(boundsOf({ ...permit, stopMs: 700, blindMs: null })).toMatchObject({ stopMs: 700, blindMs: null });
    const { blindMs: _, stopMs: __, ...old } = permit;
    expect(boundsOf(old)).toEqual({ blindMs: null, stopMs: limits.control.stopMs.usual, maxLinear: null, maxAngular: null });
  });

  test("that the broker issued in what seems its future shows how far its clock is ahead [R1, R1.4]", () => {
    const { tell, state } = after(welcomed);
    expect(state.known.broker.aheadMs).toBe(0);
    const { state: held } = tell(shown({ issuedAt: 10_000, expiresAt: 20_000 }));
    expect(tell(lost).state.known.broker.aheadMs).toBe(10_000);
    expect(held.state).toBe("armed");
    expect(tell({ type: "due" }, 9_999).state.state).toBe("armed");
    expect(tell({ type: "due" }, 10_000).state.state).toBe("idle");
  });

  test("that was issued in the past says nothing of the broker's clock", () => {
    const { tell } = after({ ...welcomed, serverTime: 5_000 } as Happening);
    expect(tell(shown({ issuedAt: 1_000 })).state.known.broker.aheadMs).toBe(5_000);
  });

  test("is refused for the first of its faults: whose it is, then which, then when, and what is refused shows no clock [R1.3, R1.4]", () => {
    const faults = [
      { robot: `${permit.robot.slice(0, -1)}9` as typeof permit.robot, reason: "robot.other" },
      { session: `${permit.session.slice(0, -1)}9` as typeof permit.session, reason: "session.other" },
      { epoch: 1, reason: "epoch.old" },
      { expiresAt: -1, reason: "permit.over" },
    ];
    const newer = { ...welcomed, notice: { epoch: 2, session: permit.session, released: false } } as Happening;
    for (const [at, { reason }] of faults.entries()) {
      const { tell } = after(newer);
      const part = Object.assign({ epoch: 2, issuedAt: at < 3 ? 10_000 : -2 }, ...faults.slice(at));
      const { effects, state } = tell(shown(part));
      expect(effects).toMatchObject([{ message: { type: "refused", reason } }]);
      expect(state.known.broker.aheadMs).toBe(0);
    }
  });

  test.each([
    ["the same channels", 1],
    ["new channels", 2],
  ])("that is older than the one at hand shortens nothing, shown on %s [R1]", (_, pair) => {
    const { tell } = after(welcomed, shown({ issuedAt: 0, expiresAt: 300_000 }));
    tell(shown({ issuedAt: -1, expiresAt: 10_000 }, pair));
    expect(tell({ type: "due" }, 299_999).state.state).toBe("armed");
    expect(tell({ type: "due" }, 300_000).state.state).toBe("idle");
  });

  test.each([1, 2])("that is newer, or as new, is the one that counts, on the same channels and on others: %i [R1]", (pair) => {
    const { tell } = after(welcomed, shown({ expiresAt: 300_000 }));
    expect(nextOver(tell(shown({ expiresAt: 200_000 }, pair)).state)).toBe(200_000);
    expect(nextOver(tell(shown({ issuedAt: 1, expiresAt: 250_000 }, pair)).state)).toBe(250_000);
  });

  test("of a new epoch is what it says, however new one of the epoch before was [R1.2]", () => {
    const { tell } = after(...armed);
    tell(shown({ issuedAt: 100, expiresAt: 300_000 }), 100);
    expect(nextOver(tell(shown({ epoch: 2, issuedAt: 50, expiresAt: 200_000 })).state)).toBe(200_000);
  });

  test("that is older than one shown on other channels, and newer than the first, changes nothing [R1.2]", () => {
    const { tell } = after(...armed);
    tell(shown({ issuedAt: 100, expiresAt: 300_000 }), 100);
    tell({ type: "channelsClosed", pair: 1 });
    expect(nextOver(tell(shown({ issuedAt: 50, expiresAt: 200_000 }, 2)).state)).toBe(300_000);
  });

  test("is not accepted at the instant at which it is over [R1]", () => {
    const { effects } = after(welcomed).tell(shown({ expiresAt: 0 }));
    expect(effects).toEqual([{ type: "send", pair: 1, message: { type: "refused", epoch: 1, reason: "permit.over" } }]);
  });

  test("of an epoch above that of a notice stays in force when the notice comes [R2.1, R6]", () => {
    const { tell } = after(...armed);
    tell(shown({ epoch: 3 }));
    const { state } = tell({ type: "noticed", notice: { epoch: 2, session: undefined, released: false } });
    expect([state.state, state.known.fence.epoch, state.known.broker.epoch]).toEqual(["armed", 3, 2]);
  });

  test("on new channels does not put off the question for a fresh one [R3]", () => {
    const { tell } = after(...armed, lost);
    tell(shown({}, 2), 4_000);
    expect(asked(tell({ type: "due" }, limits.control.askMs - 1))).toEqual([]);
    expect(asked(tell({ type: "due" }, limits.control.askMs))).toEqual([[2, { type: "renew", epoch: 1 }]]);
  });

  test("of a new epoch is asked for anew in its own time [R3]", () => {
    const { tell } = after(...armed, lost);
    tell(shown({ epoch: 2, issuedAt: 4_000 }), 4_000);
    expect(asked(tell({ type: "due" }, limits.control.askMs))).toEqual([]);
    expect(asked(tell({ type: "due" }, 4_000 + limits.control.askMs))).toEqual([[1, { type: "renew", epoch: 2 }]]);
  });

  test("of a new epoch stops a robot that moves; one of the same epoch does not [R6]", () => {
    expect(after(...driving).tell(shown({ issuedAt: 1 })).state.state).toBe("driving");
    expect(after(...driving).tell(shown({ epoch: 2 })).state).toMatchObject({ state: "stopping", reason: "epoch", greet: true });
  });

  test("without a blind time frees a robot that moves from it [R22]", () => {
    const { tell } = after({ type: "pictureAnnounced" }, ...armed, 900, command(1, { pictureAt: 0, sentAt: 900 }));
    tell(shown({ issuedAt: 1, blindMs: null }));
    expect(tell({ type: "due" }, 1_000).state.state).toBe("driving");
  });

  test("of a policy without any blind time gives a picture of this moment all of its speed [R23]", () => {
    const { tell } = after({ type: "pictureAnnounced" }, welcomed, shown({ blindMs: 0 }), answered);
    expect(tell(command(1, { pictureAt: 0 })).effects).toMatchObject([{ type: "command", obeyed: { limit: 1, blindMs: 0 } }, {}]);
  });
});

/** When a guard that stands loses its permit, as it sees it now. */
function nextOver(state: State): number {
  return state.state === "armed" ? state.holder.expiresAt : nextDeadline(state);
}

/** The questions for a fresh permit among what is sent, with the channels they go to. */
function asked({ effects }: ReturnType<typeof next>) {
  return effects.flatMap((one) => (one.type === "send" && one.message.type === "renew" ? [[one.pair, one.message]] : []));
}
