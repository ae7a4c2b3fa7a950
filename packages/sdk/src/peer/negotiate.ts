import type { SignalData } from "@tether/protocol/frame/signal";
import type { IceServer } from "@tether/protocol/ice-server";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { PeerConnectionEvents, PeerConnectionLike } from "../rtc/peer-connection.ts";
import { type Candidate, createCandidateBatch } from "./candidate-batch.ts";
import { ufragsOf } from "./ufrag.ts";

export type NegotiateOptions = {
  readonly pc: PeerConnectionLike;
  /** Makes the first offer, and yields when both offer at once. Clients are polite, robots are not. */
  readonly polite: boolean;
  readonly send: (data: SignalData) => void;
  /** Bounds the time for which candidates are collected. */
  readonly clock: Clock;
  /** Asked before every ICE restart: credentials for TURN are short-lived. */
  readonly freshIceServers?: () => Promise<readonly IceServer[]>;
  /** Told when the path to the peer breaks: what broke it may have broken more. */
  readonly disconnected?: () => void;
  /** False where this end's WebRTC stack cannot restart ICE: the client makes a new peer connection instead. Default: true. W8, W8.1 */
  readonly canRestart?: boolean;
  /** At a client whose stack cannot restart ICE: closes this peer connection and makes another. Answers whether it did. W8.1 */
  readonly replace?: () => boolean;
  readonly log?: Log;
};

export type Negotiation = {
  /** Takes what the other side's `send` was given, in that order. `app` and `refused` are the caller's. Never rejects. */
  receive(data: SignalData): Promise<void>;
  /** Restarts ICE with fresh ICE servers; media goes on over the old path until the new one is found. */
  restart(): Promise<void>;
  /** Answers whether an offer is of another peer connection than the one whose description was applied last. W6 */
  isReplacedBy(data: SignalData): boolean;
  /** An offer that is out, or its answer, was lost: it is taken back, and made anew with an ICE restart. */
  repeatOffer(): Promise<void>;
  /** Stops negotiating and closes the peer connection. */
  close(): void;
};

/** Candidates kept for a description that has not come. */
const heldMost = 256;

/**
 * Perfect negotiation with fixed roles (https://w3c.github.io/webrtc-pc/#perfect-negotiation-example). All steps run one
 * after the other, so the engine's state never changes between a look at it and the step that relies on it; descriptions
 * are made explicitly, since not every engine makes them by itself.
 */
