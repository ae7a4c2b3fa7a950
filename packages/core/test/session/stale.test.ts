import { describe, expect, test } from "vitest";
import { behind } from "../../../local/test/world/behind.ts";
import { operator, owner } from "../../../local/test/world/world.ts";
import { expel, type Identity, list } from "../../src/session/index.ts";

describe("in a session that began this moment", () => {
  test("both ends are welcomed and told of each other [H1, H2]", async () => {
    const { world, robot } = await behind();
    const [robotEnd, client] = [await world.join(robot), await world.join(robot, operator)];
    expect(client.last("welcome")?.peers).toMatchObject([{ session: robotEnd.session, state: "online" }]);
    expect(robotEnd.last("peer.online")?.peer).toMatchObject({ session: client.session });
    expect((await list(world.system, robot.id, { limit: 5 })).items).toHaveLength(2);
  });

  test("a robot says what befell it and how a stop went [P10, P14]", async () => {
    const { world, robot, timeline } = await behind();
    const robotEnd = await world.join(robot);
    const stages = [{ stage: "stop", became: "done", tookMs: 1 }];
    await world.say(robotEnd, { type: "report", account: { cause: "agent.hung" } });
    await world.say(robotEnd, { type: "report", manoeuvre: { reason: "deadman", beganAt: world.clock.now(), latencyMs: 1, stages } });
    expect(robotEnd.all("problem")).toEqual([]);
    const types = (await timeline()).map(({ type }) => type);
    expect(types).toEqual(expect.arrayContaining(["robot.reported", "robot.manoeuvred"]));
  });

  test("an owner ends it, its gateway's word makes it away, and it leaves [P2, P5]", async () => {
    const { world, robot } = await behind();
    const [robotEnd, client, other] = [await world.join(robot), await world.join(robot, operator), await world.join(robot, owner)];
    const path = `/v1/robots/${robot.id}/sessions/${client.session}/end`;
    expect((await world.call("POST", path, { as: owner, body: {} })).status).toBe(204);
    await world.idle();
    expect(robotEnd.last("peer.ended")).toMatchObject({ session: client.session, cause: "admin.ended" });
    robotEnd.socket.close(1001);
    await world.idle();
    expect(other.last("peer.away")).toMatchObject({ session: robotEnd.session });
    const back = await world.join(robot);
    await world.say(back, { type: "leave" });
    expect(other.last("peer.ended")).toMatchObject({ session: back.session, cause: "robot.left" });
  });

  test("a connection that floods is closed, and its session waits for another [F9]", async () => {
    const { world, robot } = await behind();
    const [robotEnd, client] = [await world.join(robot), await world.join(robot, operator)];
    const { connection, principal } = JSON.parse(await world.item(robot, "robot"));
    const from: Identity = { kind: "robot", robotId: robot.id, sessionId: robotEnd.session as never, epoch: 1, principal, connection };
    await expel(world.system.env, from);
    await world.idle();
    const away = { session: robotEnd.session, cause: "connection.flooded", inferred: false, actor: { type: "system" } };
    expect([robotEnd.closed !== undefined, client.last("peer.away")]).toMatchObject([true, away]);
  });
});
