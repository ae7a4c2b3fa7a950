import { type CameraNews, FromCameras, mediaChannel, recordingChannel, type ToCameras } from "@tether/protocol/camera";
import { read, write } from "../control/channel.ts";
import type { ChannelLike } from "../rtc/channel.ts";
import type { ChannelOptions } from "../rtc/peer-connection.ts";

/** A camera of the robot. SPEC V1 */
export type SeenCamera<Stream> = {
  /** The id of its stream, too. */
  readonly name: string;
  /** `paused`: the path does not bear it beside those that are more important. `failed`: its program ended, and is started again. */
  readonly state: "off" | "starting" | "live" | "paused" | "failed";
  /** How it failed, in words. */
  readonly says?: string | undefined;
  /** The stream that it comes in (a browser's `MediaStream`), once it does. */
  readonly stream: Stream | undefined;
};

/** A browser's RTCPeerConnection as far as cameras need it. */
export type CameraPeer<Stream> = {
  createDataChannel(label: string, options: ChannelOptions & { readonly protocol?: string }): ChannelLike & { binaryType: string };
  addEventListener(type: "track", listener: (event: { readonly streams: readonly Stream[] }) => void): void;
};

/** A robot's cameras and its recordings, as one client has them. */
export type Cameras<Stream> = {
  /** In the robot's order. Empty for a robot that tells of none: what it shows is in the peer connection's tracks then. */
  readonly all: readonly SeenCamera<Stream>[];
  /** Says which cameras are watched, by name, the most important first. No other is sent. Default: all, in the robot's order. */
  watch(names: readonly string[]): void;
  /** Has the robot keep the last half minute as a recording. Operators and owners may. */
  keep(): void;
  /** Asks which recordings there are, newest first; told again whenever one is written. Nothing is told to viewers. */
  onRecordings(heard: (recordings: readonly Recording[]) => void): () => void;
  /** Fetches a recording, an MCAP file. Rejects where the robot closes before all of it came. */
  fetch(recording: Recording): Promise<Uint8Array<ArrayBuffer>>;
};

/** A recording on the robot's disk: its name, which begins with its time, and its size. SPEC V3 */
export type Recording = { readonly name: string; readonly bytes: number };

/**
 * Follows the cameras of one peer connection, which was just made: the channel for it is part of the first offer. `changed` is called with
 * all cameras, in the robot's order, whenever one of them changes. SPEC V1 to V4.
 *
 * @example
 * follow({
 *   session,
 *   polite: true,
 *   control: session.control,
 *   connect() {
 *     const pc = new RTCPeerConnection({ iceServers: session.iceServers.map((server) => ({ ...server })) });
 *     followCameras<MediaStream>(pc, ([front]) => {
 *       video.srcObject = front?.stream ?? null;
 *     });
 *     return pc;
 *   },
 * });
 */
export function followCameras<Stream extends { readonly id: string }>(
  pc: CameraPeer<Stream>,
  changed: (all: readonly SeenCamera<Stream>[]) => void,
): Cameras<Stream> {
  const channel = pc.createDataChannel(mediaChannel.label, mediaChannel.options);
  const streams = new Map<string, Stream>();
  let told: CameraNews["cameras"] = [];
  let watched: readonly string[] | undefined;
  const recordingListeners = new Set<(recordings: readonly Recording[]) => void>();

  const all = () => told.map((camera) => ({ ...camera, stream: streams.get(camera.name) }));

  const send = (message: ToCameras) => write(channel, message);

  function opened(): void {
    if (watched) send({ type: "watch", cameras: [...watched] });
    if (recordingListeners.size > 0) send({ type: "recordings" });
  }

  pc.addEventListener("track", ({ streams: [stream] }) => {
    if (!stream) return;
    streams.set(stream.id, stream);
    if (told.length > 0) changed(all());
  });
  channel.onopen = opened;
  channel.onmessage = ({ data }: { readonly data: unknown }) => {
    const news = read(FromCameras, data);
    if (news?.type === "recordings") for (const heard of [...recordingListeners]) heard(news.recordings);
    if (news?.type !== "cameras") return;
    told = news.cameras;
    changed(all());
  };

  return {
    get all() {
      return all();
    },
    watch(names) {
      watched = names;
      send({ type: "watch", cameras: [...names] });
    },
    keep: () => void send({ type: "keep" }),
    onRecordings(heard) {
      recordingListeners.add(heard);
      send({ type: "recordings" });
      return () => void recordingListeners.delete(heard);
    },
    fetch: (recording) => fetchRecording(pc, recording),
  };
}

/** V4 */
function fetchRecording(pc: Pick<CameraPeer<unknown>, "createDataChannel">, { name, bytes }: Recording): Promise<Uint8Array<ArrayBuffer>> {
  const { label, options } = recordingChannel;
  const channel = pc.createDataChannel(label, { ...options, protocol: name });
  channel.binaryType = "arraybuffer";
  const whole = new Uint8Array(bytes);
  let got = 0;
  return new Promise((resolve, reject) => {
    channel.onmessage = ({ data }) => {
      if (!(data instanceof ArrayBuffer)) return;
      if (got + data.byteLength <= bytes) whole.set(new Uint8Array(data), got);
      got += data.byteLength;
    };
    channel.onclose = () =>
      got === bytes ? resolve(whole) : reject(new Error(`${got} of ${bytes} bytes of the recording came. Fetch it again.`));
  });
}
