import type { Reach } from "@tether/program/reach";
import type { Clock } from "@tether/sdk/clock";
import { describe, expect, test } from "vitest";
import type { Examine } from "../src/doctor/examine/examine.ts";
import { checkPeer } from "../src/doctor/examine/order.ts";
import type { Driver } from "../src/driver/driver.ts";
import { exits } from "../src/exit.ts";
import { folder as home, startAgent } from "./agent-process.ts";
import { reachable } from "./reachable.ts";
import { createRig } from "./rig.ts";
import { startService } from "./service.ts";

type Row = { readonly id: string; readonly result: string; readonly code?: string; readonly says: string; readonly remedy?: string };

const rowsOf = (said: readonly Record<string, unknown>[]) =>
  Object.fromEntries(((said.at(-1)?.checks ?? []) as Row[]).map((row) => [row.id, row])) as Record<string, Row>;

test("a robot that is well passes each step, beside a run that goes on and without one", async () => {
  const { origin, createRobot, codeFor, call } = await startService();
  const robot = await createRobot();
  const folder = home();
  await startAgent(folder, "enroll", origin, await codeFor(robot)).ended;
  const alone = startAgent(folder, "doctor", "--driver", "simulated");
  expect([await alone.ended, alone.stderr()]).toEqual([exits.done.code, ""]);
  expect(rowsOf(alone.said).loop?.says).toContain("Tried with libwebrtc");
  const results = Object.entries(rowsOf(alone.said)).map(([id, { result }]) => [id, result]);
  const passed = { enrollment: "good", dns: "good", clock: "good", api: "good", ticket: "good", key: "good", socket: "good", loop: "good" };
  // The local system is no https address, needs no proxy, and names no STUN or TURN server.
  const untested = { proxy: "skipped", tls: "skipped", stun: "skipped", turn: "skipped" };
  expect(Object.fromEntries(results)).toEqual({ ...passed, ...untested, driver: "good" });

  const running = startAgent(folder, "run", "--driver", "simulated");
  await running.saying({ event: "state", status: "online" });
  const beside = startAgent(folder, "doctor", "--driver", "simulated");
  expect(await beside.ended).toBe(exits.done.code);
  expect(rowsOf(beside.said)).toMatchObject({
    socket: { result: "good", says: expect.stringContaining("run goes on here, and is online") },
    driver: { result: "good", says: expect.stringContaining("its driver is ready") },
  });
  const { items } = (await call("GET", `/robots/${robot}/sessions`)) as { items: { state: string }[] };
  expect(items[0]?.state).toBe("online");
});

async function enrolled() {
  const rig = await createRig();
  const files = rig.disk();
  const robot = await rig.owner.createRobot();
  const { said } = await rig.agent(["enroll", rig.origin, await rig.owner.codeFor(robot)], { files });

  async function doctor(told: Parameters<typeof rig.agent>[1] = {}, ...argv: string[]) {
    let isOver = false;
    const run = rig.agent(["doctor", ...argv], { files, ...told }).finally(() => {
      isOver = true;
    });
    while (!isOver) await rig.world.clock.advance(1_000);
    const ended = await run;
    return { code: ended.code, rows: rowsOf(ended.said) };
  }

  return { ...rig, files, robot, kid: String(said[0]?.kid), doctor };
}

const failing = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }));
const withReach = (differs: Partial<Reach>): Reach => ({ ...reachable, ...differs });

/** A peer connection that gathers nothing, and hears one error of the server. */
function gatheringNothing(errorCode: number): typeof RTCPeerConnection {
  class Deaf {
    onicecandidate?: (event: { candidate: null }) => void;
    onicecandidateerror?: (event: { errorCode: number; errorText: string }) => void;
    createDataChannel() {
      return {};
    }
    async createOffer() {}
    async setLocalDescription() {
      this.onicecandidateerror?.({ errorCode, errorText: "no" });
      this.onicecandidate?.({ candidate: null });
    }
    close() {}
  }
  return Deaf as unknown as typeof RTCPeerConnection;
}

