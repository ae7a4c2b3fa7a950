import { limits } from "@tether/protocol/limits";
import type { ManoeuvreReport } from "@tether/protocol/manoeuvre-report";
import { describe, expect, test } from "vitest";
import { attended } from "../../../local/test/world/attended.ts";
import { identityOf } from "../../../local/test/world/identity.ts";
import { operator, owner, viewer } from "../../../local/test/world/world.ts";
import { disconnect, find, list, report, reportManoeuvre } from "../../src/session/index.ts";

type Entry = { type: string; actor: object; inferred: boolean; session?: string; at?: number; evidence?: object };
type Attended = Awaited<ReturnType<typeof attended>>;

const entries = async ({ world, robot }: Attended, type: string) =>
  ((await world.timeline(robot)) as Entry[]).filter((entry) => entry.type === type);

describe("how a stop's stages went", () => {
  const said = (beganAt: number, became = "done") => ({
    reason: "deadman",
    beganAt,
    latencyMs: 300.6,
    stages: [
      { stage: "slow", became, tookMs: 100.4 },
      { stage: "stop", became: "done", tookMs: 199.5 },
    ],
  });
  const tell = ({ world, robotEnd }: Attended, beganAt: number, became?: string) =>
    world.say(robotEnd, { type: "report", manoeuvre: said(beganAt, became) });

  test("is on the timeline at when it began, by the robot, in whole ms [P14]", async () => {
    const scene = await attended();
    const beganAt = scene.world.clock.now() - 60_000;
    await tell(scene, beganAt);
    expect(await entries(scene, "robot.manoeuvred")).toMatchObject([
      {
        at: beganAt,
        session: scene.robotEnd.session,
        actor: { type: "robot", id: scene.robot.id },
        inferred: false,
        evidence: { reason: "deadman", latencyMs: 301, slow: "done", slowMs: 100, stop: "done", stopMs: 200 },
      },
    ]);
  });

  test("is one entry however often it is said, and another where it became something else [P14]", async () => {
    const scene = await attended();
    const beganAt = scene.world.clock.now() - 60_000;
    for (const became of ["done", "done", "late"]) await tell(scene, beganAt, became);
    expect(await entries(scene, "robot.manoeuvred")).toHaveLength(2);
    await tell(scene, beganAt + 10_000);
    expect(await entries(scene, "robot.manoeuvred")).toHaveLength(3);
  });

  test("is placed no further back than an hour, and never in the future [P14]", async () => {
    const scene = await attended();
    const now = scene.world.clock.now();
    await tell(scene, now - 3_600_001);
    await tell(scene, now + 1, "late");
    expect((await entries(scene, "robot.manoeuvred")).map(({ at }) => at).sort()).toEqual([now - 3_600_000, now]);
  });

  test("is no client's to say [P14]", async () => {
    const scene = await attended();
    await scene.world.say(scene.driver, { type: "report", manoeuvre: said(scene.world.clock.now()) });
    expect(await entries(scene, "robot.manoeuvred")).toEqual([]);
  });
});

describe("a robot's word of what befell it", () => {
  test("is an entry for each cause, by the robot and certain, and none where it names no cause [P10]", async () => {
    const scene = await attended();
    const { world, robot, robotEnd } = scene;
    for (const account of [{ cause: "agent.hung", times: 2 }, { cause: "driver.ended" }, undefined])
      await world.say(robotEnd, { type: "report", account });
    const said = { session: robotEnd.session, inferred: false, actor: { type: "robot", id: robot.id } };
    const reported = (await entries(scene, "robot.reported")) as (Entry & { cause?: string })[];
    expect(reported.toSorted((a, b) => ((a.cause ?? "") < (b.cause ?? "") ? -1 : 1))).toMatchObject([
      { ...said, cause: "agent.hung", evidence: { times: 2 } },
      { ...said, cause: "driver.ended" },
    ]);
  });

  test("counts from the connection that has the session alone, and so does that of how a stop went [P10, P14]", async () => {
    const scene = await attended();
    const { env } = scene.world.system;
    const from = await identityOf(scene.world, scene.robot, scene.robotEnd);
    const stages: ManoeuvreReport["stages"] = [{ stage: "stop", became: "done", tookMs: 1 }];
    const manoeuvre: ManoeuvreReport = { reason: "deadman", beganAt: scene.world.clock.now(), latencyMs: 1, stages };
    for (const other of [
      { ...from, epoch: 2 },
      { ...from, sessionId: "rse_01J00000000000000000000000" as never },
    ]) {
      const superseded = { problem: "session.superseded" };
      expect(await report(env, other, { type: "report", account: { cause: "agent.hung" } } as never)).toEqual(superseded);
      expect(await reportManoeuvre(env, other, manoeuvre)).toEqual(superseded);
    }
    expect([await entries(scene, "robot.reported"), await entries(scene, "robot.manoeuvred")]).toEqual([[], []]);
    for (const reason of ["deadman", "stop"] as const) await reportManoeuvre(env, from, { ...manoeuvre, reason });
    expect(await entries(scene, "robot.manoeuvred")).toHaveLength(2);
  });
});

