import { limits } from "@tether/protocol/limits";
import { describe, expect, test } from "vitest";
import { createDriving } from "../world/driving.ts";
import { operator, owner, viewer } from "../world/world.ts";

const { trustMs, askMs } = limits.control;
const { robotGraceMs, clientGraceMs } = limits.session;
const minute = 60_000;

type Driving = Awaited<ReturnType<typeof createDriving>>;
type Operator = Awaited<ReturnType<Driving["operate"]>>;

const start = () => createDriving({ over: "peers" });
const states = (pcs: readonly RTCPeerConnection[]) => pcs.map(({ connectionState }) => connectionState);

/** A forger's channel goes on without the SDK, which knows that it may not drive any more. */
async function commandOn({ world }: Driving, { pipes }: Operator, ms: number): Promise<void> {
  for (let seq = 10_000, at = 0; at < ms; seq += 1, at += 100) {
    pipes.control.send(JSON.stringify({ epoch: 1, seq, sentAt: world.clock.now(), command: "still here" }));
    await world.clock.advance(100);
  }
}

describe("over real peer connections, with the robot's signalling cut off", () => {
  test("an operator in good standing drives on without a stop, with one renewal per 8 s [R2, R3, W5]", async () => {
    const { world, operate, network, deeds, stops, made } = await start();
    const ada = await operate(operator);
    await ada.acquire();
    await ada.go(30_000);
    await network.cut();
    const cutAt = world.clock.now();
    const before = ada.of("accepted").length;
    expect((await ada.go(minute)).every((answer) => answer === undefined)).toBe(true);
    expect(deeds.filter(({ at }) => at > cutAt).length).toBeGreaterThan(590);
    const renewed = ada.of("accepted").length - before;
    expect(Math.abs(renewed - minute / askMs)).toBeLessThanOrEqual(1);
    network.mend();
    await ada.go(30_000);
    expect(stops()).toEqual([]);
    expect([states(made.robot), states(made.client)]).toEqual([["connected"], ["connected"]]);
  });

  type Loss = (driving: Driving, boss: Operator) => Promise<unknown>;
  const replaced: Loss = async ({ world }, boss) => {
    // The new holder does not reach the robot by its channel either: nothing but time can tell the robot.
    boss.pipes.events.close();
    boss.drive.take("off with it");
    await world.idle();
  };
  const revoked: Loss = ({ world, robot }) => world.call("DELETE", `/v1/robots/${robot.id}/grants?to=email:${operator}`, { as: owner });

  test.each([
    ["was replaced", replaced],
    ["lost its access", revoked],
  ])("an operator that %s loses the robot within 20 s of its noticing, whatever it still sends [R2]", async (_, lose) => {
    const driving = await start();
    const { world, operate, network, take, guard } = driving;
    const [ada, boss] = [await operate(operator), await operate(owner)];
    await ada.acquire();
    await ada.go(30_000);
    await network.cut();
    const noticedAt = world.clock.now();
    await lose(driving, boss);
    take();
    await commandOn(driving, ada, trustMs + 5_000);
    const deeds = take();
    const stops = deeds.flatMap((deed) => (deed.did === "stop" ? [deed] : []));
    expect(stops.map(({ reason }) => reason)).toEqual(["signalling.away"]);
    const stoppedAt = stops[0]?.at ?? 0;
    expect(stoppedAt).toBeLessThanOrEqual(noticedAt + trustMs);
    const commands = deeds.filter(({ did }) => did === "command");
    expect([commands.length > 150, commands.filter(({ at }) => at >= stoppedAt)]).toEqual([true, []]);
    expect(guard.holder).toBeUndefined();
  });
});

