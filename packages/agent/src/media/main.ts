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

function open(order: Extract<ToMedia, { type: "open" }>): void {
  const { peer } = order;
  peers.set(peer, openNativePeer({ clock, cameras, order, tell: (news) => tell({ type: "peer", peer, ...news }) }));
}

function close({ peer, channel }: Extract<ToMedia, { type: "close" }>): void {
  peers.get(peer)?.close(channel);
  if (channel === undefined) peers.delete(peer);
}

function onMessage(message: ToMedia): void {
  if (message.type === "cameras") setCameras(message.cameras);
  else if (message.type === "driver") driver = message.peer;
  else if (message.type === "open") open(message);
  else if (message.type === "step") peers.get(message.peer)?.step(message.id, message.step);
  else if (message.type === "send") peers.get(message.peer)?.send(message.channel, message.data);
  else close(message);
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
