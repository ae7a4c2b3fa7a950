import type { SignalData } from "@tether/protocol/frame/signal";
import { afterEach } from "vitest";
import { connected, createPair } from "./pair.ts";

const pairs: ReturnType<typeof createPair>[] = [];
afterEach(() => {
  for (const pair of pairs.splice(0)) pair.close();
});

export function create(options?: Parameters<typeof createPair>[0]) {
  const pair = createPair(options);
  pairs.push(pair);
  return pair;
}

/** Sends a word over a channel of one side and resolves with what the other side's channel of that name hears. */
export async function talk(from: RTCPeerConnection, channel: RTCDataChannel, to: RTCPeerConnection): Promise<string> {
  const heard = new Promise<string>((resolve) => {
    to.addEventListener("datachannel", ({ channel: other }) => {
      other.onmessage = ({ data }) => resolve(String(data));
    });
  });
  await connected(from);
  if (channel.readyState !== "open") await new Promise((resolve) => channel.addEventListener("open", resolve));
  channel.send("word");
  return heard;
}

export const kinds = (sent: readonly SignalData[]) => sent.map(({ kind }) => kind).filter((kind) => !kind.startsWith("candidate"));
