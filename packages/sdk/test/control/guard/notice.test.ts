import { limits } from "@tether/protocol/limits";
import { describe, expect, test } from "vitest";
import { ada, armed, bob } from "../rig.ts";

const { trustMs } = limits.control;
const go = { linear: 1 };

describe("a change of epoch", () => {
  test("stops first; the new holder's first command runs only after the stop was carried out [R6]", async () => {
    const stood: (() => void)[] = [];
    const rig = await armed({ stop: () => new Promise((resolve) => stood.push(resolve)) });
    const { clock, operator, take, change, robotEnd, changed, speak } = rig;
    operator.command("old");
    await clock.advance(10);
    change(bob);
    robotEnd.hear(changed("taken"));
    operator.command("old", { epoch: 1 });
    const other = speak(bob);
    other.say({ type: "permit", permit: rig.key.sign(rig.permit()) });
    other.say({ type: "clock", t0: clock.now(), t1: clock.now() });
    other.command("too early");
    await clock.advance(200);
    expect(take().map(({ did }) => did)).toEqual(["command", "stop"]);
    expect(other.all("accepted")).toEqual([]);
    stood.shift()?.();
    await rig.until(() => other.all("accepted").length > 0);
    await clock.advance(100);
    other.command("new");
    await clock.advance(0);
    expect(take()).toMatchObject([
      { did: "stood", reason: "epoch", at: 310 },
      { did: "command", command: "new", epoch: 2 },
    ]);
    expect(operator.last("stopped")).toEqual({ type: "stopped", reason: "epoch", latencyMs: 200 });
  });

  test.each([
    ["released", "released"],
    ["expired", "epoch"],
  ] as const)("to nobody stops it, for the reason the broker gave: %s [R6]", async (because, reason) => {
    const { clock, operator, take, change, robotEnd, changed } = await armed();
    operator.command(go);
    await clock.advance(0);
    change(undefined);
    robotEnd.hear(changed(because));
    await clock.advance(0);
    expect(take()).toMatchObject([{ did: "command" }, { did: "stop", reason }, { did: "stood" }]);
  });

  test("while the robot is being stopped leaves nobody who may drive afterwards [R6]", async () => {
    const { promise, resolve: stood } = Promise.withResolvers<void>();
    const { clock, operator, change, robotEnd, changed, guard } = await armed({ stop: () => promise });
    operator.command(go);
    await clock.advance(500);
    change(undefined);
    robotEnd.hear(changed("expired"));
    stood();
    await clock.advance(0);
    expect([guard.holder, operator.all("accepted")]).toEqual([undefined, [{ type: "accepted", epoch: 1, seq: 0 }]]);
  });

  test("that comes late, after a newer one, changes nothing [R6, R2.1]", async () => {
    const { clock, operator, take, change, robotEnd, changed, guard } = await armed();
    const old = changed();
    change(ada, 5);
    robotEnd.hear(changed());
    await operator.show();
    operator.command(go);
    await clock.advance(100);
    operator.command(go);
    robotEnd.hear(old);
    await clock.advance(0);
    expect([guard.holder?.epoch, take().filter(({ did }) => did === "stop")]).toEqual([5, []]);
    await clock.advance(2 * trustMs);
    expect([guard.holder?.epoch, operator.all("renew")]).toEqual([5, []]);
  });

  test("that names another for the epoch at hand stops the robot: nobody drives in it any more [R6, R2.2]", async () => {
    const { clock, operator, take, change, robotEnd, changed, guard, speak, permit } = await armed();
    operator.command(go);
    await clock.advance(0);
    change(bob, 1);
    robotEnd.hear(changed());
    await clock.advance(0);
    expect(take()).toMatchObject([{ did: "command" }, { did: "stop", reason: "epoch" }, { did: "stood" }]);
    await operator.show(permit({ session: ada }));
    await speak(bob).show(permit({ session: bob }));
    expect(guard.holder).toBeUndefined();
  });
});
