import { type ChildProcess, spawn } from "node:child_process";
import { EventEmitter } from "node:events";
import { join } from "node:path";
import { createVirtualClock } from "@tether/local/clock/virtual";
import { ClientSessionId } from "@tether/protocol/id";
import { expect, onTestFinished, test } from "vitest";
import type { FromMedia, ToMedia } from "../../../src/media/message.ts";
import { startMedia } from "../../../src/peer/native/media.ts";
import { beatMs, demandMs, hungMs, restartMs } from "../../../src/peer/native/media-process.ts";
import { children, folder } from "../../agent-process.ts";
import { createWatch } from "../../watch.ts";

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

test("the process of the peer connections that hangs is killed, and started again", async () => {
  const clock = createVirtualClock({ startAt: 0, idle: turn });
  const said = createWatch<{ event: string; signal?: string }>();
  const say = { progress() {}, event: (_: string, facts: object) => said.put({ event: "", ...facts }), result() {}, trouble() {} };
  const before = children();
  const media = startMedia({ clock, cameras: [], recordings: join(folder(), "recordings"), say });
  onTestFinished(() => media.close());
  const [pid = 0] = children().filter((one) => !before.includes(one));
  // Recording nothing is an answer: from then on it lives.
  media.keep("asked");
  await said.until("a recording", ({ event }) => event === "recorded");
  process.kill(pid, "SIGSTOP");
  for (let passed = 0; passed <= hungMs.later + beatMs; passed += beatMs) await clock.advance(beatMs);
  expect(await said.until("its end", ({ event }) => event === "media.ended")).toMatchObject({ signal: "SIGKILL" });
  await clock.advance(beatMs);
  expect(children().filter((one) => !before.includes(one) && one !== pid)).toHaveLength(1);
});

const [ada, bob] = ["0", "1"].map((last) => ClientSessionId.parse(`cse_01J0000000000000000000000${last}`)) as [
  ClientSessionId,
  ClientSessionId,
];

/** A media process that the test plays: what it was sent, and the way to say something as it. */
function played() {
  const sent: ToMedia[] = [];
  const child = Object.assign(new EventEmitter(), {
    connected: true,
    pid: 1,
    send(one: ToMedia) {
      sent.push(one);
      if (one.type === "beat") child.emit("message", { type: "beat" } satisfies FromMedia);
    },
    disconnect: () => void child.emit("exit", 0, null),
  });
  return { child: child as unknown as ChildProcess, sent, says: (message: FromMedia) => child.emit("message", message) };
}

test("whoever drives is followed on the newest of their peer connections that lives", () => {
  const { child, sent, says } = played();
  const clock = createVirtualClock({ startAt: 0, idle: turn });
  const say = { progress() {}, event() {}, result() {}, trouble() {} };
  const media = startMedia({ clock, cameras: [], recordings: "/nowhere", say, launch: () => child });
  const driver = () => sent.findLast((one) => one.type === "driver")?.peer;
  const open = (client: ClientSessionId) => media.connect(client, {}, true);
  media.setDriver(ada);
  expect(driver()).toBeUndefined();
  const first = open(ada);
  expect(driver()).toBe(1);
  open(bob);
  says({ type: "peer", peer: 2, news: "state", state: "failed" });
  expect(driver()).toBe(1);
  open(ada);
  expect(driver()).toBe(3);
  first.close();
  expect(driver()).toBe(3);
  open(ada);
  says({ type: "peer", peer: 4, news: "state", state: "closed" });
  expect(driver()).toBe(3);
  says({ type: "peer", peer: 3, news: "state", state: "failed" });
  expect(driver()).toBeUndefined();
  media.setDriver(undefined);
});

test("a peer connection that failed in the media process is logged with its reason, and is not the driver's any more", () => {
  const { child, sent, says } = played();
  const clock = createVirtualClock({ startAt: 0, idle: turn });
  const events: object[] = [];
  const say = { progress() {}, event: (_: string, facts: object) => void events.push(facts), result() {}, trouble() {} };
  const media = startMedia({ clock, cameras: [], recordings: "/nowhere", say, launch: () => child });
  media.setDriver(ada);
  const connection = media.connect(ada, {}, true);
  says({ type: "peer", peer: 1, news: "failed", says: "TypeError at peer.ts:1:1" });
  expect([connection.connectionState, events]).toEqual(["failed", [{ event: "peer.failed", reason: "TypeError at peer.ts:1:1" }]]);
  expect(sent.at(-1)).toEqual({ type: "driver", peer: undefined });
});

/** A media process whose every start goes as `launch` has it, and when each was, in ms. */
function restarted(launch: () => ChildProcess) {
  const clock = createVirtualClock({ startAt: 0, idle: turn });
  const events = createWatch<{ event?: string; reason?: string; status?: number | null }>();
  const starts: number[] = [];
  const say = { progress() {}, event: (_: string, facts: object) => events.put(facts), result() {}, trouble() {} };
  const launchAt = () => {
    starts.push(clock.now());
    return launch();
  };
  const media = startMedia({ clock, cameras: [], recordings: "/nowhere", say, launch: launchAt });
  onTestFinished(() => media.close());
  return { clock, media, events, starts };
}

