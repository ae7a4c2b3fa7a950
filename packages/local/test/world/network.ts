import type { FromBroker } from "@tether/protocol/frame";
import type { Platform } from "@tether/sdk/client";
import { type TrackedSocket, trackedSocket } from "../../src/clock/socket.ts";
import { seededRandom } from "../../src/fault/random.ts";
import type { World } from "./open-world.ts";

export type Network = ReturnType<typeof createNetwork>;

/**
 * The world as an SDK sees it: the virtual clock, sockets and requests that are waited for, randomness from a seed, and a network
 * that can be cut off and mended. A browser's socket cannot ping. `heard` is shown each frame as it comes.
 */
export function createNetwork(
  world: World,
  seed: number,
  { browser = false, heard }: { browser?: boolean; heard?: (frame: FromBroker) => void } = {},
) {
  const draw = seededRandom(seed);
  const sockets = new Set<TrackedSocket>();
  let isCut = false;
  const platform: Platform = {
    clock: world.clock,
    random: { fraction: draw, bytes: (n) => Uint8Array.from({ length: n }, () => Math.floor(draw() * 256)) },
    fetch: (url, init) => (isCut ? Promise.reject(new TypeError("cut")) : world.fetch(url, init, `end ${seed}`)),
    socket(url, protocols) {
      if (isCut) throw new TypeError("cut");
      const socket = trackedSocket(world.quiet, url, [...protocols], world.dial);
      if (browser) Reflect.deleteProperty(socket, "ping");
      if (heard) overhear(socket, heard);
      sockets.add(socket);
      return socket;
    },
  };
  return {
    platform,
    async cut() {
      isCut = true;
      for (const socket of sockets) socket.onclose?.({ code: 1006, reason: "", wasClean: false });
      sockets.clear();
      await world.idle();
    },
    /** The SDK is back within its longest wait of 15 s. */
    mend() {
      isCut = false;
    },
  };
}

function overhear(socket: TrackedSocket, heard: (frame: FromBroker) => void): void {
  let listener: TrackedSocket["onmessage"] = null;
  Object.defineProperty(socket, "onmessage", {
    set(next: TrackedSocket["onmessage"]) {
      listener = next;
    },
    get: () => (event: { data: string | Uint8Array }) => {
      heard(JSON.parse(String(event.data)));
      listener?.(event);
    },
  });
}
