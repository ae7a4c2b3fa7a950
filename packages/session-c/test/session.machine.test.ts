import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { RobotId, RobotSessionId } from "@tether/protocol/id";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { realClock } from "../../local/src/clock/real.ts";
import type { Connection } from "../../local/src/conform/connection.ts";
import { robot } from "../../local/src/conform/server.ts";
import { code, session, startService } from "../../local/src/conform/service.ts";
import { createWatch } from "../../local/src/conform/watch.ts";
import { buildProgram } from "./build.ts";

let built: Awaited<ReturnType<typeof buildProgram>>;
beforeAll(async () => {
  built = await buildProgram("robot");
});
afterAll(() => built.remove());

const patience = { ms: 60_000 };
let folders = 0;

/** The program, and a broker that does what the test tells it. */
async function start(options: { folder?: string; code?: string; refuse?: "session.superseded" | "unavailable" } = {}) {
  const service = await startService({ clock: realClock });
  service.state.refuse = options.refuse && ((path) => (path === "/v1/tickets/robot" ? options.refuse : undefined));
  folders += 1;
  const folder = options.folder ?? join(built.folder, `robot-${folders}`);
  const child = spawn(built.path, [folder, service.origin, options.code ?? code], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(child, "exit");
  const told = createWatch<{ hook: string; text: string }>(realClock);
  createInterface({ input: child.stdout }).on("line", (line) => told.put(JSON.parse(line)));
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await ended;
    await service.stop();
  });
  return {
    service,
    folder,
    say: (line: string) => child.stdin.write(`${line}\n`),
    told: (hook: string, from = 0) => told.until(hook, (one) => one.hook === hook, { ...patience, from }),
    all: told.all,
    /** The program gives its session up, and ends: its status is not 0 where it lost memory. */
    async end() {
      child.stdin.end();
      return (await ended)[0];
    },
    async connected(from = 0): Promise<Connection> {
      const connection = await service.connections.until("a connection", () => true, { ...patience, from });
      await connection.frame("hello", patience);
      return connection;
    },
    welcome(connection: Connection, { lifeMs = 7_200_000, leaseMs = 14_400_000 } = {}) {
      connection.say({
        type: "welcome",
        session: { id: RobotSessionId.parse(session), epoch: connection.epoch, resumed: false },
        robot: RobotId.parse(robot),
        serverTime: service.now(),
        deadlines: { authExpiresAt: service.now() + leaseMs, connectionEndsAt: service.now() + lifeMs },
        peers: [],
        iceServers: [],
      });
    },
  };
}

test("hello names the run and its tracks, and a report is said when it changes, and once more after the next welcome [H2, W1.2, P13]", async () => {
  const { connected, welcome, say, end, told } = await start();
  const first = await connected();
  say('report {"inForce":true}');
  welcome(first);
  expect(await first.frame("report", patience)).toMatchObject({ stop: { inForce: true } });
  say('report {"inForce":false}');
  await first.heard.until("the change", ({ text }) => text.includes("false"), patience);
  first.cut();
  await told("lost");
  const second = await connected(1);
  welcome(second);
  expect(await second.frame("report", patience)).toMatchObject({ stop: { inForce: false } });
  const hellos = await Promise.all([first, second].map((one) => one.frame("hello")));
  expect(hellos[0]).toMatchObject({ tracks: ["video"], features: ["keepalive"], received: {} });
  expect(hellos[1]?.instance).toBe(hellos[0]?.instance);
  expect(await end()).toBe(0);
});

test("a connection that nears its end is handed over, nothing is lost meanwhile, and the old one is kept for 10 s [E8, H6.2]", async () => {
  const { connected, welcome, all, told, end } = await start();
  const first = await connected();
  welcome(first, { lifeMs: 1_500 });
  const second = await connected(1);
  expect(first.isOver()).toBe(false);
  welcome(second);
  await told("frame", all.length);
  first.raw(JSON.stringify({ type: "control.changed" }));
  await told("frame", all.length);
  expect(first.isOver()).toBe(false);
  expect(all.map(({ hook, text }) => [hook, text])).toEqual([
    ["enrolled", robot],
    ["frame", "welcome"],
    ["frame", "welcome"],
    ["frame", "control.changed"],
  ]);
  expect(await end()).toBe(0);
});

