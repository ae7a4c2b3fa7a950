/** A stream of video, by what came of it since it began. Undefined: the browser does not say, as not every one knows all of it. */
export type Stream = {
  readonly id: string;
  /** When this was so, in ms, by the browser's clock. */
  readonly at: number;
  readonly bytes: number | undefined;
  readonly packets: number | undefined;
  /** Falls where a packet that was given up comes after all. */
  readonly lost: number | undefined;
  readonly frames: number | undefined;
  readonly jitterMs: number | undefined;
  /** How long all pictures together waited to be shown, and how many did. */
  readonly waitedMs: number | undefined;
  readonly emitted: number | undefined;
  readonly width: number | undefined;
  readonly height: number | undefined;
  /** E.g. `VP8`. */
  readonly codec: string | undefined;
};

/** How packets go. `protocol` is that of the way from here: to the robot, or to the relay. */
export type Path = { readonly isRelayed: boolean; readonly protocol: string | undefined };

export type Reading = { readonly streams: readonly Stream[]; readonly path: Path | undefined; readonly roundTripMs: number | undefined };

type Stat = Readonly<Record<string, unknown>>;

/** Reads what `RTCPeerConnection.getStats` reports, https://www.w3.org/TR/webrtc-stats/. */
export function read(report: Iterable<unknown>): Reading {
  const stats = [...report].filter((one): one is Stat => typeof one === "object" && one !== null);
  const byId = new Map(stats.map((stat) => [stat.id, stat]));
  const video = stats.filter(({ type, kind }) => type === "inbound-rtp" && kind === "video");
  const pair = pairOf(stats, byId);
  const roundTrip = number(pair?.currentRoundTripTime);
  return {
    streams: video.map((stat) => streamOf(stat, byId.get(stat.codecId))),
    path: pair && pathOf(byId.get(pair.localCandidateId), byId.get(pair.remoteCandidateId)),
    roundTripMs: milliseconds(roundTrip),
  };
}

function streamOf(stat: Stat, codec: Stat | undefined): Stream {
  return {
    id: String(stat.id),
    at: number(stat.timestamp) ?? Number.NaN,
    bytes: number(stat.bytesReceived),
    packets: number(stat.packetsReceived),
    lost: number(stat.packetsLost),
    frames: number(stat.framesDecoded),
    jitterMs: milliseconds(number(stat.jitter)),
    waitedMs: milliseconds(number(stat.jitterBufferDelay)),
    emitted: number(stat.jitterBufferEmittedCount),
    width: number(stat.frameWidth),
    height: number(stat.frameHeight),
    codec: text(codec?.mimeType)?.split("/")[1],
  };
}

/** The candidates in use: Chromium and Safari name them in the transport, Firefox marks the pair. */
function pairOf(stats: readonly Stat[], byId: ReadonlyMap<unknown, Stat>): Stat | undefined {
  const named = stats.find(({ type, selectedCandidatePairId }) => type === "transport" && selectedCandidatePairId !== undefined);
  if (named) return byId.get(named.selectedCandidatePairId);
  const pairs = stats.filter(({ type }) => type === "candidate-pair");
  return (
    pairs.find(({ selected }) => selected === true) ?? pairs.find(({ nominated, state }) => nominated === true && state === "succeeded")
  );
}

function pathOf(local: Stat | undefined, remote: Stat | undefined): Path | undefined {
  if (!local || !remote) return undefined;
  const isRelayed = local.candidateType === "relay" || remote.candidateType === "relay";
  return { isRelayed, protocol: (text(local.relayProtocol) ?? text(local.protocol))?.toUpperCase() };
}

function number(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

function milliseconds(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1_000;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
