import { describe, expect, test } from "vitest";
import type { PeerConnectionEvents, PeerConnectionLike } from "../../../src/rtc/peer-connection.ts";
import { createPipes } from "../pipe.ts";
import { ada, armed, bob, createRig } from "../rig.ts";

const go = { linear: 1 };

const lines = (log: string[]) => log.map((line) => JSON.parse(line) as { event: string });

describe("the channels of a client", () => {
  test("answer a ping, with the instant where it was asked for [R30, R33]", async () => {
    const { clock, operator } = await armed();
    const heard: object[] = [];
    operator.pipes.operator.control.onmessage = ({ data }) => void heard.push(JSON.parse(String(data)));
    for (const ping of [{ type: "ping" }, { type: "ping", t0: 7 }]) operator.raw(JSON.stringify(ping));
    await clock.advance(0);
    expect(heard).toEqual([{ type: "pong" }, { type: "pong", t0: 7, at: clock.now() }]);
  });

  test("carry a picture with when it was taken, by the robot's clock [R34]", async () => {
    const { clock, operator, guard } = await armed();
    guard.picture({ stream: "front", rtp: 9, ageMs: 30 });
    await clock.advance(0);
    expect(operator.all("picture")).toEqual([{ type: "picture", stream: "front", rtp: 9, takenAt: clock.now() - 30 }]);
  });

  test("that open later are told of the stop in force then [R20]", async () => {
    const { clock, guard } = await armed({ isStopped: true });
    const pipes = createPipes(clock);
    pipes.robot.events.readyState = "connecting";
    guard.open(bob, pipes.robot);
    await clock.advance(0);
    expect(pipes.robot.events.sent).toEqual([]);
    pipes.robot.events.readyState = "open";
    pipes.robot.events.onopen?.({});
    expect(pipes.robot.events.sent.map((text) => JSON.parse(text))).toEqual([{ type: "latched", stop: 1, kept: true }]);
  });

  test("that were given up are heard no more", async () => {
    const { clock, operator, guard, take } = await armed();
    operator.leave();
    operator.leave();
    operator.say({ type: "stop" });
    operator.raw(JSON.stringify({ type: "stop" }));
    operator.pipes.robot.events.onopen?.({});
    await clock.advance(0);
    expect([take(), guard.holder]).toEqual([[], undefined]);
  });

  test("that were given up stay so as they close: no stop on them is heard", async () => {
    const { clock, operator, take } = await armed();
    operator.leave();
    operator.pipes.robot.control.onclose?.({});
    operator.say({ type: "stop" });
    await clock.advance(0);
    expect(take()).toEqual([]);
  });

  test("of which one closed before the other opened are told nothing, and bring nobody to drive [R7.1]", async () => {
    const declaration = { kind: "none", axes: [], buttons: [], telemetry: [] } as const;
    const { clock, guard, log } = await armed({ isStopped: true, declaration });
    const pipes = createPipes(clock);
    pipes.robot.events.readyState = "connecting";
    guard.open(bob, pipes.robot);
    const before = log.length;
    pipes.robot.control.onclose?.({});
    pipes.robot.events.readyState = "open";
    pipes.robot.events.onopen?.({});
    await clock.advance(0);
    expect([pipes.robot.events.sent, log.length]).toEqual([[], before]);
  });

  test.each(["control", "events"] as const)(
    "of which %s closed are good for a stop on the other, and for nothing else [R7.1, R9]",
    async (closed) => {
      const { clock, operator, guard, take } = await armed();
      const { pipes, say, raw } = operator;
      pipes.operator[closed].close();
      expect(guard.holder).toBeUndefined();
      const left = closed === "control" ? say : (message: object) => raw(JSON.stringify(message));
      left({ type: "permit", permit: "any" });
      operator.command(go);
      await clock.advance(0);
      expect(take()).toEqual([]);
      left({ type: "stop" });
      await clock.advance(0);
      expect(take().map(({ did }) => did)).toEqual(["stop", "stood"]);
      operator.leave();
      left({ type: "stop" });
      await clock.advance(0);
      expect(take()).toEqual([]);
    },
  );

  test("that close while their permit is looked at get nobody to drive", async () => {
    const rig = createRig();
    rig.change(ada);
    rig.welcomeRobot();
    const [first, second] = [rig.speak(ada), rig.speak(ada)];
    first.say({ type: "permit", permit: rig.key.sign(rig.permit()) });
    rig.clock.advanceNow(0);
    first.leave();
    await second.show(rig.key.sign(rig.permit({ session: bob })));
    expect([first.heard, rig.guard.holder]).toEqual([[], undefined]);
  });

  test("that close as the robot stands, before their holder is told that it may drive, keep nothing from its end", async () => {
    const { promise, resolve: stood } = Promise.withResolvers<void>();
    let leave = () => {};
    const rig = await armed({ stop: () => promise, onStop: () => leave() });
    const { operator, clock, guard } = rig;
    leave = operator.leave;
    operator.command(go);
    await clock.advance(0);
    rig.change(ada);
    operator.say({ type: "permit", permit: rig.key.sign(rig.permit()) });
    await rig.until(() => !guard.moving);
    stood();
    await clock.advance(0);
    expect([operator.all("accepted").map(({ epoch }) => epoch), guard.holder]).toEqual([[1], undefined]);
    expect(lines(rig.log).at(-1)?.event).toBe("guard.idle");
  });
});

