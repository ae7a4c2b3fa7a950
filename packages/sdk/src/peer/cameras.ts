import { type CameraNews, FromCameras, mediaChannel, type RecordingNews, recordingChannel, type ToCameras } from "@tether/protocol/camera";
import { read, write } from "../control/channel.ts";

/** A camera of the robot, and the stream that it comes in, once it does. */
export type SeenCamera = CameraNews["cameras"][number] & { readonly stream: MediaStream | undefined };

export type Cameras = {
  /** In the robot's order. Empty for a robot that tells of none: what it shows is in the peer connection's tracks then. */
  readonly all: readonly SeenCamera[];
  /** Says which cameras are watched, by name, the most important first. No other is sent. Default: all, in the robot's order. */
  watch(names: readonly string[]): void;
  /** Has the robot keep the last half minute as a recording. Operators and owners may. */
  keep(): void;
  /** Asks which recordings there are, newest first; told again whenever one is written. Nothing is told to viewers. */
  onRecordings(heard: (recordings: readonly Recording[]) => void): () => void;
  /** Fetches a recording, an MCAP file. Rejects where the robot closes before all of it came. */
  fetch(recording: Recording): Promise<Blob>;
};

/** A recording on the robot's disk: its name, which begins with its time, and its size. */
export type Recording = RecordingNews["recordings"][number];

/** Follows the cameras of one peer connection, which was just made: the channel for it is part of the first offer. V1, V2, V3 */
export function followCameras(pc: RTCPeerConnection, changed: (all: readonly SeenCamera[]) => void): Cameras {
  const channel = pc.createDataChannel(mediaChannel.label, mediaChannel.options);
  const streams = new Map<string, MediaStream>();
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
function fetchRecording(pc: RTCPeerConnection, { name, bytes }: Recording): Promise<Blob> {
  const { label, options } = recordingChannel;
  const channel = pc.createDataChannel(label, { ...options, protocol: name });
  channel.binaryType = "arraybuffer";
  const parts: ArrayBuffer[] = [];
  let got = 0;
  return new Promise((resolve, reject) => {
    channel.onmessage = ({ data }: { readonly data: unknown }) => {
      if (!(data instanceof ArrayBuffer)) return;
      parts.push(data);
      got += data.byteLength;
    };
    channel.onclose = () =>
      got === bytes ? resolve(new Blob(parts)) : reject(new Error(`${got} of ${bytes} bytes of the recording came. Fetch it again.`));
  });
}
