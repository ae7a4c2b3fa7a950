import { expect, test } from "vitest";
import { type CameraPeer, followCameras } from "../../src/peer/cameras.ts";
import type { ChannelLike } from "../../src/rtc/channel.ts";
import { createVirtualClock } from "../virtual-clock.ts";

type Channel = ChannelLike & { binaryType: string };

/** Fetches a recording of 6 bytes over a channel that does what the test says, or of a peer connection that is closed. */
function fetchRecording({ isClosed = false } = {}) {
  const clock = createVirtualClock();
  const created: Channel[] = [];
  const labels: string[] = [];
  const pc: CameraPeer<{ readonly id: string }> = {
    createDataChannel(label, { protocol }) {
      if (isClosed && protocol !== undefined) throw new DOMException("The peer connection is closed.", "InvalidStateError");
      labels.push(`${label} ${protocol}`);
      const channel: Channel = {
        readyState: "open",
        bufferedAmount: 0,
        binaryType: "blob",
        send() {},
        close() {
          closed.count += 1;
        },
        onopen: null,
        onmessage: null,
        onclose: null,
      };
      created.push(channel);
      return channel;
    },
    addEventListener() {},
  };
  const closed = { count: 0 };
  const cameras = followCameras(pc, () => {}, clock);
  const fetched = cameras.fetch({ name: "one.mcap", bytes: 6 }).then(
    (file) => [...file],
    (error: Error) => error.message,
  );
  const channel = created[1];
  return {
    clock,
    labels,
    closed,
    fetched,
    come: (...bytes: number[]) => channel?.onmessage?.({ data: new Uint8Array(bytes).buffer }),
    close: () => channel?.onclose?.(undefined),
  };
}

test("a recording is whole once all of its bytes came, though its channel stays open [V4]", async () => {
  const { labels, come, closed, fetched } = fetchRecording();
  come(1, 2, 3, 4);
  come(5, 6);
  expect(await fetched).toEqual([1, 2, 3, 4, 5, 6]);
  expect([labels[1], closed.count]).toEqual(["tether.recording one.mcap", 1]);
});

test("a recording of which a part is missing is refused when its channel closes [V4]", async () => {
  const { come, close, fetched } = fetchRecording();
  come(1, 2, 3, 4);
  close();
  expect(await fetched).toBe("4 of 6 bytes of the recording came. Fetch it again.");
});

test("a recording of which nothing more comes for 20 s is given up, and its channel closed [V4]", async () => {
  const { clock, come, closed, fetched } = fetchRecording();
  await clock.advance(19_999);
  come(1, 2);
  await clock.advance(19_999);
  come(3);
  expect(closed.count).toBe(0);
  await clock.advance(20_000);
  expect(await fetched).toBe("3 of 6 bytes of the recording came. Fetch it again.");
  expect(closed.count).toBe(1);
});

test("more than a recording's bytes is no recording [V4]", async () => {
  const { come, fetched } = fetchRecording();
  come(1, 2, 3, 4);
  come(5, 6, 7);
  expect(await fetched).toBe("7 of 6 bytes of the recording came. Fetch it again.");
});

test("a recording of a peer connection that is closed is refused in the same words [V4]", async () => {
  const { fetched } = fetchRecording({ isClosed: true });
  expect(await fetched).toBe("0 of 6 bytes of the recording came. Fetch it again.");
});

/** The cameras and the sound of a robot that is the test, over a channel that opens when the test says so. */
function followed() {
  const sent: unknown[] = [];
  const tracks: ((event: { readonly streams: readonly { readonly id: string }[] }) => void)[] = [];
  const channel: Channel & { readyState: string } = {
    readyState: "connecting",
    bufferedAmount: 0,
    binaryType: "blob",
    send: (text: string) => void sent.push(JSON.parse(text)),
    close() {},
    onopen: null,
    onmessage: null,
    onclose: null,
  };
  let changes = 0;
  const cameras = followCameras(
    { createDataChannel: () => channel, addEventListener: (_, heard) => void tracks.push(heard) },
    () => {
      changes += 1;
    },
    createVirtualClock(),
  );
  return {
    cameras,
    sent,
    changes: () => changes,
    open() {
      channel.readyState = "open";
      channel.onopen?.(undefined);
    },
    says: (news: object) => channel.onmessage?.({ data: JSON.stringify({ type: "cameras", cameras: [], ...news }) }),
    comes: (id: string) => tracks[0]?.({ streams: [{ id }] }),
  };
}

test("that this client hears is said once the channel is open, and not where nobody asked for it [V6]", () => {
  const quiet = followed();
  quiet.open();
  const { cameras, open, sent } = followed();
  cameras.hear(true);
  open();
  cameras.hear(false);
  expect([quiet.sent, sent]).toEqual([
    [],
    [
      { type: "hear", isHeard: true },
      { type: "hear", isHeard: false },
    ],
  ]);
});

test("the sound of a robot has its state and its stream, and is none of its cameras; so has its speaker its state [V5, V8]", () => {
  const { cameras, says, comes, changes } = followed();
  says({});
  expect([cameras.sound, changes()]).toEqual([undefined, 1]);
  says({ microphone: { state: "live" } });
  comes("tether.sound");
  expect([cameras.sound, cameras.all, changes()]).toEqual([{ state: "live", stream: { id: "tether.sound" } }, [], 3]);
  says({ microphone: { state: "failed", says: "It ended." }, speaker: { state: "off" } });
  expect([cameras.sound, cameras.speaker]).toMatchObject([{ state: "failed", says: "It ended." }, { state: "off" }]);
});