describe("an outage of the signalling", () => {
  test("of both ends closes no peer connection: stop works meanwhile, and it is the same one afterwards [W5, R7]", async () => {
    const { world, operate, network, take, made } = await start();
    const [ada, watcher] = [await operate(operator), await operate(viewer)];
    await ada.acquire();
    await ada.go(1_000);
    for (const end of [network, ada.network, watcher.network]) await end.cut();
    await ada.go(5_000);
    take();
    watcher.drive.stop("a cat");
    await world.clock.advance(100);
    expect(take()).toMatchObject([{ did: "stop", reason: "stop" }, { did: "stood" }]);
    await world.clock.advance(clientGraceMs - 10_000);
    expect([states(made.robot), states(made.client)]).toEqual([
      ["connected", "connected"],
      ["connected", "connected"],
    ]);
    for (const end of [network, ada.network, watcher.network]) end.mend();
    await world.clock.advance(20_000);
    expect([made.robot.length, made.client.length, ada.drive.why]).toEqual([2, 2, "control.free"]);
    await ada.acquire();
    ada.drive.resume();
    await ada.go(1_000);
    expect(take().some(({ did }) => did === "command")).toBe(true);
  });

  test("of a client, for longer than its grace, ends with a new peer connection over which it drives [W5, W6]", async () => {
    const { world, operate, take, made } = await start();
    const ada = await operate(operator);
    await ada.acquire();
    const { id } = ada;
    await ada.network.cut();
    await world.clock.advance(clientGraceMs + 2 * minute);
    expect([states(made.robot), ada.drive.why]).toEqual([["closed"], "channel.closed"]);
    ada.network.mend();
    await world.clock.advance(20_000);
    await ada.channels();
    expect(ada.client.id).not.toBe(id);
    await ada.acquire();
    take();
    await ada.go(1_000);
    expect([ada.drive.why, take().some(({ did }) => did === "command")]).toEqual([undefined, true]);
    expect([states(made.robot), states(made.client)]).toEqual([
      ["closed", "connected"],
      ["closed", "connected"],
    ]);
  });

  test("of the robot, for longer than its grace, stops nobody who drives: it goes on over the same peer connection [W5.2, W5.3]", async () => {
    const { operate, network, session, stops, made } = await start();
    const ada = await operate(operator);
    await ada.acquire();
    await ada.go(1_000);
    const { id } = session;
    await network.cut();
    expect((await ada.go(robotGraceMs + 2 * minute)).every((answer) => answer === undefined)).toBe(true);
    network.mend();
    expect((await ada.go(minute)).every((answer) => answer === undefined)).toBe(true);
    expect(session.id).not.toBe(id);
    expect([stops(), states(made.robot), states(made.client)]).toEqual([[], ["connected"], ["connected"]]);
    // Signals have found their way to the robot's new session.
    made.client[0]?.addTransceiver("audio");
    await new Promise((resolve) => made.robot[0]?.addEventListener("track", resolve));
  });

  test("of the robot, for longer than its grace, leaves no client out whose peer connection broke meanwhile [W5, W6]", async () => {
    const { world, operate, network, take, made } = await start();
    const ada = await operate(operator);
    await network.cut();
    await world.clock.advance(minute);
    made.client[0]?.close();
    await world.clock.advance(robotGraceMs + minute);
    network.mend();
    await world.clock.advance(20_000);
    await ada.channels();
    await ada.acquire();
    await ada.go(1_000);
    expect([ada.drive.why, take().some(({ did }) => did === "command")]).toEqual([undefined, true]);
    expect([made.robot.length, made.client.length]).toEqual([2, 2]);
  });

  test("of the robot, for longer than its grace, loses nothing of what it had to say to its peers meanwhile [W5]", async () => {
    const { world, operate, network, made } = await start();
    const ada = await operate(operator);
    await network.cut();
    const shown = new Promise((resolve) => made.client[0]?.addEventListener("track", resolve));
    made.robot[0]?.addTransceiver("video");
    await world.clock.advance(robotGraceMs + 2 * minute);
    network.mend();
    await world.clock.advance(20_000);
    await shown;
    expect([made.robot.length, made.client.length, ada.drive.why]).toEqual([1, 1, "control.free"]);
  });
});
