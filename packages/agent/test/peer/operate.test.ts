import wrtc from "@roamhq/wrtc";
import { defaultPolicy } from "@tether/protocol/control";
import { platform } from "@tether/sdk/platform";
import { describe, expect, test } from "vitest";
import type { Ended } from "../../src/driver/driver.ts";
import { picture } from "../../src/driver/simulated/camera.ts";
import { createSimulated } from "../../src/driver/simulated/driver.ts";
import type { Media } from "../../src/peer/native/media.ts";
import { createWatch } from "../watch.ts";
import { NativeClient } from "./libdatachannel.ts";
import { type Deed, startReference } from "./rig.ts";

const isCommand = (deed: Deed) => deed.did === "command";
const ahead = { linear: 0.4, angular: 0 };

/** The pictures of a track. */
function frames(track: MediaStreamTrack) {
  const seen = createWatch<{ width: number; height: number; data: Uint8Array }>();
  const sink = new wrtc.nonstandard.RTCVideoSink(track);
  const onframe = ({ frame }: { frame: { width: number; height: number; data: Uint8Array } }) =>
    seen.put({ ...frame, data: Uint8Array.from(frame.data) });
  Object.assign(sink, { onframe });
  return { ...seen, stop: () => sink.stop() };
}

test("a peer connection that the stack cannot make is told, without what the stack was given, and ends neither the robot nor the session", async () => {
  const media: Media = {
    connect() {
      throw new SyntaxError("turn:user:secret");
    },
    note() {},
    keep() {},
    onFrame: () => () => {},
    setDriver() {},
    close: async () => {},
  };
  const { join, said, session, monitor } = await startReference(undefined, undefined, {}, undefined, () => media);
  const { seen } = monitor();
  await seen.until("a monitor", ({ kind }) => kind === "on");
  join("viewer", () => new NativeClient());
  const { reason } = await said.until("word of it", ({ event }) => event === "peer.failed");
  expect(reason).toMatch(/^SyntaxError at (?!.*secret)/);
  // The client is to offer again: nothing else would make it.
  await seen.until("a refusal", ({ kind }) => kind === "refused");
  expect(session.peers.length).toBeGreaterThan(0);
});