/** Checks with that peer connection, whichever stack is asked for. */
function examinedBy(PeerConnection: typeof RTCPeerConnection, clock: Clock): Examine {
  return (order) => checkPeer({ clock, PeerConnection }, order);
}

const driver = (differs: Partial<Driver>): Driver => ({
  start: async () => {},
  command() {},
  stop: async () => {},
  telemetry: () => () => {},
  close: async () => {},
  ...differs,
});

describe("what fails is told with a code and a remedy, and what it makes untestable is skipped", () => {
  test("a name that is not resolved", async () => {
    const { doctor } = await enrolled();
    const { code, rows } = await doctor({ reach: withReach({ resolve: failing("ENOTFOUND") }) });
    expect(code).toBe(exits.unwell.code);
    expect(rows.dns).toMatchObject({ result: "bad", code: "network.unresolved", remedy: expect.stringContaining("DNS") });
  });

  test("a proxy that wants a password, and one that lets through", async () => {
    const { doctor } = await enrolled();
    const refusing = await doctor({ reach: withReach({ isProxied: () => true, tunnel: async () => 407 }) });
    expect(refusing.rows.proxy).toMatchObject({ result: "bad", code: "network.proxy", remedy: expect.stringContaining("HTTPS_PROXY") });
    expect(refusing.rows.dns).toMatchObject({ result: "skipped" });
    const dead = await doctor({ reach: withReach({ isProxied: () => true, tunnel: failing("ECONNREFUSED") }) });
    expect(dead.rows.proxy).toMatchObject({ result: "bad", code: "network.refused", says: expect.stringMatching(/^The proxy /) });
    const open = await doctor({ reach: withReach({ isProxied: () => true, tunnel: async () => 200 }) });
    expect(open.rows.proxy).toMatchObject({ result: "good" });
  });

  test("a clock of 1970, by the certificate that is not valid yet and by the server's own time", async () => {
    const { doctor, world } = await enrolled();
    const date = world.clock.now() + 56 * 365 * 86_400_000;
    const greet: Reach["greet"] = (_, { unverified }) => (unverified ? Promise.resolve({ date }) : failing("CERT_NOT_YET_VALID")());
    const { rows } = await doctor({ reach: withReach({ greet }) });
    expect(rows.tls).toMatchObject({ result: "bad", code: "network.clock" });
    expect(rows.clock).toMatchObject({ result: "bad", code: "clock.off", remedy: expect.stringContaining("timedatectl") });
    expect(rows.clock?.says).toMatch(/56 years behind that of the server, whose certificate was not accepted\.$/);
  });

  test("a clock that is off by more than a minute, and not one that is off by a minute", async () => {
    const { doctor, world } = await enrolled();
    const at = (aheadMs: number) => doctor({ reach: withReach({ greet: async () => ({ date: world.clock.now() + aheadMs }) }) });
    expect((await at(60_000)).rows.clock?.result).toBe("good");
    expect((await at(-61_000)).rows.clock).toMatchObject({ result: "bad", code: "clock.off", says: expect.stringContaining("ahead of") });
  });

  test("a service that does not answer: no ticket, and nothing that takes one", async () => {
    const { doctor } = await enrolled();
    const { rows } = await doctor({ fetch: failing("ECONNREFUSED") });
    expect(rows).toMatchObject({
      api: { result: "bad", code: "network.refused" },
      ticket: { result: "bad", code: "network.refused" },
      key: { result: "skipped" },
      socket: { result: "skipped" },
      stun: { result: "skipped" },
      turn: { result: "skipped" },
    });
  });

  test("a key that was revoked", async () => {
    const { doctor, owner, robot, kid } = await enrolled();
    await owner.revoke(robot, kid);
    expect((await doctor()).rows.ticket).toMatchObject({ result: "bad", code: "assertion.key" });
  });

  test("a key that is past its date", async () => {
    const { doctor, world } = await enrolled();
    world.system.faults.set([{ name: "sweep.late", ms: 86_400_000, rate: 1 }]);
    await world.clock.advance(91 * 86_400_000);
    expect((await doctor()).rows.key).toMatchObject({ result: "bad", code: "key.expired", remedy: expect.stringContaining("rotate") });
  });

  test("a socket that does not open", async () => {
    const { doctor, platform } = await enrolled();
    const socket = () => {
      throw new Error("blocked");
    };
    expect((await doctor({ platform: { ...platform, socket } })).rows.socket).toMatchObject({ result: "bad", code: "connection.lost" });
  });

  test("a session that goes on elsewhere: no socket is opened, as that would take it over", async () => {
    const { doctor, agent, files, world, owner, robot } = await enrolled();
    const stop = new AbortController();
    const elsewhere = { ...files, take: () => () => {} };
    const run = agent(["run"], { files: elsewhere, stopped: stop.signal });
    await world.idle();
    expect((await doctor()).rows.socket).toMatchObject({ result: "skipped", says: expect.stringContaining("take it over") });
    const { items } = (await owner.call("GET", `/robots/${robot}/sessions`)) as { items: { state: string }[] };
    expect(items.map(({ state }) => state)).toEqual(["online"]);
    stop.abort();
    await world.clock.advance(1_000);
    expect((await run).code).toBe(0);
  });

  test("a STUN server that is silent, and a TURN server that refuses", async () => {
    const { doctor, world } = await enrolled();
    const fetch = async (url: string, init: RequestInit) => {
      const answer = await world.fetch(url, init);
      if (!url.endsWith("/tickets/robot") || !answer.ok) return answer;
      const ticket = (await answer.json()) as object;
      return Response.json({
        ...ticket,
        iceServers: [{ urls: ["stun:s.example"] }, { urls: ["turn:t.example"], username: "u", credential: "c" }],
      });
    };
    const silent = await doctor({ fetch, examine: examinedBy(gatheringNothing(701), world.clock) });
    expect(silent.rows).toMatchObject({ stun: { result: "bad", code: "stun.silent" }, turn: { result: "bad", code: "turn.silent" } });
    const refused = await doctor({ fetch, examine: examinedBy(gatheringNothing(401), world.clock) });
    expect(refused.rows.turn).toMatchObject({ result: "bad", code: "turn.refused" });
  });

  test.each([
    [
      "ends at its start",
      { start: () => new Promise<void>(() => {}), ended: Promise.resolve({ status: 3, says: "The driver ended with 3." }) },
      "driver.ended",
    ],
    ["never gets ready", { start: () => new Promise<void>(() => {}) }, "driver.hung"],
    ["does not answer a stop", { stop: () => new Promise<void>(() => {}) }, "driver.hung"],
  ] as const)("a driver that %s", async (_, differs, code) => {
    const { doctor } = await enrolled();
    let isClosed = false;
    const close = async () => {
      isClosed = true;
    };
    const { rows } = await doctor({ openDriver: () => driver({ ...differs, close }) }, "--driver", "wheels");
    expect(rows.driver).toMatchObject({ result: "bad", code });
    expect(isClosed).toBe(true);
  });

  test("no WebRTC and no driver", async () => {
    const { doctor } = await enrolled();
    const { code, rows } = await doctor();
    expect(rows).toMatchObject({ loop: { result: "bad", code: "webrtc.missing" }, driver: { result: "skipped" } });
    expect(code).toBe(exits.unwell.code);
  });

  test("a robot that is not enrolled, of which the network is looked at where an address is told", async () => {
    const { doctor, disk, origin } = await enrolled();
    const nowhere = await doctor({ files: disk() });
    expect(nowhere.rows).toMatchObject({
      enrollment: { result: "bad", code: "enrollment.none" },
      dns: { result: "skipped" },
      api: { result: "skipped" },
      ticket: { result: "skipped" },
    });
    const told = await doctor({ files: disk(), variables: { TETHER_API: origin } });
    expect(told.rows).toMatchObject({ dns: { result: "good" }, api: { result: "good" }, ticket: { result: "skipped" } });
  });
});
