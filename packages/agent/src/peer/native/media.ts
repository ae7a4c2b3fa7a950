import type { ChildProcess } from "node:child_process";
import type { Say } from "@tether/program/say";
import type { SessionId } from "@tether/protocol/id";
import type { Clock } from "@tether/sdk/clock";
import type { PeerConnectionLike } from "@tether/sdk/peer";
import { platform } from "@tether/sdk/platform";
import { type MicrophoneSettings, microphoneOf } from "../../media/camera/microphone.ts";
import type { CameraSettings } from "../../media/camera/source.ts";
import type { FromMedia, PeerNews, ToMedia } from "../../media/message.ts";
import type { SpeakerSettings } from "../../media/sound/speaker.ts";
import { type ProcessGroup, signalGroup } from "../../supervisor/process-group.ts";
import { iceServersOf, NativeConnection } from "./connection.ts";
import { keepMediaProcess } from "./media-process.ts";

type Frame = Extract<FromMedia, { type: "frame" }>;

type Env = {
  readonly clock: Clock;
  readonly cameras: readonly CameraSettings[];
  readonly microphone?: MicrophoneSettings | undefined;
  readonly speaker?: SpeakerSettings | undefined;
  /** The folder of recordings. */
  readonly recordings: string;
  readonly say: Say;
  /** Has that process group end should the agent be gone before it; the returned function takes that back. */
  readonly endWithAgent?: ((group: ProcessGroup) => () => void) | undefined;
  /** Starts the process. */
  readonly launch?: () => ChildProcess;
};

/** The process that carries video and sound and has the peer connections: a native crash in it stops the robot, and takes nothing else along. One that hangs is killed. */
export interface Media {
  /** `mayRecord`: the client may have recordings made, and fetch them. */
  connect(client: SessionId, configuration: RTCConfiguration, mayRecord: boolean): PeerConnectionLike;
  /** Notes something for the next recording. */
  note(topic: string, value: unknown): void;
  /** Something happened: what came before and shortly after is kept as a recording. */
  keep(reason: string): void;
  /** Frames on their way to the viewers, until the returned function is called. */
  onFrame(heard: (frame: Frame) => void): () => void;
  /** Says who holds control: the cameras' bitrate follows the path to that client, and its voice is heard. */
  setDriver(client: SessionId | undefined): void;
  close(): Promise<void>;
}

export function startMedia({ clock, cameras, microphone, speaker, recordings, say, endWithAgent, launch }: Env): Media {
  const connections = new Map<number, { readonly client: SessionId; readonly connection: NativeConnection }>();
  let driver: SessionId | undefined;
  const listeners = new Set<(frame: Frame) => void>();
  /** The programs of cameras that run: whatever ends the media process must not leave one behind. */
  const groups = new Map<number, { readonly group: ProcessGroup; readonly forget: () => void }>();
  let numbers = 0;
  const first: ToMedia = { type: "sources", cameras, microphone: microphone && microphoneOf(microphone), speaker, recordings };
  const { send, close } = keepMediaProcess({ clock, say, first, onMessage, onEnd, endWithAgent, launch });

  function onEnd(): void {
    const lost = [...connections.values()];
    connections.clear();
    for (const { connection } of lost) connection.fail();
    for (const { group, forget } of groups.values()) {
      signalGroup(group, "SIGKILL");
      forget();
    }
    groups.clear();
  }

  function onGroup({ type, group }: Extract<FromMedia, { type: "began" | "ended" }>): void {
    if (type === "began") return void groups.set(group.id, { group, forget: endWithAgent?.(group) ?? (() => {}) });
    groups.get(group.id)?.forget();
    groups.delete(group.id);
  }

  /** The newest is the one that the client uses: it replaced those before it. */
  function tellDriver(): void {
    const found = [...connections].findLast(([, { client, connection }]) => client === driver && connection.isLiving);
    send({ type: "driver", peer: found?.[0] });
  }

  function onPeerNews(peer: number, news: PeerNews): void {
    const found = connections.get(peer);
    found?.connection.heard(news);
    if (news.news === "failed") say.event(`A peer connection failed (${news.says}).`, { event: "peer.failed", reason: news.says });
    if ((news.news === "state" || news.news === "failed") && found?.client === driver && !found?.connection.isLiving) tellDriver();
  }

  function onMessage(message: FromMedia): void {
    if (message.type === "beat") return;
    if (message.type === "peer") onPeerNews(message.peer, message);
    else if (message.type === "frame") for (const heard of [...listeners]) heard(message);
    else if (message.type === "began" || message.type === "ended") onGroup(message);
    else if (message.type === "recorded")
      say.event(`Recorded: ${message.name}.`, { event: "recorded", name: message.name, bytes: message.bytes });
    else if (message.type === "unrecorded") say.event(`The recording could not be written: ${message.says}`, { event: "recording.failed" });
    else if (message.type === "log") say.event(`${message.camera}: ${message.says}`, { event: "camera.log", camera: message.camera });
    else {
      const what = message.type === "camera" ? `Camera ${message.name}` : `The ${message.type}`;
      const says = message.state === "failed" ? `${what} failed; it is started again. ${message.says}` : `${what}: ${message.state}.`;
      say.event(says, { event: `${message.type}.${message.state}`, ...(message.type === "camera" && { camera: message.name }) });
    }
  }

  return {
    note: (topic, value) => send({ type: "note", topic, at: platform.clock.now(), value }),
    keep: (reason) => send({ type: "keep", reason }),
    connect(client, configuration, mayRecord) {
      numbers += 1;
      const peer = numbers;
      const connection = new NativeConnection({
        step: (id, step) => send({ type: "step", peer, id, step }),
        send: (channel, data) => connections.has(peer) && send({ type: "send", peer, channel, data }),
        close(channel) {
          if (!connections.has(peer)) return;
          if (channel !== undefined) return send({ type: "close", peer, channel });
          connections.delete(peer);
          send({ type: "close", peer });
          if (client === driver) tellDriver();
        },
      });
      connections.set(peer, { client, connection });
      const relayOnly = configuration.iceTransportPolicy === "relay";
      send({ type: "open", peer, iceServers: iceServersOf(configuration), relayOnly, mayRecord });
      if (client === driver) tellDriver();
      return connection;
    },
    onFrame(heard) {
      listeners.add(heard);
      return () => void listeners.delete(heard);
    },
    setDriver(client) {
      driver = client;
      tellDriver();
    },
    close,
  };
}
