import type { IceServer } from "@tether/protocol/ice-server";
import type { Clock } from "@tether/sdk/clock";
import { bad, type Finding, good, skipped } from "./check.ts";

const waitMs = 8_000;

/** Whether a candidate of that kind is found by the servers given. */
export async function gather(clock: Clock, servers: readonly IceServer[], kind: "srflx" | "relay"): Promise<Finding> {
  const pattern = kind === "relay" ? /^turns?:/ : /^(stuns?|turns?):/;
  const iceServers = servers.filter(({ urls }) => [urls].flat().some((url) => pattern.test(url)));
  const name = kind === "relay" ? "TURN" : "STUN";
  if (iceServers.length === 0) return skipped(`The service names no ${name} server.`);
  const pc = new RTCPeerConnection({ iceServers: [...iceServers], ...(kind === "relay" && { iceTransportPolicy: "relay" as const }) });
  try {
    const found = new Promise<boolean>((resolve) => {
      pc.onicecandidate = ({ candidate }) => {
        if (candidate?.type === kind) resolve(true);
        else if (!candidate) resolve(false);
      };
      clock.after(waitMs, () => resolve(false));
    });
    pc.createDataChannel("check");
    await pc.setLocalDescription(await pc.createOffer());
    if (await found) return good(kind === "relay" ? "A relay is ready for you." : "Your public address was found.");
    return bad(
      kind === "relay"
        ? { says: "No relay answered.", remedy: "Let UDP 3478 or TCP 443 out to the TURN server, and check its secret." }
        : { says: "No STUN server answered.", remedy: "Let UDP out to it; without, peers need a relay." },
    );
  } finally {
    pc.close();
  }
}

/** Two peers in this page that say something to each other: whether this browser can do WebRTC at all. */
export async function loop(clock: Clock): Promise<Finding> {
  if (!("RTCPeerConnection" in globalThis))
    return bad({ says: "This browser has no WebRTC.", remedy: "Allow it, or use another browser." });
  const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
  try {
    const heard = new Promise<boolean>((resolve) => {
      b.ondatachannel = ({ channel }) => {
        channel.onmessage = ({ data }) => channel.send(data);
      };
      const channel = a.createDataChannel("check");
      channel.onopen = () => channel.send("check");
      channel.onmessage = () => resolve(true);
      clock.after(waitMs, () => resolve(false));
    });
    a.onicecandidate = ({ candidate }) => void b.addIceCandidate(candidate ?? undefined).catch(() => undefined);
    b.onicecandidate = ({ candidate }) => void a.addIceCandidate(candidate ?? undefined).catch(() => undefined);
    await a.setLocalDescription(await a.createOffer());
    if (a.localDescription) await b.setRemoteDescription(a.localDescription);
    await b.setLocalDescription(await b.createAnswer());
    if (b.localDescription) await a.setRemoteDescription(b.localDescription);
    if (await heard) return good("Two peers in this page hear each other.");
    return bad({ says: "Two peers in this page do not hear each other.", remedy: "Look for an extension or a policy that limits WebRTC." });
  } finally {
    a.close();
    b.close();
  }
}
