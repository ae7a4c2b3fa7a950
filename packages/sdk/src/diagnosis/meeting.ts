import { ClockAnswer, type ClockQuestion } from "@tether/protocol/clock-question";
import type { RobotId, SessionId } from "@tether/protocol/id";
import { attach, type ClientSession } from "../client/index.ts";
import type { Clock } from "../clock.ts";
import { follow } from "../peer/follow.ts";
import type { Platform } from "../platform.ts";
import { type Descriptions, keepDescriptions } from "../rtc/descriptions.ts";
import type { TokenCallback } from "../ticket/client.ts";
import { bad, type Finding, good, skipped, socketSilent } from "./finding.ts";
import type { PeerConnection as PeerConnectionClass } from "./peer.ts";
import { type Asked, robotClockOf } from "./robot.ts";

type Env = {
  readonly platform: Pick<Platform, "clock" | "random" | "fetch" | "socket">;
  readonly api: string;
  readonly token: TokenCallback;
  readonly PeerConnection: PeerConnectionClass | undefined;
};

/** A client's session with the robot that lasts for one diagnosis. */
export type Meeting = {
  /** Whether the socket opened. */
  online(): Promise<Finding>;
  /** Compares the clock of the robot's machine with the service's, which this machine's clock is `aheadMs` ahead of. */
  clock(aheadMs: number): Promise<Finding>;
  /** Whether the robot answered an offer and the peers found each other. */
  answered(): Promise<Finding>;
  /** By which path the peers are connected. */
  path(): Promise<Finding>;
  /** Whether a picture of the robot arrives. */
  pictured(): Promise<Finding>;
  leave(): Promise<void>;
};

const waits = { onlineMs: 15_000, clockMs: 5_000, answerMs: 20_000, pictureMs: 10_000, everyMs: 250 } as const;

/** Attaches to the robot as anyone does, and offers it a peer connection where this machine has WebRTC. */
export function meet({ platform, api, token, PeerConnection }: Env, robot: { id: RobotId; name: string }): Meeting {
  const { clock } = platform;
  const session = attach({ api, robot: robot.id, token, platform });
  let pc: RTCPeerConnection | undefined;
  let described: Descriptions = {};
  let isOffering = false;
  let unfollow = () => {};

  function offer(Connection: PeerConnectionClass): void {
    if (isOffering) return;
    isOffering = true;
    unfollow = follow({
      session,
      polite: true,
      control: session.control,
      connect: () => {
        pc = new Connection({ iceServers: session.iceServers.map((server) => ({ ...server })) });
        described = keepDescriptions(pc);
        return pc;
      },
    });
  }

  const stats = async () => (pc ? [...(await pc.getStats()).values()] : []);
  const isConnected = () => pc?.connectionState === "connected";
  const notConnected = skipped("The robot did not connect.");

  return {
    online: () => onlineOn(clock, session, robot.name),
    async clock(aheadMs) {
      const peer = session.peers.find(({ state }) => state === "online");
      if (!peer) return skipped(`${robot.name} is not online to be asked.`);
      const said = await clockOf(session, peer.session, clock);
      return said
        ? robotClockOf(robot.name, said, aheadMs)
        : skipped(`${robot.name} does not tell its clock: it runs another program than tether-robot, or an older one.`);
    },
    async answered() {
      if (!PeerConnection) return skipped("There is no WebRTC here to make an offer with.");
      if (!session.peers.some(({ state }) => state === "online"))
        return bad({
          code: "peer.offline",
          says: `${robot.name} is not online to answer an offer.`,
          remedy: "Start the robot's agent, and look at its network.",
        });
      offer(PeerConnection);
      if (await until(clock, waits.answerMs, async () => isConnected())) return good(`${robot.name} answered an offer and is connected.`);
      if (described.remote !== undefined)
        return bad({
          code: "path.none",
          says: `${robot.name} answered, but the peers cannot reach each other.`,
          remedy: "Look at the TURN check here, and run tether-robot status on the robot.",
        });
      return bad({
        code: "offer.unanswered",
        says: `${robot.name} did not answer an offer.`,
        remedy: "Look at the log of the robot's agent: it answers only while it has a driver (tether-robot run --driver).",
      });
    },
    async path() {
      if (!isConnected()) return notConnected;
      const path = pathIn(await stats());
      if (path === "relay") return good("The peers are connected by a TURN relay.");
      return path === "direct" ? good("The peers are connected directly.") : skipped("The engine does not say by which path.");
    },
    async pictured() {
      if (!isConnected()) return notConnected;
      if (await until(clock, waits.pictureMs, async () => hasPicture(await stats()))) return good("A picture arrived.");
      if (refusesVideo(described.local))
        return skipped("The WebRTC here does not know the camera's encoding: look at the picture in the console.");
      return bad({ code: "picture.none", says: "No picture arrived.", remedy: "Look at the robot's camera and at the log of its driver." });
    },
    async leave() {
      unfollow();
      await session.leave("diagnostics");
    },
  };
}