export function negotiate(options: NegotiateOptions): Negotiation {
  const { pc, polite, send: transmit, clock, freshIceServers, disconnected, canRestart = true, replace, log = () => {} } = options;
  const batch = createCandidateBatch({ clock, send: transmit });
  let queue = Promise.resolve();
  let closed = false;
  /** True once an offer of the peer was answered. */
  let hasAnswered = false;
  let restarting: Promise<void> | undefined;
  /** True once ICE was restarted for this break of the path: the two ends see one path break, and one restart is enough. */
  let hasRestarted = false;
  let isReplaced = false;
  let held: Candidate[] = [];
  // The engine's own are not read: see `PeerConnectionLike`.
  let remoteSdp: string | undefined;
  let offeredSdp = "";

  /** Candidates are sent in the order in which they were found. */
  function send(data: SignalData): void {
    batch.flush();
    transmit(data);
  }

  function enqueue(what: string, run: () => Promise<unknown>): Promise<void> {
    queue = queue.then(async () => {
      if (closed) return;
      await attempt(what, run);
    });
    return queue;
  }

  /** A step that the engine refuses is of an older generation, or a defect; in both cases the next offer may mend it. */
  async function attempt(what: string, run: () => Promise<unknown>): Promise<void> {
    try {
      await run();
    } catch (error) {
      log({ event: "peer.failed", what, name: error instanceof Error ? error.name : "unknown" });
    }
  }

  /** The candidates of an offer follow as they are found. */
  async function describe(kind: "offer" | "answer"): Promise<void> {
    const description = await (kind === "offer" ? pc.createOffer() : pc.createAnswer());
    await pc.setLocalDescription(description);
    if (closed) return;
    const { sdp = "" } = description;
    if (kind === "offer") offeredSdp = sdp;
    const [offer] = kind === "answer" ? ufragsOf(remoteSdp ?? "") : [];
    send({ kind, sdp, ...(offer !== undefined && { offer }) });
  }

  /** Answers whether an answer is to the offer that is out. A peer connection that this one replaced may have made another. W3.3 */
  function isAwaited(offer: string | undefined): boolean {
    return pc.signalingState === "have-local-offer" && (offer === undefined || ufragsOf(offeredSdp).has(offer));
  }

  /** An offer that is out already is answered first; the engine then asks again. */
  const offer = async () => pc.signalingState === "stable" && describe("offer");

  async function applyDescription(data: Extract<SignalData, { sdp: string }>): Promise<void> {
    const { kind: type, sdp } = data;
    const collision = type === "offer" && pc.signalingState !== "stable";
    if (collision && !polite) return;
    if (polite && !canRestart && restartsIce(sdp)) return replaceOnce();
    if (data.kind === "answer" && !isAwaited(data.offer)) return;
    if (collision) await pc.setLocalDescription({ type: "rollback" });
    await pc.setRemoteDescription({ type, sdp });
    remoteSdp = sdp;
    if (type === "answer" && pc.connectionState === "connected") hasRestarted = false;
    const waiting = held;
    held = [];
    await addCandidates(waiting);
    if (type === "answer") return;
    hasAnswered = true;
    await describe("answer");
  }

  /** A candidate waits for the description of its generation: it may overtake it, or belong to one that was ignored. W3 */
  async function addCandidate(data: Candidate): Promise<void> {
    const { candidate, sdpMid, sdpMLineIndex, ufrag } = data;
    if (remoteSdp === undefined || (ufrag !== undefined && !ufragsOf(remoteSdp).has(ufrag))) {
      held = [...held, data].slice(-heldMost);
      return;
    }
    // Not every engine knows the end-of-candidates mark; without it the search goes on as before.
    if (candidate === "") return;
    await pc.addIceCandidate({ candidate, sdpMid, sdpMLineIndex, usernameFragment: ufrag ?? null });
  }

  /** A candidate that the engine refuses takes none of the others with it. */
  async function addCandidates(candidates: readonly Candidate[]): Promise<void> {
    for (const one of candidates) await attempt("candidate", () => addCandidate(one));
  }

  /** Negotiation does not wait for fresh servers; where they cannot be had, those there are must do. Asked for twice it happens once. W4 */
  async function restart(): Promise<void> {
    let fresh: readonly IceServer[] | undefined;
    await attempt("servers", async () => {
      fresh = await freshIceServers?.();
    });
    const iceServers = fresh && [...fresh];
    restarting = undefined;
    await enqueue("restart", async () => {
      await attempt("servers", async () => iceServers && pc.setConfiguration({ ...pc.getConfiguration(), iceServers }));
      pc.restartIce();
    });
  }

  /** The client makes another peer connection, once: this one is of no more use. One whose peer's session lapsed may be kept, and break later. */
  function replaceOnce(): void {
    if (isReplaced) return;
    isReplaced = !polite || (replace?.() ?? false);
    if (!polite) send({ kind: "refused", problem: "peer.unrestartable", retryAfterMs: 0 });
  }

  /** Answers whether an offer is of another generation than the description before it (RFC 8839 §4.4.1.1.1). */
  function restartsIce(sdp: string): boolean {
    const [known, told] = [ufragsOf(remoteSdp ?? ""), ufragsOf(sdp)];
    return known.size > 0 && [...told].every((ufrag) => !known.has(ufrag));
  }

  async function restartOnce(): Promise<void> {
    if (closed) return;
    if (!canRestart) return replaceOnce();
    restarting ??= restart();
    await restarting;
  }

  /**
   * libwebrtc (Chromium 156, wrtc 0.10) that takes back the first offer with data channels never offers them again, and asks for
   * negotiation for ever: the client's is never to be taken back. A client that only monitors makes no offer, and is offered nothing. W2
   * The answer settles what the engine asks for while the client's offer is applied: it has the tracks in their places. The engine asks again
   * afterwards for the rest. W1.3
   */
  const onNegotiationNeeded = () => {
    const isSettledByAnswer = !polite && (!hasAnswered || pc.signalingState === "have-remote-offer");
    if (!isSettledByAnswer) void enqueue("offer", offer);
  };
  const onCandidate = ({ candidate }: PeerConnectionEvents["icecandidate"]) => {
    if (candidate) batch.add(candidate);
    // No more will come of this generation.
    else batch.flush();
  };
  /** The robot alone restarts a path that broke, so that both sides do not at once. W4 */
  function repairPath(): Promise<void> {
    const asks = polite && canRestart;
    if (asks) send({ kind: "restart" });
    if (asks || hasRestarted) return Promise.resolve();
    hasRestarted = true;
    return restartOnce();
  }

  const onState = () => {
    const state = pc.connectionState;
    if (state === "connected" || state === "failed") hasRestarted = false;
    if (state !== "disconnected" && state !== "failed") return;
    if (state === "disconnected") disconnected?.();
    void repairPath();
  };
  pc.addEventListener("negotiationneeded", onNegotiationNeeded);
  pc.addEventListener("icecandidate", onCandidate);
  pc.addEventListener("connectionstatechange", onState);

  return {
    receive(data) {
      if (data.kind === "candidate") return enqueue("candidate", () => addCandidate(data));
      if (data.kind === "candidates") return enqueue("candidate", () => addCandidates(data.candidates));
      if (data.kind === "restart") return polite ? restartOnce() : repairPath();
      if (data.kind === "app" || data.kind === "refused") return Promise.resolve();
      return enqueue(data.kind, () => applyDescription(data));
    },
    restart: restartOnce,
    isReplacedBy(data) {
      if (data.kind !== "offer") return false;
      const [known, told] = [fingerprintsOf(remoteSdp ?? ""), fingerprintsOf(data.sdp)];
      // A peer connection that failed before it took any description takes none any more: the offer is for another.
      if (known.length === 0) return pc.connectionState === "failed";
      return !told.some((one) => known.includes(one));
    },
    async repeatOffer() {
      let [isOut, isBack] = [false, false];
      await enqueue("rollback", async () => {
        isOut = pc.signalingState === "have-local-offer";
        if (isOut && canRestart) await pc.setLocalDescription({ type: "rollback" });
        isBack = canRestart;
      });
      // An engine that takes no offer back can make no other one.
      if (isOut) await (isBack ? restartOnce() : replaceOnce());
    },
    close() {
      closed = true;
      batch.drop();
      pc.removeEventListener("negotiationneeded", onNegotiationNeeded);
      pc.removeEventListener("icecandidate", onCandidate);
      pc.removeEventListener("connectionstatechange", onState);
      pc.close();
    },
  };
}

/** Fingerprints identify the peer connection of a description: each has a certificate of its own (RFC 8122 §5). */
function fingerprintsOf(sdp: string): readonly string[] {
  return [...sdp.matchAll(/^a=fingerprint:(\S+ \S+)/gm)].map(([, fingerprint = ""]) => fingerprint.toLowerCase());
}
