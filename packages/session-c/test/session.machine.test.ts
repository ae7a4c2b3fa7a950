import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { bye } from "@tether/protocol/frame/bye";
import { type ProblemCode, problems } from "@tether/protocol/problem";
import { afterAll, test as anyTest, beforeAll, expect } from "vitest";
import { realClock } from "../../local/src/clock/real.ts";
import { robot, type Strange } from "../../local/src/conform/server.ts";
import { buildProgram } from "./build.ts";
import { patience, startRobot } from "./robot.ts";

let built: Awaited<ReturnType<typeof buildProgram>>;
beforeAll(async () => {
  built = await buildProgram("robot");
});
afterAll(() => built.remove());

type Start = (options?: Parameters<typeof startRobot>[2]) => ReturnType<typeof startRobot>;
const test = anyTest.extend<{ start: Start }>({
  start: async ({ onTestFinished }, use) => use((options) => startRobot(built, onTestFinished, options)),
});

const refusing = (problem: ProblemCode) => (path: string) => (path === "/v1/tickets/robot" ? problem : undefined);
const onTickets = (strange: Strange) => (path: string) => (path === "/v1/tickets/robot" ? strange : undefined);

// The tests run side by side, and these two wait the longest.
test.concurrent("a socket that opens to nobody's answer is given up, and another one is tried [E2.1]", async ({
  start,
  onTestFinished,
}) => {
  const silent = createServer();
  onTestFinished(() => void silent.close());
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const asked = once(silent, "connection");
  const url = `ws://127.0.0.1:${(silent.address() as AddressInfo).port}/`;
  const { connected, service, end } = await start({ state: { url } });
  const [socket] = await asked;
  socket.resume();
  service.state.url = undefined;
  await connected();
  expect(await end()).toBe(0);
});

test.concurrent("the first welcome is waited for longer than that to a question [E2.1, E10]", async ({ start }) => {
  const { connected, service, end } = await start();
  const { openedAt } = await connected();
  await service.connections.until("another connection", () => true, { ...patience, from: 1 });
  expect(realClock.now() - openedAt).toBeGreaterThanOrEqual(10_000);
  expect(await end()).toBe(0);
});

test.concurrent("a connection is kept by WebSocket pings [E4, E12]", async ({ start }) => {
  const { connected, end } = await start();
  const { pings } = await connected();
  await pings.until("pings", () => pings.all.length >= 2, patience);
  expect(await end()).toBe(0);
});

test.concurrent("hello names the run and its tracks, and a report is said when it changes, and once more after the next welcome [H2, W1.2, P13]", async ({
  start,
}) => {
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

test.concurrent("a connection that nears its end is handed over, nothing is lost meanwhile, and the old one is kept for 10 s [E8, H6.2]", async ({
  start,
}) => {
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

test.concurrent("it renews its lease at once when it is warned, and goes on with its next key when that is due [L3.1, K2.1]", async ({
  start,
}) => {
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

test.concurrent("it stays down after bye with the policy never, and connects again after any other [E3, F5]", async ({ start }) => {
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

test.concurrent("a frame that the gateway lost before welcome has the connection begun anew, and a frame that is no JSON is nothing [F10, F3]", async ({
  start,
}) => {
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

test.concurrent("a wake says hello again on the same connection, and leave says that it leaves [E10, P7]", async ({ start }) => {
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

test.concurrent("a refusal that is final ends it, and any other does not [E3.1, E11]", async ({ start }) => {
  const superseded = await start({ state: { refuse: refusing("session.superseded") } });
  expect(await superseded.told("ended")).toEqual({ hook: "ended", text: "session.superseded" });
  const unavailable = await start({ state: { refuse: refusing("unavailable") } });
  await unavailable.service.asked.until("a ticket twice", () => unavailable.service.asked.all.length > 3, patience);
  unavailable.service.state.refuse = undefined;
  unavailable.welcome(await unavailable.connected());
  await unavailable.told("frame");
  expect(await unavailable.end()).toBe(0);
});

test.concurrent.for(["nan", "-1e300", "never"])(
  "a time to be waited for that is none is not waited for: %s [E7]",
  async (retryAfter, { start }) => {
    const { service, connected, end } = await start({ state: { refuse: refusing("rate.limited"), retryAfter } });
    await service.asked.until("a ticket", ({ refused }) => refused === "rate.limited", patience);
    service.state.refuse = undefined;
    await connected();
    expect(await end()).toBe(0);
  },
);

test.concurrent("an answer without a ticket is nobody's word, and a server's time that is none corrects no clock [E11, E6]", async ({
  start,
}) => {
  const { service, connected, welcome, say, told, end } = await start();
  const first = await connected();
  welcome(first);
  service.state.strange = onTickets({ status: 200, type: "application/json", text: "{}" });
  first.say({ type: "auth.expiring", expiresAt: service.now() + 60_000 });
  await service.asked.until("a ticket", ({ refused }) => refused === "by a stranger", patience);
  say("wake");
  await first.frame("hello", { ...patience, from: 1 });
  welcome(first);
  expect(first.heard.all.filter(({ text }) => text.includes("auth.renew"))).toEqual([]);
  const text = JSON.stringify({ type: "", title: "", detail: "", status: 401, code: "assertion.clock", serverTime: 1e300 });
  service.state.strange = onTickets({ status: 401, type: "application/problem+json", text });
  first.cut();
  expect(await told("ended")).toEqual({ hook: "ended", text: "assertion.clock" });
  expect(await end()).toBe(0);
});

test.concurrent("it stays down where a connection is refused for good before its welcome [E3, E3.1, H9]", async ({ start }) => {
  const superseded = await start();
  const { says, remedy } = problems["protocol.unsupported"];
  const actor = { type: "system" } as const;
  (await superseded.connected()).say(bye({ cause: "superseded", actor, inferred: false }));
  expect(await superseded.told("ended")).toEqual({ hook: "ended", text: "superseded" });
  const unsupported = await start();
  (await unsupported.connected()).say({ type: "problem", code: "protocol.unsupported", says, remedy });
  expect(await unsupported.told("ended")).toEqual({ hook: "ended", text: "protocol.unsupported" });
});

test.concurrent("a session that ends while it is connected closes its connection, so that nobody takes it for online [E3]", async ({
  start,
  expect,
}) => {
  const { connected, welcome, service, told, end } = await start();
  const first = await connected();
  welcome(first);
  service.state.refuse = refusing("session.superseded");
  first.say({ type: "auth.expiring", expiresAt: service.now() + 60_000 });
  await told("ended");
  await expect.poll(first.isOver).toBe(true);
  expect(await end()).toBe(0);
});

test.concurrent("a code that is none is not sent, a wrong one is refused for good, and a folder that is no robot's is left alone [N3.1, N4]", async ({
  start,
}) => {
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
