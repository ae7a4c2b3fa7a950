import type { ChildProcess } from "node:child_process";
import { EventEmitter } from "node:events";
import { join } from "node:path";
import { createVirtualClock } from "@tether/local/clock/virtual";
import { ClientSessionId } from "@tether/protocol/id";
import { expect, onTestFinished, test } from "vitest";
import type { FromMedia, ToMedia } from "../../../src/media/message.ts";
import { beatMs, hungMs, startMedia } from "../../../src/peer/native/media.ts";
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
    exitCode: 0,
    signalCode: null,
    send: (one: ToMedia) => sent.push(one),
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
