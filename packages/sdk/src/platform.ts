import type { Clock } from "./clock.ts";
import type { Random } from "./random.ts";
import type { SocketLike } from "./socket.ts";

/** The world an end lives in. This file holds the only real one. */
export type Platform = {
  readonly clock: Clock;
  readonly random: Random;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly socket: (url: string, protocols: readonly string[]) => SocketLike;
};

/** Beyond this `setTimeout` fires at once instead of late. */
const longestMs = 2 ** 31 - 1;

const clock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    let timer: ReturnType<typeof setTimeout>;
    const arm = (leftMs: number) => {
      timer = leftMs > longestMs ? setTimeout(() => arm(leftMs - longestMs), longestMs) : setTimeout(run, Math.max(0, leftMs));
    };
    arm(ms);
    return () => clearTimeout(timer);
  },
};

const random: Random = {
  fraction: () => (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 2 ** 32,
  bytes: (n) => crypto.getRandomValues(new Uint8Array(n)),
};

/** Browsers and Node 24 alike: the real clock, crypto's randomness, the global fetch and WebSocket. */
export const platform: Platform = {
  clock,
  random,
  fetch: (url, init) => fetch(url, init),
  socket: (url, protocols) => new WebSocket(url, [...protocols]),
};