describe("a peer connection", () => {
  function connectionOf() {
    const listeners = new Set<(event: PeerConnectionEvents["datachannel"]) => void>();
    const pc = {
      addEventListener: (_: string, listener: never) => void listeners.add(listener),
      removeEventListener: (_: string, listener: never) => void listeners.delete(listener),
    } as unknown as PeerConnectionLike;
    const offerOne = (channels: ReturnType<typeof createPipes>["robot"], name: "control" | "events") => {
      const labelled = Object.assign(channels[name], { label: `tether.${name}` });
      for (const listener of [...listeners]) listener({ channel: labelled } as PeerConnectionEvents["datachannel"]);
    };
    const offer = (channels: ReturnType<typeof createPipes>["robot"]) => {
      for (const name of ["control", "events"] as const) offerOne(channels, name);
    };
    return { pc, offer, offerOne, listeners };
  }

  test("of a client brings its channels, until it is left", async () => {
    const { clock, guard } = await armed({ isStopped: true });
    const { pc, offer } = connectionOf();
    const leave = guard.join(bob, pc);
    const { robot: channels } = createPipes(clock);
    offer(channels);
    expect(channels.events.sent).toHaveLength(1);
    leave();
    guard.telemetry(1);
    expect(channels.events.sent).toHaveLength(1);
  });

  const names = ["control", "events"] as const;

  test.each(names)(
    "whose channel for %s comes first is heard on it before the other comes: nothing is lost, and a stop is obeyed at once [R7, R11, W1.1]",
    async (first) => {
      const rig = createRig();
      rig.change(bob);
      rig.welcomeRobot();
      const { pc, offerOne } = connectionOf();
      rig.guard.join(bob, pc);
      const { robot: channels, operator } = createPipes(rig.clock);
      const [one, other] = names.toSorted((name) => (name === first ? -1 : 1)) as [typeof first, typeof first];
      offerOne(channels, one);
      const messages = [{ type: "permit", permit: rig.key.sign(rig.permit()) }, { type: "stop" }, { type: "nothing" }];
      for (const message of messages) operator[first].send(JSON.stringify(message));
      await rig.clock.advance(0);
      expect(rig.take().map(({ did }) => did)).toEqual(["stop", "stood"]);
      offerOne(channels, other);
      if (first === "events") await rig.until(() => rig.guard.holder !== undefined);
      await rig.clock.advance(0);
      expect(rig.take()).toEqual([]);
      const said = channels.events.sent.map((text) => JSON.parse(text));
      expect(said[0]).toEqual({ type: "latched", stop: 1, kept: true });
      if (first === "events") expect(said).toContainEqual({ type: "accepted", epoch: 1, seq: 0, stop: 1 });
    },
  );

  test("keeps a little of what comes before its second channel, and nothing once it is left", async () => {
    const rig = createRig();
    const { pc, offerOne } = connectionOf();
    const leave = rig.guard.join(bob, pc);
    const { robot: channels, operator } = createPipes(rig.clock);
    offerOne(channels, "control");
    for (let count = 0; count < 100; count += 1) operator.control.send(JSON.stringify({ type: "ping" }));
    await rig.clock.advance(0);
    offerOne(channels, "events");
    expect(channels.control.sent).toHaveLength(16);
    leave();
    const { pc: second, offerOne: offerSecond } = connectionOf();
    const { robot: others, operator: otherEnd } = createPipes(rig.clock);
    const leaveSecond = rig.guard.join(bob, second);
    offerSecond(others, "control");
    leaveSecond();
    otherEnd.control.send(JSON.stringify({ type: "stop" }));
    await rig.clock.advance(0);
    expect(rig.take()).toEqual([]);
  });

  test("that is left before its channels come brings none, and neither does one of another robot", async () => {
    const { clock, guard } = await armed({ isStopped: true });
    const { pc, offer, listeners } = connectionOf();
    guard.join(bob, pc)();
    const other = guard.join("rse_01J00000000000000000000000" as never, pc);
    expect(listeners.size).toBe(0);
    const { robot: channels } = createPipes(clock);
    offer(channels);
    other();
    expect(channels.events.sent).toEqual([]);
  });
});