describe("the gateway's word that a connection closed", () => {
  const ending = { cause: "connection.closed", actor: { type: "gateway" }, inferred: true } as const;

  test("makes its session away once, and says nothing of a connection that is the session's no more [P5]", async () => {
    const scene = await attended();
    const from = await identityOf(scene.world, scene.robot, scene.robotEnd);
    const { env } = scene.world.system;
    expect(await disconnect(env, { ...from, connection: { ...from.connection, id: "another" } }, ending)).toBe("ignored");
    expect(await disconnect(env, { ...from, sessionId: "rse_01J00000000000000000000000" as never }, ending)).toBe("ignored");
    expect(await disconnect(env, from, ending)).toBe("away");
    expect(await disconnect(env, from, ending)).toBe("ignored");
    expect(scene.driver.all("peer.away")).toHaveLength(1);
  });
});

describe("a robot's sessions", () => {
  test("are the live ones on the first page alone, and the past ones on all, each once [A6]", async () => {
    const scene = await attended();
    const { world, robot } = scene;
    for (let count = 0; count < 3; count++) await world.say(await world.join(robot, viewer), { type: "leave" });
    const found: string[] = [];
    const sizes: number[] = [];
    let cursor: string | undefined;
    do {
      const page = await list(world.system, robot.id, { ...(cursor !== undefined && { cursor }), limit: 2 });
      sizes.push(page.items.length);
      found.push(...page.items.map(({ id }) => id));
      cursor = page.cursor;
    } while (cursor !== undefined);
    expect([sizes, new Set(found).size]).toEqual([[6, 1], 7]);
  });

  test("tell who they are, until when one that is away may come back, and who monitors", async () => {
    const { world, robot, driver, robotEnd } = await attended();
    driver.socket.close(1000);
    await world.idle();
    const { items } = await list(world.system, robot.id, { limit: 2 });
    const of = (session: string) => items.find(({ id }) => id === session);
    const backBy = world.clock.now() + limits.session.clientGraceMs;
    const user = { id: expect.any(String), role: "operator", name: "Oscar Operator" };
    expect(of(driver.session)).toMatchObject({ kind: "client", state: "away", epoch: 1, backBy, user });
    expect(of(driver.session)?.ending).toMatchObject({ cause: "connection.closed" });
    expect(of(robotEnd.session)).not.toHaveProperty("user");
    for (const name of ["backBy", "ending", "monitors"]) expect(of(robotEnd.session)).not.toHaveProperty(name);
    expect(of(robotEnd.session)).toMatchObject({ kind: "robot", state: "online", robot: robot.id });
    expect((await world.call("GET", `/v1/robots/${robot.id}/sessions/${driver.session}`, { as: operator })).body).toMatchObject({ backBy });
  });
  test("say who monitors, and are found by their own id alone [M1]", async () => {
    const { world, robot, robotEnd } = await attended();
    const monitor = await world.join(robot, owner, { features: ["monitor"] });
    expect(await find(world.system, robot.id, monitor.session as never)).toMatchObject({ state: "online", monitors: true });
    const { session } = world.system.store.entities;
    await session
      .patch({ robotId: robot.id, slot: monitor.session })
      .set({ state: "expired", closesAt: world.clock.now() + 60_000 })
      .go();
    expect(await find(world.system, robot.id, monitor.session as never)).not.toHaveProperty("monitors");
    const other = robotEnd.session.replace("rse_", "cse_") as never;
    expect(await find(world.system, robot.id, other)).toEqual({ problem: "session.unknown" });
    await world.say(robotEnd, { type: "leave" });
    expect(await find(world.system, robot.id, other)).toEqual({ problem: "session.unknown" });
    const past = await find(world.system, robot.id, robotEnd.session as never);
    expect(past).toMatchObject({ kind: "robot", state: "ended", since: world.clock.now(), ending: { cause: "robot.left" } });
    expect(past).not.toHaveProperty("user");
  });
});
