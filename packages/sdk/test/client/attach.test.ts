import { InstanceId, RobotId, RobotSessionId } from "@tether/protocol/id";
import { describe, expect, test } from "vitest";
import { type AttachOptions, attach } from "../../src/client/index.ts";
import type { SessionEvents } from "../../src/session/session.ts";
import { answer, byeOf, session as sessionId, welcome } from "../connection/example.ts";
import { createTestPlatform } from "../platform.ts";
import { createService } from "../service.ts";
import { settled } from "../virtual-clock.ts";

const robot = RobotId.parse("rob_01J00000000000000000000000");
const robotSession = RobotSessionId.parse("rse_01J00000000000000000000000");
const peer = { session: robotSession, kind: "robot", state: "online", epoch: 4, instance: InstanceId.parse("instance-1") } as const;
const iceServers = [{ urls: "stun:stun.example" }];

async function start(options: Partial<AttachOptions> = {}) {
  const service = createService();
  const world = createTestPlatform({ fetch: service.fetch });
  service.gives(answer(1, world.clock.now()));
  const log: string[] = [];
  const session = attach({
    api: "https://api.example",
    robot,
    token: async () => "secret-token",
    platform: world.platform,
    log: (line) => log.push(JSON.stringify(line)),
    ...options,
  });
  const heard: [keyof SessionEvents, unknown][] = [];
  for (const name of ["state", "peer.online", "peer.away", "peer.ended", "signal", "undelivered", "dropped", "deadlines"] as const)
    session.on(name, (event) => heard.push([name, event]));
  await settled();
  const greet = async () => {
    await world.last().opens();
    await world.last().says({ ...welcome({ epoch: 2, at: world.clock.now() }), peers: [peer], iceServers });
  };
  return { ...world, service, session, heard, greet, log, take: () => heard.splice(0) };
}

describe("an attached client", () => {
  test("tells of its state, its deadlines and its peers, and knows them when asked", async () => {
    const { session, greet, take, clock } = await start();
    await greet();
    const { deadlines } = welcome({ at: clock.now() });
    expect(take()).toEqual([
      ["state", { status: "connecting" }],
      ["peer.online", { peer, restarted: false }],
      ["deadlines", deadlines],
      ["state", { status: "online" }],
    ]);
    expect([session.status, session.id, session.epoch, session.peers, session.iceServers]).toEqual([
      "online",
      sessionId,
      2,
      [peer],
      iceServers,
    ]);
  });

  test("knows the time by the server's clock, however wrong its own is", async () => {
    const { session, clock, last } = await start();
    expect(session.serverTime).toBeUndefined();
    await last().opens();
    await last().says(welcome({ epoch: 2, at: clock.now() + 90_000 }));
    await clock.advance(5_000);
    expect(session.serverTime).toBe(clock.now() + 90_000);
  });

  test("sends and hears signals, and says what became of them", async () => {
    const { session, greet, take, last } = await start();
    await greet();
    take();
    expect(session.send(robotSession, { kind: "app", body: 1 })).toBeUndefined();
    expect(last().sent.at(-1)).toMatchObject({ type: "signal", to: robotSession, stream: 6, seq: 1 });
    await last().says({ type: "signal", from: robotSession, stream: 6, seq: 1, data: { kind: "app", body: 2 } });
    await last().says({ type: "undelivered", to: robotSession, stream: 6, seq: 1, reason: "busy" });
    await last().says({ type: "peer.online", peer: { ...peer, epoch: 5, instance: InstanceId.parse("instance-2") } });
    expect(take()).toMatchObject([
      ["signal", { from: robotSession, data: { body: 2 } }],
      ["undelivered", { to: robotSession, seq: 1, reason: "busy" }],
      ["dropped", { to: robotSession, data: [{ kind: "app", body: 1 }], why: "restarted" }],
      ["peer.online", { restarted: true }],
    ]);
  });

  test("says why it stopped and what to do, in the broker's words [E3]", async () => {
    const { session, greet, take, last } = await start();
    await greet();
    take();
    await last().says(byeOf("grant.removed"));
    expect(take()).toEqual([
      [
        "state",
        {
          status: "stopped",
          why: {
            code: "grant.removed",
            says: "The access to this robot was taken away.",
            remedy: "Ask an owner of the robot for access.",
            actor: { type: "system" },
          },
        },
      ],
    ]);
    expect(session.status).toBe("stopped");
  });

  test("resumes the session it was asked to remember, and forgets it when it is over", async () => {
    let kept: string | undefined = sessionId;
    const resume = {
      load: () => kept,
      save: (id: string | undefined) => {
        kept = id;
      },
    };
    const { service, session, greet } = await start({ resume });
    expect(service.asked[0]?.body.session).toBe(sessionId);
    await greet();
    session.close();
    expect([session.status, kept]).toEqual(["stopped", sessionId]);
    const again = await start({ resume });
    await again.greet();
    await again.last().says(byeOf("admin.ended"));
    expect(kept).toBeUndefined();
  });

  test("leaves within 5 s even if nobody answers", async () => {
    const { session, greet, clock } = await start();
    await greet();
    let left = false;
    void session.leave("bye").then(() => {
      left = true;
    });
    await clock.advance(4_999);
    expect(left).toBe(false);
    await clock.advance(1);
    expect(left).toBe(true);
    await session.leave();
  });

  test("gets fresh ICE servers without touching the connection", async () => {
    const { session, greet, service, sockets, clock } = await start();
    await greet();
    const fresh = [{ urls: "turn:turn.example", username: "u", credential: "c" }];
    service.gives({ ...answer(2, clock.now()), iceServers: fresh });
    expect(await session.freshIceServers()).toEqual(fresh);
    expect(session.iceServers).toEqual(fresh);
    expect(await session.freshIceServers()).toEqual(fresh);
    expect([sockets.length, session.status]).toEqual([1, "online"]);
  });

  test("takes the newest ICE servers it knows where fresh ones do not come within 5 s [W4]", async () => {
    const asked: boolean[] = [];
    const token = ({ fresh }: { fresh: boolean }) => {
      asked.push(fresh);
      return asked.length > 1 ? new Promise<string>(() => {}) : Promise.resolve("secret-token");
    };
    const { session, greet, clock } = await start({ token });
    await greet();
    let servers: unknown;
    void session.freshIceServers().then((got) => {
      servers = got;
    });
    await clock.advance(4_999);
    expect([asked.length, servers]).toEqual([2, undefined]);
    await clock.advance(1);
    expect(servers).toEqual(iceServers);
  });

  test("logs ids and codes, never a token or a ticket", async () => {
    const { session, greet, log, last } = await start();
    await greet();
    session.send(robotSession, { kind: "offer", sdp: "v=0 secret-sdp" });
    await last().says({ type: "problem", code: "signal.target", says: "", remedy: "", id: "6.1" });
    void session.leave("secret-reason");
    expect(log.length).toBeGreaterThan(4);
    expect(log.join()).not.toContain("secret");
  });
});
