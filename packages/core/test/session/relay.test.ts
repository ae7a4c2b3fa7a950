import type { Ack, Signal } from "@tether/protocol/frame/signal";
import { limits } from "@tether/protocol/limits";
import { describe, expect, test } from "vitest";
import { identityOf } from "../../../local/test/world/identity.ts";
import { createWorld, operator, viewer } from "../../../local/test/world/world.ts";
import type { Outbox, Posted } from "../../src/outbox.ts";
import { end, relay } from "../../src/session/index.ts";

/** The driver's signal and ack to its robot, through a gateway that answers as the test says. */
async function start() {
  const world = await createWorld();
  const robot = await world.createRobot();
  const [robotEnd, driver] = [await world.join(robot), await world.join(robot, operator)];
  const { env } = world.system;
  const from = await identityOf(world, robot, driver);
  const to = robotEnd.session as Signal["to"];
  const signal: Signal = { type: "signal", to, stream: 1, seq: 7, data: { kind: "app", body: "hi" } };
  const ack: Ack = { type: "ack", to, received: { stream: 1, seq: 1 } };
  const [posts, probes]: [string[], string[]] = [[], []];
  const through = (post: (count: number) => Posted | Promise<Posted>, outbox: Partial<Outbox> = {}) => ({
    ...env,
    outbox: {
      ...env.outbox,
      async post(connectionId: string) {
        posts.push(connectionId);
        return post(posts.length);
      },
      probe(connectionId: string) {
        probes.push(connectionId);
        return env.outbox.probe(connectionId);
      },
      ...outbox,
    } satisfies Outbox,
  });
  const undelivered = { type: "undelivered", to, stream: 1, seq: 7 };
  return { world, robot, robotEnd, driver, env, from, signal, ack, posts, probes, through, undelivered };
}

describe("a frame for a peer", () => {
  test("that the gateway took is posted once, and its sender gets no answer [S10]", async () => {
    const { env, from, signal, ack, robotEnd } = await start();
    for (const frame of [signal, ack]) expect(await relay(env, from, frame)).toEqual({ outcome: "posted" });
    expect([robotEnd.all("signal").length, robotEnd.all("ack").length]).toEqual([1, 1]);
    const received = { stream: 2, seq: 4 };
    await relay(env, from, { ...signal, seq: 8, received });
    expect(robotEnd.all("signal").map((one) => one.received)).toEqual([undefined, received]);
  });

  test("that the gateway failed to take is not tried again: a signal's sender is told, an ack's is not [S10]", async () => {
    const { from, signal, ack, posts, probes, through, undelivered } = await start();
    const failing = through(() => "failed");
    expect(await relay(failing, from, { ...signal, id: "s" })).toEqual({
      outcome: "busy",
      answer: { ...undelivered, id: "s", reason: "busy" },
    });
    expect(await relay(failing, from, ack)).toEqual({ outcome: "busy" });
    expect([posts.length, probes]).toEqual([2, []]);
  });

  test("whose connection is said to be gone is posted to no other, and the gateway is asked whether it lives [P5, S10]", async () => {
    const { from, signal, posts, through, undelivered } = await start();
    const asked: string[] = [];
    const lives = { connectedAt: 0, lastActiveAt: 0 };
    const probe = (answer: "gone" | typeof lives) => async (id: string) => {
      asked.push(id);
      return answer;
    };
    const gone = () => "gone" as const;
    expect(await relay(through(gone, { probe: probe(lives) }), from, signal)).toEqual({
      outcome: "busy",
      answer: { ...undelivered, reason: "busy" },
    });
    expect([posts.length, asked]).toEqual([1, [posts[0]]]);
    expect(await relay(through(gone, { probe: probe("gone") }), from, signal)).toMatchObject({ outcome: "away" });
  });

  test("whose session ends meanwhile is said to have ended [S10]", async () => {
    const { world, robot, robotEnd, from, signal, through, undelivered } = await start();
    const target = { ...JSON.parse(await world.item(robot, "robot")), robotId: robot.id };
    const ending = { cause: "admin.ended", actor: { type: "system" }, inferred: false } as const;
    const probe = async () => {
      await end(world.system.env, target, ending);
      return "gone" as const;
    };
    const relayed = await relay(
      through(() => "gone", { probe }),
      from,
      signal,
    );
    expect(relayed).toEqual({ outcome: "ended", answer: { ...undelivered, reason: "ended" } });
    expect(robotEnd.closed).toBeDefined();
  });

  test.each(["posted", "failed"] as const)(
    "whose session has another connection by then is posted to that one: %s [S10]",
    async (second) => {
      const { world, robot, from, signal, posts, probes, through } = await start();
      const handedOver = async (count: number): Promise<Posted> => {
        if (count > 1) return second;
        await world.join(robot);
        return "gone";
      };
      expect((await relay(through(handedOver), from, signal)).outcome).toBe(second === "posted" ? "posted" : "busy");
      expect([posts.length, new Set(posts).size, probes]).toEqual([2, 2, []]);
    },
  );

  test("that is away is not posted, nor to one that has not said hello yet, nor to one of the sender's own kind [S1, S10]", async () => {
    const { world, env, robot, robotEnd, driver, from, signal, ack, undelivered } = await start();
    const robots = await identityOf(world, robot, robotEnd);
    const refusal = (code: string) => ({ outcome: "refused", answer: { type: "problem", code } });
    const silent = (await world.ticketFor.client(robot, operator)).body;
    await world.connect(silent.ticket);
    for (const to of [silent.session.id, robotEnd.session])
      expect(await relay(env, robots, { ...signal, to: to as never })).toMatchObject(refusal("signal.target"));
    const watcher = await world.join(robot, viewer);
    expect(await relay(env, from, { ...ack, to: watcher.session as never })).toMatchObject(refusal("signal.target"));
    robotEnd.socket.close(1001);
    await world.idle();
    expect(await relay(env, from, signal)).toEqual({ outcome: "away", answer: { ...undelivered, reason: "away" } });
    expect(await relay(env, from, ack)).toEqual({ outcome: "away" });
    expect(await relay(env, { ...from, epoch: from.epoch + 1 }, signal)).toMatchObject(refusal("session.superseded"));
    expect(driver.frames).not.toContainEqual(expect.objectContaining({ type: "problem" }));
  });

  test("whose lease is over is not posted, also where nobody noted that yet [S12]", async () => {
    const { world, robot, robotEnd, env, signal } = await start();
    const brief = await world.join(robot, viewer, { lifeMs: 300_000 });
    const robots = await identityOf(world, robot, robotEnd);
    const until = brief.last("welcome")?.deadlines.authExpiresAt ?? 0;
    const at = (now: number) => relay({ ...env, clock: { now: () => now } }, robots, { ...signal, to: brief.session as never });
    expect([(await at(until - 1)).outcome, (await at(until)).outcome]).toEqual(["posted", "away"]);
  });

  test("that is too large is refused by its bytes, not by its letters, before anything is read [S11]", async () => {
    const { world, env, from, signal } = await start();
    const body = (letters: number) => "é".repeat(letters);
    const most = Math.floor((limits.signal.dataBytes - JSON.stringify({ kind: "app", body: "" }).length) / 2);
    world.system.requests.reset();
    expect(await relay(env, from, { ...signal, id: "big", data: { kind: "app", body: body(most + 1) } })).toMatchObject({
      outcome: "refused",
      answer: { type: "problem", code: "frame.too-large", id: "big" },
    });
    expect(world.system.requests.counts()).toEqual({});
    expect(await relay(env, from, { ...signal, data: { kind: "app", body: body(most) } })).toEqual({ outcome: "posted" });
  });
});
