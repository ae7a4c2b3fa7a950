import type { FromBroker, ToBroker } from "@tether/protocol/frame";
import type { Platform } from "../src/platform.ts";
import type { SocketLike } from "../src/socket.ts";
import { createVirtualClock, settled } from "./virtual-clock.ts";

/** A socket whose other side is the test. */
export type FakeSocket = SocketLike & {
  readonly url: string;
  readonly protocols: readonly string[];
  /** Frames sent, as the broker reads them. */
  readonly sent: ToBroker[];
  closed: boolean;
  pings: number;
  opens(): Promise<void>;
  says(frame: FromBroker | { message: string; connectionId: string; requestId: string } | { type: "new.kind" } | string): Promise<void>;
  breaks(): Promise<void>;
};

function createFakeSocket(url: string, protocols: readonly string[], canPing: boolean): FakeSocket {
  const socket: FakeSocket = {
    url,
    protocols,
    sent: [],
    closed: false,
    pings: 0,
    onopen: null,
    onmessage: null,
    onclose: null,
    onerror: null,
    send: (data) => void socket.sent.push(JSON.parse(data)),
    close: () => {
      socket.closed = true;
    },
    async opens() {
      socket.onopen?.({});
      await settled();
    },
    async says(frame) {
      socket.onmessage?.({ data: typeof frame === "string" ? frame : JSON.stringify(frame) });
      await settled();
    },
    async breaks() {
      socket.onerror?.({});
      socket.onclose?.({ code: 1006 });
      await settled();
    },
  };
  if (!canPing) return socket;
  return Object.assign(socket, {
    onpong: null,
    ping: () => {
      socket.pings += 1;
    },
  });
}

/** The platform with a clock that stands still, randomness that is known, and nobody at the other end. */
export function createTestPlatform(options: { fraction?: () => number; canPing?: boolean; fetch?: Platform["fetch"] } = {}) {
  const clock = createVirtualClock();
  const sockets: FakeSocket[] = [];
  let bytes = 0;
  const platform: Platform = {
    clock,
    random: {
      fraction: options.fraction ?? (() => 0.5),
      bytes(n) {
        bytes += 1;
        return new Uint8Array(n).fill(bytes);
      },
    },
    fetch: options.fetch ?? (() => Promise.reject(new TypeError("no network"))),
    socket(url, protocols) {
      const socket = createFakeSocket(url, protocols, options.canPing ?? false);
      sockets.push(socket);
      return socket;
    },
  };
  const at = (index: number): FakeSocket => {
    const socket = sockets.at(index);
    if (!socket) throw new Error(`There is no socket ${index} of ${sockets.length}.`);
    return socket;
  };
  return { clock, platform, sockets, at, last: () => at(-1) };
}
