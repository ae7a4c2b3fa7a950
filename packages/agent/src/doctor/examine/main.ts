import type { PeerConnection } from "@tether/sdk/diagnosis/peer";
import { platform } from "@tether/sdk/platform";
import type { Stack } from "../../peer/stack.ts";
import type { FromExamine } from "./examine.ts";
import { checkPeer, type Order } from "./order.ts";

const load: Readonly<Record<Stack, () => Promise<PeerConnection>>> = {
  // The class has those members of a browser's RTCPeerConnection that the checks use.
  libdatachannel: async () => (await import("./connection.ts")).DataChannelConnection as unknown as PeerConnection,
  libwebrtc: async () => (await import("../../peer/webrtc.ts")).PeerConnection,
};

async function examine({ stack, ...check }: Order): Promise<FromExamine> {
  const loaded = await load[stack]().catch((error: unknown) => ({ unloaded: error instanceof Error ? error.message : String(error) }));
  if ("unloaded" in loaded) return { unloaded: loaded.unloaded.split("\n")[0] ?? "" };
  return { finding: await checkPeer({ clock: platform.clock, PeerConnection: loaded }, check) };
}

process.once("message", async (order) => {
  const answer = await examine(order as Order);
  // An orderly end would have the library clean up after itself, which can crash.
  process.send?.(answer, () => process.exit(0));
});
process.on("disconnect", () => process.exit(0));
