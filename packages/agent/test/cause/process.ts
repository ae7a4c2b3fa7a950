import { createScopedClock } from "@tether/local/clock/scope";
import { type TrackedSocket, trackedSocket } from "@tether/local/clock/socket";
import { seededRandom } from "@tether/local/fault/random";
import type { FromBroker } from "@tether/protocol/frame";
import type { Platform } from "@tether/sdk/robot";
import type { World } from "../../../local/test/world/open-world.ts";

/** The network of one machine, and its clock's error. */
export type Line = {
  isUp: boolean;
  /** The API answers this machine's requests for tickets with 503. */
  refusesTickets: boolean;
  skewMs: number;
  /** Answers a request in place of the service; undefined lets it through. A rejection is an error of the network. */
  intercept: (url: string) => Promise<Response> | undefined;
};

export const createLine = (): Line => ({ isUp: true, refusesTickets: false, skewMs: 0, intercept: () => undefined });

/** A process as the operating system runs it: nothing that it does after its death has an effect. */
export type Process = {
  readonly platform: Platform;
  readonly isAlive: () => boolean;
  /** Resolves like `work`, unless the process is dead by then. */
  living<T>(work: Promise<T>): Promise<T>;
  /** Ends the process without a word. What becomes of its sockets is for the caller to say. */
  kill(): void;
};

const never = new Promise<never>(() => {});

export function startProcess(
  world: World,
  line: Line,
  { seed, browser = false, heard = () => {} }: { seed: number; browser?: boolean; heard?: (frame: FromBroker) => void },
): Process {
  const clock = createScopedClock(world.clock);
  const draw = seededRandom(seed);
  let isAlive = true;
  const living = <T>(work: Promise<T>): Promise<T> =>
    work.then(
      (value) => (isAlive ? value : never),
      (error: unknown) => (isAlive ? Promise.reject(error) : never),
    );

  function overhear(socket: TrackedSocket): void {
    let listener: TrackedSocket["onmessage"] = null;
    Object.defineProperty(socket, "onmessage", {
      set(next: TrackedSocket["onmessage"]) {
        listener = next;
      },
      get: () => (event: { data: string | Uint8Array }) => {
        if (!isAlive) return;
        heard(JSON.parse(String(event.data)));
        listener?.(event);
      },
    });
  }

  const platform: Platform = {
    clock: { now: () => clock.now() + line.skewMs, after: clock.after },
    // A clock that is set does not change how time passes.
    steady: clock,
    random: { fraction: draw, bytes: (n) => Uint8Array.from({ length: n }, () => Math.floor(draw() * 256)) },
    fetch(url, init) {
      if (!isAlive) return never;
      if (!line.isUp) return Promise.reject(new TypeError("fetch failed"));
      if (line.refusesTickets && url.includes("/tickets/")) return Promise.resolve(new Response(null, { status: 503 }));
      return living(line.intercept(url) ?? world.fetch(url, init));
    },
    socket(url, protocols) {
      if (!isAlive || !line.isUp) throw new TypeError("no network");
      const socket = trackedSocket(world.quiet, url, [...protocols], world.system.dial);
      if (browser) Reflect.deleteProperty(socket, "ping");
      overhear(socket);
      return socket;
    },
  };

  return {
    platform,
    isAlive: () => isAlive,
    living,
    kill() {
      isAlive = false;
      clock.cancelAll();
    },
  };
}
