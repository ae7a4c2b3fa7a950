import { type CameraNews, FromCameras, mediaChannel, recordingChannel, soundStream, type ToCameras } from "@tether/protocol/camera";
import type { Clock } from "../clock.ts";
import { read, write } from "../control/channel.ts";
import { platform } from "../platform.ts";
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

/** The robot's sound. `off`: nobody hears it; the other states are those of a camera. SPEC V5 */
export type SeenSound<Stream> = Omit<SeenCamera<Stream>, "name">;

/** The robot's speaker; its states are those of a camera. SPEC V8 */
export type Speaker = Pick<SeenCamera<unknown>, "state" | "says">;

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
  /** The robot's sound; undefined for a robot that tells of none. */
  readonly sound: SeenSound<Stream> | undefined;
  /** The robot's speaker; undefined for a robot that tells of none. Whoever holds control may talk, in a send-only track of sound. SPEC V8 */
  readonly speaker: Speaker | undefined;
  /** Says whether this client hears the robot. Until it says so no sound is sent to it. */
  hear(isHeard: boolean): void;
  /** Has the robot keep the last half minute as a recording. Operators and owners may. */
  keep(): void;
  /** Asks which recordings there are, newest first; told again whenever one is written. Nothing is told to viewers. */
  onRecordings(heard: (recordings: readonly Recording[]) => void): () => void;
  /** Fetches a recording, an MCAP file. Rejects where the robot closes before all of it came, or nothing more of it comes for 20 s. */
  fetch(recording: Recording): Promise<Uint8Array<ArrayBuffer>>;
};

/** The longest time, in ms, in which nothing of a recording comes, before its fetch is given up. */
const silentMs = 20_000;

/** A recording on the robot's disk: its name, which begins with its time, and its size. SPEC V3 */
export type Recording = { readonly name: string; readonly bytes: number };

/**
 * Follows the cameras and the sound of one peer connection, which was just made: the channel for it is part of the first offer. `changed` is
 * called with all cameras, in the robot's order, whenever one of them or the sound changes. SPEC V1 to V6.
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
  clock: Clock = platform.clock,
): Cameras<Stream> {
  const channel = pc.createDataChannel(mediaChannel.label, mediaChannel.options);
  const streams = new Map<string, Stream>();
  let latest: Pick<CameraNews, "cameras" | "microphone" | "speaker"> = { cameras: [] };
  let isHeard = false;
  let watched: readonly string[] | undefined;
  const recordingListeners = new Set<(recordings: readonly Recording[]) => void>();

  const all = () => latest.cameras.map((camera) => ({ ...camera, stream: streams.get(camera.name) }));

  const send = (message: ToCameras) => write(channel, message);

  function opened(): void {
    if (watched) send({ type: "watch", cameras: [...watched] });
    if (isHeard) send({ type: "hear", isHeard });
    if (recordingListeners.size > 0) send({ type: "recordings" });
  }

  pc.addEventListener("track", ({ streams: [stream] }) => {
    if (!stream) return;
    streams.set(stream.id, stream);
    if (latest.cameras.length > 0 || latest.microphone) changed(all());
  });
  channel.onopen = opened;
  channel.onmessage = ({ data }: { readonly data: unknown }) => {
    const news = read(FromCameras, data);
    if (news?.type === "recordings") for (const heard of [...recordingListeners]) heard(news.recordings);
    if (news?.type !== "cameras") return;
    latest = news;
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
    get sound() {
      return latest.microphone && { ...latest.microphone, stream: streams.get(soundStream) };
    },
    get speaker() {
      return latest.speaker;
    },
    hear(next) {
      isHeard = next;
      send({ type: "hear", isHeard });
    },
    keep: () => void send({ type: "keep" }),
    onRecordings(heard) {
      recordingListeners.add(heard);
      send({ type: "recordings" });
      return () => void recordingListeners.delete(heard);
    },
    fetch: (recording) => fetchRecording(pc, clock, recording),
  };
}

type RecordingChannel = ReturnType<CameraPeer<unknown>["createDataChannel"]>;

const missing = (got: number, bytes: number) => new Error(`${got} of ${bytes} bytes of the recording came. Fetch it again.`);

/** Fetches one recording over a channel of its own. V4 */
async function fetchRecording(
  pc: Pick<CameraPeer<unknown>, "createDataChannel">,
  clock: Clock,
  { name, bytes }: Recording,
): Promise<Uint8Array<ArrayBuffer>> {
  const { label, options } = recordingChannel;
  let channel: RecordingChannel;
  try {
    channel = pc.createDataChannel(label, { ...options, protocol: name });
  } catch {
    // The peer connection is closed already.
    throw missing(0, bytes);
  }
  return receive(channel, clock, bytes);
}

/**
 * Receives so many bytes. A recording is whole once all of them came, whatever becomes of the channel. A peer connection that is lost need not
 * close its channels, so silence ends the wait.
 */
function receive(channel: RecordingChannel, clock: Clock, bytes: number): Promise<Uint8Array<ArrayBuffer>> {
  channel.binaryType = "arraybuffer";
  const whole = new Uint8Array(bytes);
  let got = 0;
  return new Promise((resolve, reject) => {
    let stopWaiting = () => {};

    function end(): void {
      stopWaiting();
      channel.onmessage = null;
      channel.onclose = null;
      channel.close();
      if (got === bytes) resolve(whole);
      else reject(missing(got, bytes));
    }

    function wait(): void {
      stopWaiting();
      stopWaiting = clock.after(silentMs, end);
    }

    channel.onmessage = ({ data }) => {
      if (!(data instanceof ArrayBuffer)) return;
      if (got + data.byteLength <= bytes) whole.set(new Uint8Array(data), got);
      got += data.byteLength;
      if (got < bytes) wait();
      else end();
    };
    channel.onclose = end;
    wait();
  });
}
