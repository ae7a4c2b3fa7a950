import type { Clock } from "@tether/sdk/clock";
import { platform } from "@tether/sdk/platform";
import { machineClock } from "../driver/frame/machine-clock.ts";
import type { ProcessGroup } from "../supervisor/process-group.ts";
import { bounds, stepMs } from "./allowance.ts";
import { type Camera, createCamera } from "./camera/camera.ts";
import type { Microphone } from "./camera/microphone.ts";
import { createLaunchCamera } from "./camera/process.ts";
import type { SourceState } from "./camera/upkeep.ts";
import { originOf } from "./error-origin.ts";
import type { FromMedia, PeerNews, ToMedia } from "./message.ts";
import { type NativePeer, openNativePeer } from "./native/peer.ts";
import { createDepacketizer } from "./record/depacketize.ts";
import { createRecorder, type Recorder } from "./record/recorder.ts";
import { createLaunchSpeaker } from "./sound/play.ts";
import { createSpeaker, type Speaker } from "./sound/voice.ts";

const clock: Clock = { ...platform.clock, now: machineClock.now };
const peers = new Map<number, NativePeer>();
let cameras: readonly Camera[] = [];
let microphone: Camera<Microphone> | undefined;
let speaker: Speaker | undefined;
let recorder: Recorder | undefined;
let driver: number | undefined;

const tell = (message: FromMedia) => void process.send?.(message);

/** The wall's time for one of the machine's clock, as for a frame that was taken. */
const wallTime = (at: number) => platform.clock.now() - (clock.now() - at);

function openRecorder(folder: string): Recorder {
  return createRecorder({
    folder,
    clock: platform.clock,
    saved(outcome) {
      tell("failed" in outcome ? { type: "unrecorded", says: outcome.failed } : { type: "recorded", ...outcome });
      for (const peer of peers.values()) peer.refreshRecordings();
    },
  });
}

function refresh(): void {
  for (const peer of peers.values()) peer.refresh();
}

function setSources({ cameras: all, microphone: heard, speaker: played, recordings }: Extract<ToMedia, { type: "sources" }>): void {
  const kept = openRecorder(recordings);
  recorder = kept;
  const notify = {
    log: (camera: string, says: string) => tell({ type: "log", camera, says }),
    began: (group: ProcessGroup) => tell({ type: "began", group }),
    ended: (group: ProcessGroup) => tell({ type: "ended", group }),
  };
  const launch = createLaunchCamera(clock, notify);
  const onState = (type: "microphone" | "speaker") => (state: SourceState) => {
    tell({ type, ...state });
    refresh();
  };
  cameras = all.map((settings) => {
    const { name, codec = "h264" } = settings;
    const depacketizer = createDepacketizer(codec);
    return createCamera({
      settings,
      clock,
      launch,
      onState(state) {
        tell({ type: "camera", name, ...state });
        refresh();
      },
      onFrame: (frame) => tell({ type: "frame", camera: name, ...frame }),
      onPacket(packet, header, takenAt) {
        const frame = depacketizer.put(packet, header);
        if (frame) kept.put({ kind: "frame", topic: `/camera/${name}`, at: wallTime(takenAt), format: codec, ...frame });
      },
    });
  });
  microphone = heard && createCamera({ settings: heard, clock, launch, onState: onState("microphone"), onFrame() {} });
  speaker = played && createSpeaker({ settings: played, clock, launch: createLaunchSpeaker(clock, notify), onState: onState("speaker") });
}

/** Gives each encoder what the path of whoever drives bears, or the least of all paths where nobody does. */
function setBitrates(): void {
  clock.after(stepMs, setBitrates);
  const leading = peers.get(driver ?? 0);
  const paths = leading ? [leading] : [...peers.values()];
  for (const camera of cameras) {
    const given = paths.flatMap(({ watching }) => watching.allowances.get(camera.settings.name) || []);
    if (given.length > 0) camera.setBitrate(Math.max(bounds.least, Math.min(...given)));
  }
}
setBitrates();

function open(order: Extract<ToMedia, { type: "open" }>): void {
  const { peer } = order;
  if (!recorder) return;
  const tellPeer = (news: PeerNews) => tell({ type: "peer", peer, ...news });
  const opened = openNativePeer({ clock, cameras, microphone, speaker, recorder, order, tell: tellPeer });
  if (opened) peers.set(peer, opened);
}

function setDriver(peer: number | undefined): void {
  driver = peer;
  speaker?.setHolder(peer);
}

function close({ peer, channel }: Extract<ToMedia, { type: "close" }>): void {
  peers.get(peer)?.close(channel);
  if (channel === undefined) peers.delete(peer);
}

function onMessage(message: ToMedia): void {
  if (message.type === "beat") tell({ type: "beat" });
  else if (message.type === "sources") setSources(message);
  else if (message.type === "note") recorder?.put({ kind: "message", ...message });
  else if (message.type === "keep") recorder?.keep(message.reason);
  else if (message.type === "driver") setDriver(message.peer);
  else if (message.type === "open") open(message);
  else if (message.type === "step") peers.get(message.peer)?.step(message.id, message.step);
  else if (message.type === "send") peers.get(message.peer)?.send(message.channel, message.data);
  else close(message);
}

/** The programs of cameras come first: closing a native peer connection may hang. An orderly end would have the library clean up after itself, which can crash. */
async function leave(): Promise<void> {
  await Promise.all([...cameras.map((camera) => camera.close()), microphone?.close(), speaker?.close(), recorder?.close()]);
  for (const peer of peers.values()) peer.close();
  process.exit(0);
}

// The agent logs what is written here.
process.on("uncaughtException", (error) => {
  process.stderr.write(`${originOf(error)}\n`);
  process.exit(1);
});
process.on("message", (message) => onMessage(message as ToMedia));
process.on("disconnect", leave);
process.on("SIGTERM", leave);
