import { RobotId } from "@tether/protocol/id";
import { attach } from "@tether/sdk/client";
import { type Cameras, followCameras } from "@tether/sdk/peer/cameras";
import { follow } from "@tether/sdk/peer/follow";

/** The functions that the test calls in the page. */
export type DrivePage = {
  start(options: { api: string; robot: string; token: string; relayOnly: boolean }): void;
  request(): void;
  /** Sends the command until the page is closed. */
  hold(command: unknown): void;
  readonly canDrive: boolean;
  readonly why: string | undefined;
  readonly telemetry: unknown;
  /** The candidates of the path in use. */
  path(): Promise<readonly (string | undefined)[]>;
  /** The video without the mark at its lower edge, as grey values of 32 × 24 fields; empty before the first picture. */
  look(): readonly number[];
  /** The cameras as the robot tells of them, each with the streams that it came in so far, the pictures that were shown of the last, and the age of the newest in ms where it is known. */
  cameras(): readonly { name: string; state: string; streams: number; shown: number; ageMs: number | undefined; width: number }[];
  watch(names: readonly string[]): void;
  /** The descriptions that this end and the robot made, in their order. */
  descriptions(): readonly string[];
  /** Sends commands with the wall clock in ms as `at` until the page is closed, 20 a second. */
  holdStamped(): void;
  /** The pictures of each camera that were shown since the last call, the first time since `record`: those with a stamp by `stamped.py`. */
  record(): void;
  recorded(): Promise<Record<string, Recorded>>;
};

/** `pictures`: when each was shown by the wall clock, and how old it was by its stamp, in ms. `bytes`: what was received of the stream. */
export type Recorded = { readonly pictures: readonly (readonly [at: number, age: number])[]; readonly bytes: number };

let client: ReturnType<typeof attach> | undefined;
let pc: RTCPeerConnection | undefined;
let telemetry: unknown;
let cameras: Cameras<MediaStream> | undefined;
const described: string[] = [];

/** The pictures that were shown of one camera. */
type Shown = { video: HTMLVideoElement; streams: number; shown: number; ageMs: number | undefined };
const shownOf = new Map<string, Shown>();

const stampBits = 40;
let isRecording = false;
const recordedOf = new Map<string, [number, number][]>();
const strip = new OffscreenCanvas(stampBits, 1).getContext("2d", { willReadFrequently: true });

/** The stamp that is drawn into a picture: the low bits of the wall clock in ms. */
function stampOf(video: HTMLVideoElement): number {
  strip?.drawImage(video, 0, 8, video.videoWidth, 16, 0, 0, stampBits, 1);
  const { data } = strip?.getImageData(0, 0, stampBits, 1) ?? { data: [] };
  let stamp = 0;
  for (let bit = 0; bit < stampBits; bit += 1) stamp = stamp * 2 + ((data[bit * 4] ?? 0) > 127 ? 1 : 0);
  return stamp;
}

/** Plays a stream, counts its pictures, and reckons how old each is when it is shown. */
function play(stream: MediaStream): void {
  const video = Object.assign(document.createElement("video"), { muted: true, autoplay: true, playsInline: true, srcObject: stream });
  document.body.append(video);
  const before = shownOf.get(stream.id);
  const shown: Shown = { video, streams: (before?.streams ?? 0) + 1, shown: 0, ageMs: undefined };
  before?.video.remove();
  shownOf.set(stream.id, shown);
  const next: VideoFrameRequestCallback = (_, { rtpTimestamp: rtp }) => {
    const takenAt = client?.control.takenAt({ stream: stream.id, rtp });
    shown.ageMs = takenAt === undefined ? undefined : client?.control.blindMs(takenAt);
    shown.shown += 1;
    if (isRecording) {
      const now = Date.now();
      const pictures = recordedOf.get(stream.id) ?? [];
      pictures.push([now, (now % 2 ** stampBits) - stampOf(video)]);
      recordedOf.set(stream.id, pictures);
    }
    video.requestVideoFrameCallback(next);
  };
  video.requestVideoFrameCallback(next);
  video.play().catch(() => {});
}
let pictureAt: number | undefined;
const video = Object.assign(document.createElement("video"), { muted: true, autoplay: true, playsInline: true });
document.body.append(video);

