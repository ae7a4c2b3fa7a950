import { defaultPolicy } from "@tether/protocol/control";
import { describe, expect, test } from "vitest";
import { welcome } from "../../connection/example.ts";
import { ada, bob, createRig } from "../rig.ts";
import { driving, go } from "./driving.ts";

describe("a request", () => {
  async function asked() {
    const rig = createRig();
    rig.change(bob);
    const operator = rig.operate(ada);
    operator.welcome();
    operator.drive.request();
    return { ...rig, ...operator };
  }

  test("is sent again until the broker answers, over a break too, and after the holder's time [R15]", async () => {
    const { clock, types, broker, control, welcome, of } = await asked();
    await clock.advance(5_000);
    broker.lost();
    welcome();
    expect(types()).toEqual(["control.request", "control.request", "control.request"]);
    broker.hear({ type: "control.asked", answerBy: clock.now() + 15_000, control: control() });
    await clock.advance(15_499);
    expect(types()).toHaveLength(3);
    await clock.advance(1);
    expect(types()).toHaveLength(4);
    broker.hear({ type: "control.denied", actor: { type: "system" } });
    await clock.advance(60_000);
    expect([types().length, of("asked").length, of("denied")]).toEqual([4, 1, [{ actor: { type: "system" } }]]);
  });

  test("is asked no more once it is cancelled, and the holder's answer still counts", async () => {
    const { clock, drive, types, change, broker, granted } = await asked();
    expect(drive.asking).toBe(true);
    drive.cancel();
    await clock.advance(60_000);
    expect([drive.asking, types()]).toEqual([false, ["control.request"]]);
    broker.hear({ type: "control.changed", control: change(ada), because: "given", actor: { type: "user", id: "user" } });
    granted();
    expect(drive.why).toBe("channel.closed");
  });

  test("is over with the broker's refusal, which is told [R15]", async () => {
    const { clock, sent, types, broker, of } = await asked();
    const [first] = sent;
    const id = first && "id" in first ? first.id : undefined;
    broker.hear({ type: "problem", code: "access.denied", says: "no", remedy: "ask", ...(id !== undefined && { id }) });
    await clock.advance(60_000);
    expect([types(), of("problem")]).toEqual([["control.request"], [{ code: "access.denied", says: "no", remedy: "ask" }]]);
  });

  test("of another that welcome names too is told once, and anew where this end's answer was lost [D8.4]", async () => {
    const { broker, control, drive, of, change, clock } = await driving();
    const request = { from: bob, user: { id: "bob" }, answerBy: 5 };
    const greet = (requests: (typeof request)[]) => {
      broker.lost();
      broker.welcomed({ ...welcome({ at: clock.now() }), session: own, control: { control: control(), policy: defaultPolicy, requests } });
      return of("requested");
    };
    const own = { id: ada, epoch: 2, resumed: true };
    broker.hear({ type: "control.requested", ...request });
    expect(greet([request])).toEqual([request]);
    const later = { ...request, answerBy: 6 };
    expect(greet([later])).toEqual([request, later]);
    for (const answer of [() => drive.deny(bob), () => drive.give(bob)]) {
      const before = of("requested").length;
      answer();
      expect(greet([later]).slice(before)).toEqual([later]);
      expect(greet([later]).slice(before)).toEqual([later]);
    }
    const before = of("requested").length;
    for (const holder of [bob, ada])
      broker.hear({ type: "control.changed", control: change(holder), because: "given", actor: { type: "system" } });
    expect(greet([later]).slice(before)).toEqual([later]);
  });

  test("of another is told to the holder, who gives or denies; one may also take and release", async () => {
    const { drive, broker, sent, of, clock } = await driving();
    broker.hear({ type: "control.requested", from: bob, user: { id: "bob" }, answerBy: 5 });
    expect(of("requested")).toEqual([{ from: bob, user: { id: "bob" }, answerBy: 5 }]);
    const before = sent.length;
    drive.deny(bob, "busy");
    drive.give(bob);
    drive.release();
    drive.take("mine");
    expect(sent.slice(before)).toMatchObject([
      { type: "control.deny", to: bob, reason: "busy" },
      { type: "control.give", to: bob },
      { type: "control.release" },
      { type: "control.take", reason: "mine" },
    ]);
    expect(drive.command(go)).toBe("permit.awaited");
    await clock.advance(0);
  });
});
