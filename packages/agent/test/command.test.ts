import { RobotId } from "@tether/protocol/id";
import { describe, expect, test } from "vitest";
import { owner as asOwner, createKeyHolder } from "../../local/test/world/world.ts";
import { exits } from "../src/exit.ts";
import { createRig, folder } from "./rig.ts";

async function enrolled() {
  const rig = await createRig();
  const files = rig.disk();
  const robot = await rig.owner.createRobot();
  const code = await rig.owner.codeFor(robot);
  const told = await rig.agent(["enroll", rig.origin, code], { files });
  const kept = () => JSON.parse(files.names.get(`${folder}/robot.json`)?.text ?? "{}");
  return { ...rig, files, robot, code, kid: String(told.said[0]?.kid), kept };
}

describe("enroll", () => {
  test("with a used code again says what stands; with another one it asks for --again", async () => {
    const { agent, files, origin, code, owner, robot, kid, kept } = await enrolled();
    expect(await agent(["enroll", origin, code.toLowerCase()], { files })).toMatchObject({ code: 0, said: [{ kid }] });
    const fresh = await owner.codeFor(robot);
    expect(await agent(["enroll", origin, fresh], { files })).toMatchObject({
      code: exits.usage.code,
      said: [{ code: "enrollment.done" }],
    });
    const again = await agent(["enroll", "--again", "--p256", origin, fresh], { files });
    expect(again.code).toBe(0);
    expect(kept()).toMatchObject({ enrolled: { key: { jwk: { crv: "P-256" } } } });
    expect(kept().enrolling).toBeUndefined();
  });

  test("takes the address from the environment and the code from standard input", async () => {
    const { agent, disk, origin, owner, robot } = await enrolled();
    const input = `${await owner.codeFor(robot)}\n`;
    expect((await agent(["enroll", "-"], { files: disk(), variables: { TETHER_API: origin }, input })).code).toBe(0);
  });

  test("keeps the old robot in force while an enrollment at another one fails", async () => {
    const { agent, files, origin, kid } = await enrolled();
    const failed = await agent(["enroll", "--again", origin, "0".repeat(28)], { files });
    expect(failed).toMatchObject({ code: exits.refused.code, said: [{ code: "enrollment.invalid" }] });
    expect(await agent(["status"], { files })).toMatchObject({ code: 0, said: [{ key: { kid } }] });
  });

  test("uses the key of an enrollment that was begun for the next code too", async () => {
    const { agent, disk, origin, owner, robot, world } = await enrolled();
    const files = disk();
    const deaf = async () => Promise.reject(new TypeError("no network"));
    const code = await owner.codeFor(robot);
    expect(await agent(["enroll", origin, code], { files, fetch: deaf })).toMatchObject({ code: exits.failed.code });
    const begun = JSON.parse(files.names.get(`${folder}/robot.json`)?.text ?? "").enrolling.key;
    await world.clock.advance(20 * 60_000);
    expect(await agent(["enroll", origin, code], { files })).toMatchObject({ code: exits.refused.code });
    expect((await agent(["enroll", origin, await owner.codeFor(robot)], { files })).code).toBe(0);
    expect(JSON.parse(files.names.get(`${folder}/robot.json`)?.text ?? "").enrolled.key).toEqual(begun);
  });

  test.each([
    [["enroll", "CODE"], "No address"],
    [["enroll", "ftp://a.example", "0".repeat(28)], "no address of a service"],
    [["enroll", "https://a.example", "SHORT"], "no enrollment code"],
  ])("%j is refused before anything is written", async (argv, says) => {
    const { agent, disk } = await createRig();
    const files = disk();
    expect(await agent(argv, { files })).toMatchObject({ code: exits.usage.code, said: [{ says: expect.stringContaining(says) }] });
    expect(files.names.size).toBe(0);
  });
});

test.each(["run", "rotate", "status"])("%s of a robot that is not enrolled says how to enroll it", async (command) => {
  const { agent, disk } = await createRig();
  const { code, said } = await agent([command], { files: disk() });
  expect(code).toBe(exits.unenrolled.code);
  expect(said[0]).toMatchObject({ code: "enrollment.none", remedy: expect.stringContaining("tether-robot enroll") });
});

describe("run", () => {
  async function running(fetch?: (url: string, init: RequestInit) => Promise<Response>) {
    const rig = await enrolled();
    const stop = new AbortController();
    const run = rig.agent(["run"], { files: rig.files, stopped: stop.signal, ...(fetch && { fetch }) });
    await rig.world.idle();
    return { ...rig, stop, run };
  }

  test("without a driver says so at once: in its log, on the timeline, and to each client [P12]", async () => {
    const { run, stop, owner, robot, world, origin } = await running();
    const client = await world.join(createKeyHolder(robot, origin, world.clock), asOwner);
    expect(client.all("signal").map(({ data }) => data)).toEqual([{ kind: "app", body: { undrivable: "driver.none" } }]);
    const { items } = (await owner.call("GET", `/robots/${robot}/timeline`)) as { items: { type: string; cause?: string }[] };
    expect(items.filter(({ type }) => type === "robot.reported").map(({ cause }) => cause)).toEqual(["driver.none"]);
    stop.abort();
    await world.clock.advance(1_000);
    const events = (await run).said.map(({ event, status }) => [event, status]);
    expect(events[0]).toEqual(["driver.none", undefined]);
  });

  test("goes on with the new key when the one before it is revoked", async () => {
    const { run, stop, agent, files, owner, robot, kid, world } = await running();
    await agent(["rotate"], { files });
    await owner.revoke(robot, kid);
    await world.clock.advance(10_000);
    const live = (await owner.call("GET", `/robots/${robot}/sessions`)) as { items: { state: string }[] };
    expect(live.items[0]?.state).toBe("online");
    stop.abort();
    await world.clock.advance(1_000);
    expect((await run).code).toBe(0);
  });

  test("ends when the robot is deleted", async () => {
    const { run, owner, robot, world } = await running();
    await owner.remove(robot);
    await world.clock.advance(120_000);
    expect(await run).toMatchObject({ code: exits.refused.code });
  });

  test("goes on trying for as long as the service cannot be reached, and stops at once when told to", async () => {
    let asked = 0;
    const { run, stop, world } = await running(async () => {
      asked += 1;
      throw new TypeError("fetch failed", { cause: Object.assign(new Error("refused"), { code: "ECONNREFUSED" }) });
    });
    await world.clock.advance(3_600_000);
    expect(asked).toBeGreaterThan(100);
    stop.abort();
    await world.idle();
    const { code, said } = await run;
    expect(code).toBe(0);
    expect(said).toContainEqual(expect.objectContaining({ event: "state", status: "waiting", code: "network.refused" }));
  });
});

test("nothing the agent says holds a private key or a code", async () => {
  const { agent, files, origin, code, kept } = await enrolled();
  const told = [await agent(["enroll", origin, code], { files }), await agent(["rotate"], { files }), await agent(["status"], { files })];
  const text = JSON.stringify(told);
  expect(text).not.toContain(code);
  expect(text).not.toContain(kept().enrolled.key.jwk.d);
  expect(RobotId.safeParse(kept().enrolled.robot.id).success).toBe(true);
});