/** The same with processes that live until the newest is ended. */
function endable() {
  const made: ReturnType<typeof played>[] = [];
  const all = restarted(() => {
    const one = played();
    made.push(one);
    return one.child;
  });
  return { ...all, made, end: () => made.at(-1)?.child.emit("exit", 1, null) };
}

test("a process that ends again and again is started after waits that grow to 10 s, and anew after 500 ms once it lived for a minute", async () => {
  const { clock, starts, made, end } = endable();
  for (let count = 0; count < 7; count += 1) {
    end();
    await clock.advance(restartMs.longest);
    expect(made).toHaveLength(count + 2);
  }
  // Each began when its wait was over, within the 10 s that pass before the next end.
  expect(starts.slice(1).map((at, index) => at - index * restartMs.longest)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
  await clock.advance(restartMs.lived);
  end();
  await clock.advance(restartMs.first);
  expect(made).toHaveLength(9);
});

test("a client that connects brings the start of a process that ended forward, to a second after its end and once in 10 s", async () => {
  const { clock, media, starts, made, end } = endable();
  // Four that end at once: from the fifth on the wait is 8 s, and then 10 s.
  for (let count = 0; count < 5; count += 1) {
    end();
    await clock.advance(restartMs.longest);
  }
  expect(made).toHaveLength(6);
  const from = clock.now();
  const startedAfter = () => starts.slice(6).map((at) => at - from);

  end();
  await clock.advance(3_000);
  expect(startedAfter()).toEqual([]);
  const waiting = media.connect(ada, {}, true);
  await clock.advance(0);
  expect([startedAfter(), waiting.connectionState]).toEqual([[3_000], "new"]);
  expect(made.at(-1)?.sent.flatMap((one) => (one.type === "open" ? [one.peer] : []))).toEqual([1]);

  // The process ends again with each client that connects, every second: no client brings the next start forward before 10 s have passed.
  end();
  for (let second = 0; second < 9; second += 1) {
    media.connect(ada, {}, true);
    await clock.advance(1_000);
  }
  expect(startedAfter()).toEqual([3_000]);
  await clock.advance(1_000);
  expect(startedAfter()).toEqual([3_000, 13_000]);

  // A client that connects as the process ends waits for a second.
  end();
  media.connect(ada, {}, true);
  await clock.advance(demandMs.afterEnd - 1);
  expect(startedAfter()).toHaveLength(2);
  await clock.advance(1);
  expect(startedAfter()).toEqual([3_000, 13_000, 14_000]);
});

test("a client that connects puts no start off that is due sooner", async () => {
  const { child } = played();
  const { clock, media, starts } = restarted(() => child);
  child.emit("exit", 1, null);
  media.connect(ada, {}, true);
  await clock.advance(restartMs.first);
  expect(starts).toEqual([0, restartMs.first]);
});

test.each([
  ["by an event", () => spawn("/nowhere/node", { stdio: ["ignore", "ignore", "pipe", "ipc"] }), "ENOENT"],
  [
    "by a throw",
    () => {
      throw Object.assign(new Error("spawn ENOMEM"), { code: "ENOMEM" });
    },
    "ENOMEM",
  ],
])("a process that the system refuses to start, %s, is tried again, and its peer connections fail", async (_, refuse, reason) => {
  const { child, sent } = played();
  let tries = 0;
  const { clock, media, events, starts } = restarted(() => {
    tries += 1;
    return tries === 1 ? refuse() : child;
  });
  const lost = media.connect(ada, {}, true);
  expect(await events.until("word of it", ({ event }) => event === "media.ended")).toMatchObject({ reason, status: null });
  expect([lost.connectionState, starts]).toEqual(["failed", [0]]);
  lost.close();
  // A peer connection that is made and closed meanwhile is not told to the next process.
  media.connect(bob, {}, false).close();
  media.connect(ada, {}, true);
  await clock.advance(restartMs.first);
  expect(starts).toEqual([0, restartMs.first]);
  expect(sent.flatMap((one) => ("peer" in one ? [[one.type, one.peer]] : []))).toEqual([["open", 3]]);
});

test("why a process ended is logged, and nothing of what else it wrote", async () => {
  const source = 'console.error("a=ice-pwd:secret"); require("./no-such-library.node")';
  const { events } = restarted(() => spawn(process.execPath, ["-e", source], { stdio: ["ignore", "ignore", "pipe", "ipc"] }));
  const { reason } = await events.until("its end", ({ event }) => event === "media.ended");
  expect(reason).toBe("Error: Cannot find module './no-such-library.node'");
});