const page: DrivePage = {
  start({ api, robot, token, relayOnly }) {
    const session = attach({ api, robot: RobotId.parse(robot), token: async () => token });
    client = session;
    session.control.on("telemetry", (told) => {
      telemetry = told;
    });
    session.control.on("picture", ({ takenAt }) => {
      pictureAt = takenAt;
    });
    follow({
      session,
      polite: true,
      control: session.control,
      connect() {
        const iceServers = session.iceServers.map((server) => ({ ...server }));
        const made = new RTCPeerConnection({ iceServers, iceTransportPolicy: relayOnly ? "relay" : "all" });
        pc = made;
        made.onsignalingstatechange = () => {
          if (made.signalingState === "stable") described.push("answer");
          else if (made.signalingState.endsWith("offer")) described.push("offer");
        };
        cameras = followCameras<MediaStream>(pc, () => {});
        pc.ontrack = ({ streams: [stream] }) => {
          if (stream) play(stream);
          video.srcObject = stream ?? null;
          video.play().catch(() => {});
        };
        return pc;
      },
    });
  },
  request: () => client?.control.request(),
  hold: (command) => void setInterval(() => client?.control.command(command, { pictureAt }), 50),
  get canDrive() {
    return client?.control.canDrive ?? false;
  },
  get why() {
    return client?.control.why;
  },
  get telemetry() {
    return telemetry;
  },
  async path() {
    const report = (await pc?.getStats()) ?? new Map();
    const stats = [...report.values()] as { id: string; type: string; selectedCandidatePairId?: string; [fact: string]: unknown }[];
    const pair = stats.find(({ id }) => id === stats.find(({ type }) => type === "transport")?.selectedCandidatePairId);
    return ["localCandidateId", "remoteCandidateId"].map((end) => stats.find(({ id }) => id === pair?.[end])?.candidateType as string);
  },
  cameras: () =>
    (cameras?.all ?? []).map(({ name, state }) => {
      const { streams = 0, shown = 0, ageMs, video } = shownOf.get(name) ?? {};
      return { name, state, streams, shown, ageMs, width: video?.videoWidth ?? 0 };
    }),
  watch: (names) => cameras?.watch(names),
  descriptions: () => described,
  holdStamped: () => void setInterval(() => client?.control.command({ linear: 0.2, angular: 0, at: Date.now() }, { pictureAt }), 50),
  record() {
    isRecording = true;
    recordedOf.clear();
  },
  async recorded() {
    const report = [...((await pc?.getStats()) ?? new Map()).values()] as {
      type: string;
      trackIdentifier?: string;
      bytesReceived?: number;
    }[];
    const streams = [...shownOf].map(
      ([
        name,
        {
          video: { srcObject },
        },
      ]) => {
        const track = srcObject instanceof MediaStream ? srcObject.getVideoTracks()[0]?.id : undefined;
        const { bytesReceived = 0 } = report.find(({ type, trackIdentifier }) => type === "inbound-rtp" && trackIdentifier === track) ?? {};
        return [name, { pictures: recordedOf.get(name) ?? [], bytes: bytesReceived }] as const;
      },
    );
    recordedOf.clear();
    return Object.fromEntries(streams);
  },
  look() {
    if (video.videoWidth === 0) return [];
    const [width, height] = [32, 24];
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    const context = canvas.getContext("2d");
    context?.drawImage(video, 0, 0, video.videoWidth, video.videoHeight * 0.9, 0, 0, width, height);
    const { data } = context?.getImageData(0, 0, width, height) ?? { data: [] };
    return [...data].filter((_, index) => index % 4 === 1);
  },
};

Object.assign(globalThis, { page });
