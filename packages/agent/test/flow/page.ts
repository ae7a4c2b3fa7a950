import { RobotId } from "@tether/protocol/id";
import { attach } from "@tether/sdk/client";
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
};

let client: ReturnType<typeof attach> | undefined;
let pc: RTCPeerConnection | undefined;
let telemetry: unknown;
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
        pc = new RTCPeerConnection({ iceServers, iceTransportPolicy: relayOnly ? "relay" : "all" });
        pc.ontrack = ({ streams: [stream] }) => {
          video.srcObject = stream ?? null;
          void video.play();
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
