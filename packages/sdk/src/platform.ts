import type { Clock } from "./clock.ts";
import type { Random } from "./random.ts";
import type { SocketLike } from "./socket.ts";

/** The clock, randomness and network that an end uses. This file holds the only real ones. */
export type Platform = {
  /** The time of day and its timers. */
  readonly clock: Clock;
  /** A clock that is never set, for measuring; without it `clock` is used. */
  readonly steady?: Clock;
  /** Randomness for waits, ids and keys. */
  readonly random: Random;
  /** As the global `fetch`. */
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Opens a WebSocket. */
  readonly socket: (url: string, protocols: readonly string[]) => SocketLike;
};

/** Beyond this `setTimeout` fires at once instead of late. */
const longestMs = 2 ** 31 - 1;

function after(ms: number, run: () => void): () => void {
  let timer: ReturnType<typeof setTimeout>;
  const arm = (leftMs: number) => {
    timer = leftMs > longestMs ? setTimeout(() => arm(leftMs - longestMs), longestMs) : setTimeout(run, Math.max(0, leftMs));
  };
  arm(ms);
  return () => clearTimeout(timer);
}

const clock: Clock = { now: () => Date.now(), after };
const steady: Clock = { now: () => performance.timeOrigin + performance.now(), after };

const random: Random = {
  fraction: () => (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 2 ** 32,
  bytes: (n) => crypto.getRandomValues(new Uint8Array(n)),
};

/** Browsers and Node alike: the real clock, crypto's randomness, the global fetch and WebSocket. */
export const platform: Platform = {
  clock,
  steady,
  random,
  fetch: (url, init) => fetch(url, init),
  socket: (url, protocols) => new WebSocket(url, [...protocols]),
};

/** Whether there is a WebSocket at all: Node 20 has none of its own. */
export function hasSocket({ socket }: Pick<Platform, "socket">): boolean {
  return socket !== platform.socket || "WebSocket" in globalThis;
}

/** The real platform with parts replaced. A replaced clock is the steady one too, unless `steady` is given. */
export function platformWith(differs: Partial<Platform> = {}): Platform & { readonly steady: Clock } {
  const world = { ...platform, ...differs };
  return { ...world, steady: differs.steady ?? differs.clock ?? steady };
}
