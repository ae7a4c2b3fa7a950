import type { IceServer } from "@tether/protocol/ice-server";
import type { Clock } from "../clock.ts";
import { bad, type Finding, good, skipped } from "./finding.ts";

/** A browser's, or what a program brings. */
export type PeerConnection = new (configuration?: RTCConfiguration) => RTCPeerConnection;

type Env = { readonly clock: Clock; readonly PeerConnection: PeerConnection | undefined };

const waitMs = 8_000;

const none = bad({ code: "webrtc.missing", says: "There is no WebRTC here.", remedy: "Allow it, or use another browser." });

type Gathered = { readonly found: boolean; readonly complete: boolean; readonly errors: readonly RTCPeerConnectionIceErrorEvent[] };

/** Gathers until a candidate of that kind is found, no more will come, or it takes too long. */
async function gathered(clock: Clock, pc: RTCPeerConnection, kind: RTCIceCandidateType): Promise<Gathered> {
  const errors: RTCPeerConnectionIceErrorEvent[] = [];
  pc.onicecandidateerror = (event) => void errors.push(event);
  const over = new Promise<Omit<Gathered, "errors">>((resolve) => {
    const cancel = clock.after(waitMs, () => resolve({ found: false, complete: false }));
    const end = (found: boolean) => {
      cancel();
      resolve({ found, complete: true });
    };
    pc.onicecandidate = ({ candidate }) => {
      if (candidate?.type === kind) end(true);
      else if (!candidate) end(false);
    };
  });
  pc.createDataChannel("check");
  await pc.setLocalDescription(await pc.createOffer());
  return { ...(await over), errors };
}

const serving = (servers: readonly IceServer[], pattern: RegExp) =>
  servers.filter(({ urls }) => [urls].flat().some((url) => pattern.test(url))).map((server) => ({ ...server }));

/** Checks that a STUN server tells this machine its address. */
export async function stun({ clock, PeerConnection }: Env, servers: readonly IceServer[]): Promise<Finding> {
  const iceServers = serving(servers, /^(stuns?|turns?):/);
  if (iceServers.length === 0) return skipped("The service names no STUN server.");
  if (!PeerConnection) return none;
  const pc = new PeerConnection({ iceServers });
  try {
    const { found, complete, errors } = await gathered(clock, pc, "srflx");
    if (found) return good("Your public address was found.");
    // Engines leave out an address that is this machine's own; a server that is not there is waited for longer than this.
    const isAnswered = complete && errors.every(({ errorText }) => /incompatible/.test(errorText));
    if (isAnswered) return good("It answered: your address is this machine's own.");
    return bad({ code: "stun.silent", says: "No STUN server answered.", remedy: "Let UDP out to it; without, peers need a relay." });
  } finally {
    pc.close();
  }
}

/** Checks that a TURN server relays for the user, with the credentials that the service gave. */
export async function turn({ clock, PeerConnection }: Env, servers: readonly IceServer[]): Promise<Finding> {
  const iceServers = serving(servers, /^turns?:/);
  if (iceServers.length === 0) return skipped("The service names no TURN server.");
  if (!PeerConnection) return none;
  const pc = new PeerConnection({ iceServers, iceTransportPolicy: "relay" });
  try {
    const { found, errors } = await gathered(clock, pc, "relay");
    if (found) return good("A relay is ready for you.");
    // RFC 8656 §5: 401 and 403 are the server's own words, so it was reached.
    if (errors.some(({ errorCode }) => errorCode === 401 || errorCode === 403))
      return bad({
        code: "turn.refused",
        says: "The TURN server refused the credentials.",
        remedy: "Compare the secret it was given with the one in IceServers.",
      });
    return bad({
      code: "turn.silent",
      says: "No relay answered.",
      remedy: "Let UDP 3478 or TCP 443 out to the TURN server, and see that it runs.",
    });
  } finally {
    pc.close();
  }
}

/** Two peers here that say something to each other: whether WebRTC works at all. */
export async function loop({ clock, PeerConnection }: Env): Promise<Finding> {
  if (!PeerConnection) return none;
  const [a, b] = [new PeerConnection(), new PeerConnection()];
  try {
    const heard = new Promise<boolean>((resolve) => {
      const cancel = clock.after(waitMs, () => resolve(false));
      b.ondatachannel = ({ channel }) => {
        channel.onmessage = ({ data }) => channel.send(data);
      };
      const channel = a.createDataChannel("check");
      channel.onopen = () => channel.send("check");
      channel.onmessage = () => {
        cancel();
        resolve(true);
      };
    });
    // Only once the other side knows whose they are.
    const [toA, toB] = [held(a), held(b)];
    a.onicecandidate = ({ candidate }) => toB.take(candidate);
    b.onicecandidate = ({ candidate }) => toA.take(candidate);
    const offer = await a.createOffer();
    await a.setLocalDescription(offer);
    await b.setRemoteDescription(offer);
    toB.release();
    const answer = await b.createAnswer();
    await b.setLocalDescription(answer);
    await a.setRemoteDescription(answer);
    toA.release();
    if (await heard) return good("Two peers here hear each other.");
    return bad({
      code: "webrtc.failed",
      says: "Two peers here do not hear each other.",
      remedy: "Look for an extension, a policy or a firewall that limits WebRTC.",
    });
  } finally {
    a.close();
    b.close();
  }
}

/** Candidates for a peer, kept until it has its remote description. */
function held(pc: RTCPeerConnection) {
  let kept: RTCIceCandidate[] | undefined = [];
  const add = (candidate: RTCIceCandidate) => void pc.addIceCandidate(candidate).catch(() => undefined);
  return {
    take(candidate: RTCIceCandidate | null) {
      if (!candidate?.candidate) return;
      if (kept) kept.push(candidate);
      else add(candidate);
    },
    release() {
      for (const candidate of kept ?? []) add(candidate);
      kept = undefined;
    },
  };
}
