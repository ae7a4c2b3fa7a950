import type { Clock } from "@tether/sdk/clock";
import { platform } from "@tether/sdk/platform";
import { machineClock } from "../driver/frame/machine-clock.ts";
import { bounds, stepMs } from "./allowance.ts";
import { type Camera, createCamera } from "./camera/camera.ts";
import { createLaunchCamera } from "./camera/process.ts";
import type { FromMedia, ToMedia } from "./message.ts";
import { type NativePeer, openNativePeer } from "./native/peer.ts";

const clock: Clock = { ...platform.clock, now: machineClock.now };
const peers = new Map<number, NativePeer>();
let cameras: readonly Camera[] = [];
let driver: number | undefined;

const tell = (message: FromMedia) => void process.send?.(message);

function setCameras(all: Extract<ToMedia, { type: "cameras" }>["cameras"]): void {
  const launch = createLaunchCamera(clock, (camera, says) => tell({ type: "log", camera, says }));
  cameras = all.map((settings) => {
    const { name } = settings;
    return createCamera({
      settings,
      clock,
      launch,
      onState(state) {
        tell({ type: "camera", name, ...state });
        for (const peer of peers.values()) peer.refresh();
      },
      onFrame: (frame) => tell({ type: "frame", camera: name, ...frame }),
    });
  });
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

function onMessage(message: ToMedia): void {
  if (message.type === "cameras") return setCameras(message.cameras);
  if (message.type === "driver") {
    driver = message.peer;
    return;
  }
  const { peer: number } = message;
  if (message.type === "open") {
    peers.set(number, openNativePeer({ clock, cameras, order: message, tell: (news) => tell({ type: "peer", peer: number, ...news }) }));
    return;
  }
  const peer = peers.get(number);
  if (message.type === "step") peer?.step(message.id, message.step);
  else if (message.type === "send") peer?.send(message.channel, message.data);
  else {
    peer?.close(message.channel);
    if (message.channel === undefined) peers.delete(number);
  }
}

/** An orderly end would have the library clean up after itself, which can crash. */
async function leave(): Promise<void> {
  for (const peer of peers.values()) peer.close();
  await Promise.all(cameras.map((camera) => camera.close()));
  process.exit(0);
}

process.on("message", (message) => onMessage(message as ToMedia));
process.on("disconnect", leave);
process.on("SIGTERM", leave);
