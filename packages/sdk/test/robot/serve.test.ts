import { ClientSessionId, InstanceId, RobotId, RobotSessionId } from "@tether/protocol/id";
import { describe, expect, test } from "vitest";
import { serve, signerFromJwk } from "../../src/robot/index.ts";
import { createKey } from "../assertion/key.ts";
import { answer, session as clientSession, welcome } from "../connection/example.ts";
import { createPipes } from "../control/pipe.ts";
import { createTestPlatform } from "../platform.ts";
import { createService } from "../service.ts";
import { createVirtualClock, settled } from "../virtual-clock.ts";

const robot = RobotId.parse("rob_01J00000000000000000000000");
const id = RobotSessionId.parse("rse_01J00000000000000000000000");

async function untilAsked(asked: readonly unknown[], times: number): Promise<void> {
  // Signing runs on a thread of its own.
  while (asked.length < times) await settled();
  await settled();
}

describe("a serving robot", () => {
  test("proves its key, says hello, and goes on with the same session and instance after a break", async () => {
    const service = createService();
    const { clock, platform, last, sockets } = createTestPlatform({ fetch: service.fetch });
    const named = (epoch: number) => ({ id, epoch, resumed: epoch > 1 });
    for (const epoch of [1, 2]) service.gives({ ...answer(epoch, clock.now()), session: named(epoch) });
    const signer = await signerFromJwk(createKey("p-256").jwk);
    const session = serve({ api: "https://api.example", robot, signer, platform });
    await untilAsked(service.asked, 1);
    await last().opens();
    await last().says({ ...welcome({ at: clock.now() }), session: named(1) });
    const peer = { session: clientSession, kind: "client", state: "online", epoch: 1, instance: InstanceId.parse("instance-1") } as const;
    await last().says({ type: "peer.online", peer });
    await last().says({ type: "signal", from: clientSession, stream: 2, seq: 1, data: { kind: "app", body: 1 } });
    session.send(clientSession, { kind: "app", body: 2 });
    await last().breaks();
    await clock.advance(500);
    await untilAsked(service.asked, 2);
    await last().opens();
    const [first, second] = sockets.map(({ sent }) => sent[0]);
    if (first?.type !== "hello" || second?.type !== "hello") throw new Error("hello comes first");
    expect(second.instance).toBe(first.instance);
    expect(second.received).toEqual({ [clientSession]: { stream: 2, seq: 1 } });
    await last().says({ ...welcome({ at: clock.now() }), session: named(2), peers: [peer] });
    expect([session.id, session.epoch, session.status]).toEqual([id, 2, "online"]);
    expect(last().sent.at(-1)).toMatchObject({ type: "signal", to: clientSession, seq: 1, data: { body: 2 } });
    session.close();
    expect(clock.pending).toBe(0);
  });

  test("is driven by a clock that is never set, whatever the clock of the wall says [R4.7]", async () => {
    const { clock, platform } = createTestPlatform({ fetch: createService().fetch });
    const steady = createVirtualClock(5_000_000);
    const signer = await signerFromJwk(createKey("p-256").jwk);
    const session = serve({ api: "https://api.example", robot, signer, platform: { ...platform, steady } });
    const guard = session.guard({ onCommand: () => {}, stop: () => {} });
    const { operator, robot: channels } = createPipes(steady);
    guard.open(ClientSessionId.parse(clientSession), channels);
    const heard: unknown[] = [];
    operator.control.onmessage = ({ data }) => heard.push(JSON.parse(String(data)));
    await clock.advance(3_600_000);
    operator.control.send(JSON.stringify({ type: "ping", t0: 1 }));
    await steady.advance(1);
    expect(heard).toEqual([{ type: "pong", t0: 1, at: 5_000_000 }]);
    await guard.close();
    session.close();
  });
});