describe("the reference robot, over real peer connections", () => {
  test("moves as its holder says and tells everyone where it is; let go, it stands after the dead-man's time", async () => {
    const { deeds, join, said } = await startReference();
    const [ada, watcher] = [join("operator"), join("viewer")];
    ada.drive.request();
    await ada.ready();
    ada.hold(ahead);
    expect(await deeds.until("a command", isCommand)).toMatchObject({ command: ahead, given: { epoch: 1, ageMs: expect.any(Number) } });
    type Told = { event: { pose: { x: number } } };
    const places = (of: typeof ada) => of.heard.all.filter(({ name }) => name === "telemetry").map((told) => (told as Told).event.pose.x);
    for (const one of [ada, watcher]) await one.heard.until("another place", () => new Set(places(one)).size > 3);
    const mark = deeds.all.length;
    ada.letGo();
    const stop = await deeds.until("a stop", ({ did }) => did === "stop", mark);
    expect(stop).toMatchObject({ reason: "deadman" });
    await deeds.until("a robot that stands", ({ did }) => did === "stood", mark);
    const last = deeds.all.slice(0, deeds.all.indexOf(stop)).findLast(isCommand);
    expect(stop.at - (last?.at ?? 0)).toBeGreaterThanOrEqual(defaultPolicy.deadmanMs);
    expect(await said.until("the robot's word", ({ event }) => event === "driver.stopped")).toMatchObject({ reason: "deadman" });
    for (const one of [ada, watcher]) await one.heard.until("word of it", ({ name }) => name === "stopped");
  });

  test("shows what it sees to everyone, while someone is there to see it", async () => {
    const { deeds, join } = await startReference();
    expect(deeds.all).toEqual([]);
    const all = [join("operator"), join("viewer")];
    for (const one of all) {
      const track = await one.tracks.until("a track", ({ kind }) => kind === "video");
      const seen = frames(track);
      const first = await seen.until("a whole picture", ({ width }) => width === picture.width);
      await seen.until("another picture", ({ data }) => !Buffer.from(data).equals(Buffer.from(first.data)));
      seen.stop();
    }
    expect(deeds.all.map(({ did }) => did)).toEqual(["looked"]);
    await Promise.all(all.map(({ leave }) => leave()));
    await deeds.until("nobody's looking", ({ did }) => did === "looked away");
    const again = join("viewer");
    await again.tracks.until("a track", ({ kind }) => kind === "video");
    await deeds.until("looking", ({ did }) => did === "looked", 2);
  });

  test("sends its picture in the place that its client offers for it, and makes no offer of its own [W1.2, W1.3]", async () => {
    const { join, monitor } = await startReference();
    const { seen } = monitor();
    await seen.until("a monitor", ({ kind }) => kind === "on");
    const watcher = join("viewer");
    await watcher.tracks.until("a track", ({ kind }) => kind === "video");
    await watcher.heard.until("telemetry", ({ name }) => name === "telemetry");
    const described = () => seen.all.map(({ kind }) => kind).filter((kind) => kind === "offer" || kind === "answer");
    await seen.until("both descriptions", () => described().length === 2);
    expect(described().sort()).toEqual(["answer", "offer"]);
  });

  test("offers its picture by itself where its client has no place for it", async () => {
    const { join, session } = await startReference(undefined, undefined, {}, undefined, undefined, []);
    const watcher = join("viewer");
    await watcher.tracks.until("a track", ({ kind }) => kind === "video");
    expect(session.peers.map(({ tracks }) => tracks)).toEqual([undefined]);
  });

  test("offers nothing to who only monitors, and shows it nothing", async () => {
    const { deeds, join, monitor, session } = await startReference();
    const { client, seen } = monitor();
    await seen.until("a monitor", ({ kind }) => kind === "on");
    join("viewer");
    await deeds.until("someone who looks", ({ did }) => did === "looked");
    await seen.until("the robot's answer", ({ kind }) => kind === "answer");
    // The second client has got its answer, so the robot knows of both.
    expect(session.peers.some((peer) => peer.session === client.id)).toBe(true);
    const frames = seen.all.filter((one) => "from" in one);
    expect(frames.filter(({ to }) => to?.session === client.id)).toEqual([]);
  });

  test("says that a stop cannot be kept, to everyone and in its log, and who joins is told what is in force [R18, R20]", async () => {
    const latch = { isStopped: true, isKept: false, note: async () => "unkept" as const, flushed: async () => {} };
    const { join, said } = await startReference(undefined, undefined, {}, latch);
    await said.until("its word", ({ event }) => event === "stop.unkept");
    const watcher = join("viewer");
    const heard = await watcher.heard.until("word of it", ({ name }) => name === "order");
    expect(heard).toMatchObject({ event: { stop: { number: 1, kept: false } } });
    await watcher.heard.until("what it measures", ({ name }) => name === "telemetry");
  });

  test("stops for a viewer, and obeys again when its holder resumes", async () => {
    const { deeds, join } = await startReference();
    const [ada, watcher] = [join("operator"), join("viewer")];
    ada.drive.request();
    await ada.ready();
    await watcher.heard.until("telemetry", ({ name }) => name === "telemetry");
    ada.hold(ahead);
    await deeds.until("a command", isCommand);
    watcher.drive.stop("a cat");
    await deeds.until("a stop", (deed) => deed.did === "stop" && deed.reason === "stop");
    await deeds.until("a robot that stands", (deed) => deed.did === "stood" && deed.reason === "stop");
    const mark = deeds.all.length;
    await ada.heard.until("word of it", () => ada.drive.why === "stopped");
    expect(deeds.all.slice(mark).filter(isCommand)).toEqual([]);
    ada.drive.resume();
    await deeds.until("a command", isCommand, mark);
  });

  test("stands before whoever took control is obeyed", async () => {
    const { deeds, join } = await startReference();
    const [ada, boss] = [join("operator"), join("owner")];
    ada.drive.request();
    await ada.ready();
    ada.hold({ linear: 0.4, angular: 0.1 });
    await deeds.until("a command", isCommand);
    await boss.heard.until("telemetry", ({ name }) => name === "telemetry");
    boss.drive.take("wrong way");
    boss.hold({ linear: -0.2, angular: 0 });
    await deeds.until("the new holder's command", (deed) => deed.did === "command" && deed.given.epoch === 2);
    const order = deeds.all.filter(({ did }) => did !== "looked").map((deed) => (deed.did === "command" ? deed.given.epoch : deed.did));
    const changes = order.filter((one, index) => one !== order[index - 1]);
    expect([changes[0], ...changes.slice(-3)]).toEqual([1, "stop", "stood", 2]);
  });

  test("is told to stop when it is ended while it is driven", async () => {
    const { deeds, join, end } = await startReference();
    const ada = join("operator");
    ada.drive.request();
    await ada.ready();
    ada.hold(ahead);
    await deeds.until("a command", isCommand);
    await end();
    expect(deeds.all.at(-1)).toMatchObject({ did: "looked away" });
    expect(deeds.all.findLast(({ did }) => did === "stood")).toMatchObject({ reason: "leaving" });
  });

  test("is stopped, and everyone is told why, when its driver ends, and no stop is in force afterwards", async () => {
    const over = Promise.withResolvers<Ended>();
    const kept: boolean[] = [];
    const note = async (isStopped: boolean) => {
      kept.push(isStopped);
      return "kept" as const;
    };
    const latch = { isStopped: false, isKept: true, note, flushed: async () => {} };
    const { deeds, join } = await startReference({ ...createSimulated(platform.clock), ended: over.promise }, undefined, {}, latch);
    const ada = join("operator");
    ada.drive.request();
    await ada.ready();
    ada.hold(ahead);
    await deeds.until("a command", isCommand);
    over.resolve({ status: 1, says: "It broke." });
    await deeds.until("a stop", (deed) => deed.did === "stop" && deed.reason === "driver.failed");
    const mark = deeds.all.length;
    await ada.heard.until(
      "word of it",
      ({ name, event }) => name === "stopped" && (event as { reason: string }).reason === "driver.failed",
    );
    expect(kept).toEqual([]);
    expect(deeds.all.slice(mark).filter(isCommand)).toEqual([]);
  });

  test("that declared nothing and cannot obey a command is stopped, and obeys the next one it can", async () => {
    const { deeds, join } = await startReference({ ...createSimulated(platform.clock), declaration: undefined });
    const ada = join("operator");
    ada.drive.request();
    await ada.ready();
    ada.hold("forward");
    await deeds.until("a stop", (deed) => deed.did === "stop" && deed.reason === "driver.failed");
    const mark = deeds.all.length;
    ada.hold(ahead);
    await deeds.until("a command", (deed) => deed.did === "command" && deed.command !== "forward", mark);
  });
});