test("it renews its lease at once when it is warned, and goes on with its next key when that is due [L3.1, K2.1]", async () => {
  const { connected, welcome, service, end } = await start();
  const first = await connected();
  welcome(first);
  service.state.rotateAfter = 0;
  first.say({ type: "auth.expiring", expiresAt: service.now() + 60_000 });
  const { ticket } = await first.frame("auth.renew", patience);
  expect(ticket).toMatch(/^t\d+$/);
  expect(service.keys.map(({ state }) => state)).toEqual(["retiring", "active"]);
  expect(await end()).toBe(0);
});

test("it stays down after bye with the policy never, and connects again after any other [E3, F5]", async () => {
  const { connected, welcome, told, end } = await start();
  const bye = { type: "bye", cause: "auth.expired", close: 4005, says: "", remedy: "", actor: { type: "system" } };
  const first = await connected();
  welcome(first);
  first.raw(JSON.stringify({ ...bye, retry: { policy: "now", afterMs: 0 } }));
  const second = await connected(1);
  welcome(second);
  second.raw(JSON.stringify({ ...bye, cause: "robot.deleted", retry: { policy: "never", afterMs: 0 } }));
  expect(await told("ended")).toEqual({ hook: "ended", text: "robot.deleted" });
  expect(await end()).toBe(0);
});

test("a frame that the gateway lost before welcome has the connection begun anew, and a frame that is no JSON is nothing [F10, F3]", async () => {
  const { connected, welcome, told, end } = await start();
  const first = await connected();
  first.raw('{"message":"Internal server error","connectionId":"c","requestId":"r"}');
  const second = await connected(1);
  second.raw("no json");
  second.raw("[1]");
  welcome(second);
  expect(await told("frame", 4)).toMatchObject({ text: "welcome" });
  expect(await end()).toBe(0);
});

test("a wake says hello again on the same connection, and leave says that it leaves [E10, P7]", async () => {
  const { connected, welcome, say, told, end } = await start();
  const first = await connected();
  welcome(first);
  await told("frame");
  say("wake");
  await first.frame("hello", { ...patience, from: 1 });
  welcome(first);
  await told("frame", 2);
  say("leave");
  await first.frame("leave", patience);
  expect(await end()).toBe(0);
});

test("a refusal that is final ends it, and any other does not [E3.1, E11]", async () => {
  const superseded = await start({ refuse: "session.superseded" });
  expect(await superseded.told("ended")).toEqual({ hook: "ended", text: "session.superseded" });
  const unavailable = await start({ refuse: "unavailable" });
  await unavailable.service.asked.until("a ticket twice", () => unavailable.service.asked.all.length > 3, patience);
  delete unavailable.service.state.refuse;
  unavailable.welcome(await unavailable.connected());
  await unavailable.told("frame");
  expect(await unavailable.end()).toBe(0);
});

test("a code that is none is not sent, a wrong one is refused for good, and a folder that is no robot's is left alone [N3.1, N4]", async () => {
  const none = await start({ code: "one-two" });
  expect(await none.told("refused")).toMatchObject({ text: "code" });
  expect(none.service.asked.all).toEqual([]);
  const wrong = await start({ code: "0000-0000-0000-0000-0000-0000-0000" });
  expect(await wrong.told("refused")).toMatchObject({ text: "enrollment.invalid" });
  const kept = join(wrong.folder, "robot.json");
  expect(JSON.parse(readFileSync(kept, "utf8"))).toMatchObject({ robot: "", key: expect.stringMatching(/^[\w-]{43}$/) });
  writeFileSync(kept, "{}");
  const foreign = await start({ folder: wrong.folder });
  expect(await foreign.end()).toBe(2);
  expect(readFileSync(kept, "utf8")).toBe("{}");
});
