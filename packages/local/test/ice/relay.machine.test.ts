import { randomBytes } from "node:crypto";
import { coturnIce } from "@tether/core/ice";
import type { IceServers, TicketAnswer } from "@tether/protocol/http";
import type { IceServer } from "@tether/protocol/ice-server";
import { limits } from "@tether/protocol/limits";
import { expect, onTestFinished, test } from "vitest";
import { realClock } from "../../src/clock/real.ts";
import { PeerConnection } from "../../src/simulated/webrtc.ts";
import { startSystem } from "../../src/system.ts";
import { startTurnServer } from "./turn-server.ts";

/** A peer that will have nothing but a relay. */
function createPeer(iceServers: readonly IceServer[]): RTCPeerConnection {
  const peer = new PeerConnection({ iceServers: iceServers.map((server) => ({ ...server })), iceTransportPolicy: "relay" });
  onTestFinished(() => peer.close());
  return peer;
}

/** Resolves with the candidates of all kinds once there will be no more. */
function gathered(peer: RTCPeerConnection): Promise<RTCIceCandidate[]> {
  const candidates: RTCIceCandidate[] = [];
  return new Promise((resolve) => {
    peer.onicecandidate = ({ candidate }) => {
      if (candidate?.candidate) candidates.push(candidate);
    };
    peer.onicegatheringstatechange = () => {
      if (peer.iceGatheringState === "complete") resolve(candidates);
    };
  });
}

async function startSystemWith(secret: string, url: string) {
  const random = { bytes: (length: number) => new Uint8Array(randomBytes(length)) };
  const ring = [{ id: "test", secret: random.bytes(32) }] as const;
  const ice = coturnIce({ urls: [url], secret });
  const system = await startSystem({ port: 0, clock: realClock, realClock, random, ring, ice, log: () => undefined });
  onTestFinished(() => system.stop());
  const { idToken } = await system.identity.tokensFor("owner@tether.local");
  const headers = { authorization: `Bearer ${idToken}`, "content-type": "application/json" };
  return async <Body>(method: string, path: string, body?: object): Promise<Body> => {
    const answer = await fetch(`${system.origin}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    return (await answer.json()) as Body;
  };
}

test("two peers talk through a real relay, with nothing but the ICE servers that the API gave them [I1, I2]", async () => {
  const secret = randomBytes(16).toString("hex");
  const { url } = await startTurnServer(secret);
  const call = await startSystemWith(secret, url);
  const robot = await call<{ id: string }>("POST", "/v1/robots", { name: "Rover" });
  const { iceServers } = await call<IceServers>("GET", "/v1/ice-servers");
  const ticket = await call<TicketAnswer>("POST", "/v1/tickets/client", { robot: robot.id });
  const [offerer, answerer] = [createPeer(iceServers), createPeer(ticket.iceServers)];
  const channel = offerer.createDataChannel("commands");
  const heard = new Promise<string>((resolve) => {
    answerer.ondatachannel = ({ channel: theirs }) => {
      theirs.onmessage = ({ data }) => theirs.send(`${data} heard`);
    };
    channel.onmessage = ({ data }) => resolve(String(data));
    channel.onopen = () => channel.send("forward");
  });
  const offered = gathered(offerer);
  await offerer.setLocalDescription(await offerer.createOffer());
  const relays = await offered;
  expect(relays.map(({ candidate }) => / typ (\w+)/.exec(candidate)?.[1])).toEqual(relays.map(() => "relay"));
  expect(relays.length).toBeGreaterThan(0);
  const answered = gathered(answerer);
  await answerer.setRemoteDescription(offerer.localDescription as RTCSessionDescription);
  await answerer.setLocalDescription(await answerer.createAnswer());
  await answered;
  await offerer.setRemoteDescription(answerer.localDescription as RTCSessionDescription);
  expect(await heard).toBe("forward heard");
});

test("the relay refuses a wrong credential, one of another name, and one that is over [I2]", async () => {
  const secret = randomBytes(16).toString("hex");
  const { url } = await startTurnServer(secret);
  const ice = coturnIce({ urls: [url], secret });
  const now = realClock.now();
  const [[good], [later], [over]] = [
    await ice.servers("someone", now),
    await ice.servers("another", now),
    await ice.servers("someone", now - limits.ice.lifeMs - 2_000),
  ];
  const cases = { good, wrong: { ...good, credential: "d3Jvbmc=" }, renamed: { ...good, username: later?.username }, over };
  const counts = await Promise.all(
    Object.values(cases).map(async (server) => {
      const peer = createPeer([server as IceServer]);
      peer.createDataChannel("commands");
      const candidates = gathered(peer);
      await peer.setLocalDescription(await peer.createOffer());
      return (await candidates).length > 0;
    }),
  );
  expect(Object.fromEntries(Object.keys(cases).map((name, index) => [name, counts[index]]))).toEqual({
    good: true,
    wrong: false,
    renamed: false,
    over: false,
  });
});
