import { type FileHandle, open } from "node:fs/promises";
import type { DataChannel } from "node-datachannel";
import { unlessClosed } from "./unless-closed.ts";

/** Every stack takes messages of this size (RFC 8831 §6.6), in bytes. */
const pieceBytes = 16 * 1024;
/** As much waits in the channel at most, in bytes: pictures and commands share its path. */
const waitingMost = 64 * 1024;

type Channel = Pick<
  DataChannel,
  "bufferedAmount" | "close" | "isOpen" | "onBufferedAmountLow" | "onClosed" | "sendMessageBinary" | "setBufferedAmountLowThreshold"
>;

/**
 * Sends a file's bytes over the channel as the path takes them, and closes it. A file that is not there closes it at once. Never rejects: a
 * channel closes on a thread of its own, at any time, and what is asked of it then throws. It must not end the process that shows the cameras.
 */
export async function sendFile(channel: Channel, path: string): Promise<void> {
  const file = await open(path).catch(() => undefined);
  try {
    if (file) await sendAll(channel, file);
    channel.close();
  } catch {
    // Closed by the other end, or the file cannot be read: whoever fetches it counts its bytes.
    unlessClosed(() => channel.close());
  } finally {
    await file?.close().catch(() => undefined);
  }
}

async function sendAll(channel: Channel, file: FileHandle): Promise<void> {
  let wake = () => {};
  channel.onBufferedAmountLow(() => wake());
  channel.onClosed(() => wake());

  /** Waits until so many bytes are left in the channel, or it is closed. */
  async function drain(left: number): Promise<void> {
    channel.setBufferedAmountLowThreshold(left);
    while (channel.isOpen() && channel.bufferedAmount() > left) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }

  const piece = Buffer.alloc(pieceBytes);
  while (channel.isOpen()) {
    const { bytesRead } = await file.read(piece, 0, pieceBytes);
    if (bytesRead === 0) break;
    channel.sendMessageBinary(Buffer.from(piece.subarray(0, bytesRead)));
    if (channel.bufferedAmount() > waitingMost) await drain(waitingMost / 2);
  }
  // A channel that is closed may lose what it holds.
  await drain(0);
}
