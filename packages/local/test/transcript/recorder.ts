import type { Platform } from "@tether/sdk/client";
import { type TrackedSocket, trackedSocket } from "../../src/clock/socket.ts";
import { seededRandom } from "../../src/fault/random.ts";
import type { World } from "../world/open-world.ts";
import type { Entry } from "./entry.ts";
import { createModelledPeers } from "./modelled-peers.ts";

type Unplaced<Of> = Of extends Entry ? Omit<Of, "at"> : never;

/** Writes down all that ends say and hear: over HTTP, on their sockets and on their channels. */
export function createRecorder(world: World) {
  const entries: Entry[] = [];
  const newest = new Map<string, TrackedSocket>();
  const beganAt = world.clock.now();
  const put = (entry: Unplaced<Entry>) => void entries.push({ at: world.clock.now() - beganAt, ...entry } as Entry);
  let ends = 0;

  /** The platform of an end. Nothing of it is left to chance: each draw is the middle of its range. */
  function platformOf(name: string): Platform {
    ends += 1;
    const draw = seededRandom(ends);
    // Each machine measures by a clock of its own, which began when it was started.
    const bootedMs = ends * 1_000_000;
    let connections = 0;
    return {
      clock: world.clock,
      steady: { now: () => world.clock.now() - beganAt + bootedMs, after: world.clock.after },
      random: { fraction: () => 0.5, bytes: (n) => Uint8Array.from({ length: n }, () => Math.floor(draw() * 256)) },
      async fetch(url, init = {}) {
        const { method = "GET", body, headers } = init;
        const as = new Headers(headers).get("authorization");
        const { pathname } = new URL(String(url));
        const parsed = typeof body === "string" ? { body: JSON.parse(body) } : {};
        put({ from: name, to: "API", request: `${method} ${pathname}`, ...(as !== null && { as }), ...parsed });
        // An end that waits for its turn is not at rest: time must not go on meanwhile.
        const response = await world.quiet.track(`turn of ${name}`, world.fetch(url, init, name));
        put({ from: "API", to: name, status: response.status, body: await response.clone().json() });
        return response;
      },
      socket(url, protocols) {
        connections += 1;
        const socket = trackedSocket(world.quiet, url, [...protocols], world.dial);
        put({ from: name, to: "broker", connection: connections, opens: url, protocols: [...protocols] });
        tap(socket, name, connections);
        newest.set(name, socket);
        return socket;
      },
    };
  }

  function tap(socket: TrackedSocket, name: string, connection: number): void {
    const send = socket.send.bind(socket);
    socket.send = (data) => {
      put({ from: name, to: "broker", connection, frame: JSON.parse(String(data)) });
      send(data);
    };
    overhear(socket, "onopen", () => put({ from: "broker", to: name, connection, accepts: socket.protocol }));
    overhear(socket, "onmessage", ({ data }) => put({ from: "broker", to: name, connection, frame: JSON.parse(String(data)) }));
    overhear(socket, "onclose", ({ code }) => put({ of: name, connection, closed: code }));
  }

  return {
    entries,
    platformOf,
    /** A peer connection for `follow`; what goes over its channels is written down. */
    connect: createModelledPeers(world.clock, (from, to, channel, data) => put({ from, to, channel, message: JSON.parse(data) })),
    /** Cuts an end's newest connection. */
    cut: (name: string) => newest.get(name)?.close(1001),
    /** Says what the story does next. */
    says: (says: string, ...clauses: string[]) => put({ says, clauses }),
  };
}

type Heard = { onopen: undefined; onmessage: { data: string | Uint8Array }; onclose: { code: number } };

/** Calls `told` with each event before the listener that the end sets. */
function overhear<Name extends keyof Heard>(socket: TrackedSocket, name: Name, told: (event: Heard[Name]) => void): void {
  let listener: ((event: Heard[Name]) => void) | null = null;
  Object.defineProperty(socket, name, {
    set(next: typeof listener) {
      listener = next;
    },
    get: () => (event: Heard[Name]) => {
      told(event);
      listener?.(event);
    },
  });
}
