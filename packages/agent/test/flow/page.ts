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
};

let client: ReturnType<typeof attach> | undefined;
let pc: RTCPeerConnection | undefined;
let telemetry: unknown;
let cameras: Cameras<MediaStream> | undefined;
const described: string[] = [];

/** The pictures that were shown of one camera. */
type Shown = { video: HTMLVideoElement; streams: number; shown: number; ageMs: number | undefined };
const shownOf = new Map<string, Shown>();

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
