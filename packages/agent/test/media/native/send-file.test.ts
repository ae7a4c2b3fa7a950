import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sendFile } from "../../../src/media/native/send-file.ts";
import { folder } from "../../agent-process.ts";

/** A channel as the native library has it: what is asked of one that has closed throws. It takes `least` pieces before the other end closes it. */
function createChannel(least = Number.POSITIVE_INFINITY) {
  const state = { isOpen: true, sent: 0, waiting: 0 };
  let low = () => {};
  let closed = () => {};
  const needed = () => {
    if (!state.isOpen) throw new Error("DataChannel is closed");
  };
  const end = () => {
    state.isOpen = false;
    closed();
  };
  return {
    state,
    /** The path took all that waited. */
    take() {
      state.waiting = 0;
      low();
    },
    end,
    isOpen: () => state.isOpen,
    bufferedAmount: () => state.waiting,
    setBufferedAmountLowThreshold: needed,
    onBufferedAmountLow(told: () => void) {
      low = told;
    },
    onClosed(told: () => void) {
      closed = told;
    },
    sendMessageBinary(piece: Uint8Array) {
      if (state.sent >= least * 16 * 1024) end();
      needed();
      state.sent += piece.length;
      state.waiting += piece.length;
      return true;
    },
    close() {
      needed();
      end();
    },
  };
}

function recordingOf(bytes: number): string {
  const path = join(folder(), "one.mcap");
  writeFileSync(path, Buffer.alloc(bytes, 7));
  return path;
}

test("a recording's channel closes once the path took all of it [V4]", async () => {
  const channel = createChannel();
  const sending = sendFile(channel, recordingOf(40_000));
  await expect.poll(() => channel.state.sent).toBe(40_000);
  expect(channel.state.isOpen).toBe(true);
  channel.take();
  await sending;
  expect(channel.state.isOpen).toBe(false);
});

test.each([0, 2])(
  "an operator who goes after %i pieces of a recording does not end the process that shows the cameras [V4]",
  async (least) => {
    const channel = createChannel(least);
    await expect(sendFile(channel, recordingOf(200_000))).resolves.toBeUndefined();
    expect(channel.state.isOpen).toBe(false);
  },
);

test("a channel that throws for whatever is asked of it does not end the process that shows the cameras [V4]", async () => {
  const fails = () => {
    throw new Error("libdatachannel error");
  };
  const channel = { ...createChannel(), isOpen: fails, close: fails };
  await expect(sendFile(channel, recordingOf(1))).resolves.toBeUndefined();
});

test("an operator who goes while the path takes nothing does not hold the file open [V4]", async () => {
  const channel = createChannel();
  const sending = sendFile(channel, recordingOf(200_000));
  await expect.poll(() => channel.state.waiting).toBeGreaterThan(64 * 1024);
  channel.end();
  await expect(sending).resolves.toBeUndefined();
});

test("a recording that is not there closes the channel at once [V4]", async () => {
  const channel = createChannel();
  await sendFile(channel, join(folder(), "none.mcap"));
  expect([channel.state.isOpen, channel.state.sent]).toEqual([false, 0]);
});
