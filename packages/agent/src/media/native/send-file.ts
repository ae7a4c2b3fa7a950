import { open } from "node:fs/promises";
import type { DataChannel } from "node-datachannel";

/** Every stack takes messages of this size (RFC 8831 §6.6), in bytes. */
const pieceBytes = 16 * 1024;
/** As much waits in the channel at most, in bytes: pictures and commands share its path. */
const waitingMost = 64 * 1024;

/** Sends a file's bytes over the channel as the path takes them, and closes it. A file that is not there closes it at once. */
export async function sendFile(channel: DataChannel, path: string): Promise<void> {
  let wake = () => {};
  channel.setBufferedAmountLowThreshold(waitingMost / 2);
  channel.onBufferedAmountLow(() => wake());
  channel.onClosed(() => wake());
  const file = await open(path).catch(() => undefined);
  try {
    const piece = Buffer.alloc(pieceBytes);
    while (file && channel.isOpen()) {
      const { bytesRead } = await file.read(piece, 0, pieceBytes);
      if (bytesRead === 0) break;
      channel.sendMessageBinary(Buffer.from(piece.subarray(0, bytesRead)));
      if (channel.bufferedAmount() > waitingMost) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    await file?.close();
  }
  // A channel sends what it holds before it closes.
  channel.close();
}