/** Asks a robot for its clock; undefined where it does not answer. P17 */
async function clockOf(session: ClientSession, robot: SessionId, clock: Clock): Promise<Asked | undefined> {
  let off = () => {};
  let cancel = () => {};
  const sentAt = clock.now();
  const said = await new Promise<Asked | undefined>((resolve) => {
    cancel = clock.after(waits.clockMs, () => resolve(undefined));
    off = session.on("signal", ({ from, data }) => {
      const answer = from === robot && data.kind === "app" ? ClockAnswer.safeParse(data.body) : undefined;
      if (answer?.success) resolve({ clock: answer.data.clock, sentAt, heardAt: clock.now() });
    });
    session.send(robot, { kind: "app", body: { ask: "clock" } satisfies ClockQuestion });
  });
  off();
  cancel();
  return said;
}

async function onlineOn(clock: Clock, session: ClientSession, name: string): Promise<Finding> {
  let cancel = () => {};
  const finding = await new Promise<Finding>((resolve) => {
    session.on("state", ({ status, why }) => {
      if (status === "online") resolve(good(`You were on ${name} for a moment; its timeline says so.`));
      if ((status === "stopped" || status === "waiting") && why) resolve(bad(why));
    });
    cancel = clock.after(waits.onlineMs, () => resolve(socketSilent));
  });
  cancel();
  return finding;
}

/** Asks again and again; false once it has taken too long. */
async function until(clock: Clock, forMs: number, holds: () => Promise<boolean>): Promise<boolean> {
  for (let leftMs = forMs; leftMs >= 0; leftMs -= waits.everyMs) {
    if (await holds()) return true;
    await new Promise<void>((resolve) => clock.after(waits.everyMs, resolve));
  }
  return false;
}

type Stat = { readonly [name: string]: unknown };

/** The path of the candidate pair in use: a relay at either end makes it a relayed one. */
export function pathIn(stats: readonly Stat[]): "direct" | "relay" | "unknown" {
  // The selected pair may be in progress again for a moment, while its consent is checked. Firefox has no transport's statistics.
  const selected = stats.find(({ type, selectedCandidatePairId }) => type === "transport" && selectedCandidatePairId !== undefined);
  const used =
    stats.find(({ id }) => selected !== undefined && id === selected.selectedCandidatePairId) ??
    stats.find(({ type, nominated, state }) => type === "candidate-pair" && nominated === true && state === "succeeded");
  if (!used) return "unknown";
  const ends = stats.filter(({ id }) => id === used.localCandidateId || id === used.remoteCandidateId);
  return ends.some(({ candidateType }) => candidateType === "relay") ? "relay" : "direct";
}

/** Whether this end refused the video that it was offered, since it knows none of its encodings: the section's port is 0 (RFC 3264 §6). */
export function refusesVideo(sdp = ""): boolean {
  const sections = sdp.match(/^m=video \d+/gm) ?? [];
  return sections.length > 0 && sections.every((section) => section === "m=video 0");
}

/** Engines count frames under different names, and one without a decoder counts none, so received bytes of video suffice. */
export function hasPicture(stats: readonly Stat[]): boolean {
  return stats.some(
    ({ type, kind, mediaType, framesDecoded, framesReceived, bytesReceived }) =>
      type === "inbound-rtp" &&
      (kind ?? mediaType) === "video" &&
      [framesDecoded, framesReceived, bytesReceived].some((count) => typeof count === "number" && count > 0),
  );
}
