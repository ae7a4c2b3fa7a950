import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { WebSocket } from "ws";
import { type ClientEnd, portsOf } from "./link.ts";
import type { Quiet } from "./quiet.ts";

/** The browser's WebSocket as far as an end needs it, with ping and pong besides. */
export interface TrackedSocket {
  readonly url: string;
  readonly protocol: string;
  readonly readyState: number;
  onopen: (() => void) | null;
  onmessage: ((event: { data: string | Uint8Array }) => void) | null;
  onclose: ((event: { code: number; reason: string; wasClean: boolean }) => void) | null;
  onerror: ((event: { message: string }) => void) | null;
  onpong: (() => void) | null;
  send(data: string | Uint8Array): void;
  close(code?: number, reason?: string): void;
  ping(): void;
}

/**
 * A WebSocket whose handshake, frames, pings and close are counted by `quiet` when its other end is our gateway. `dial` makes the
 * connection under it; TCP unless told.
 */
export function trackedSocket(quiet: Quiet, url: string, protocols: readonly string[] = [], dial?: () => Duplex): TrackedSocket {
  const { host, pathname } = new URL(url);
  const endConnecting = quiet.begin(`connect to ${host}`);
  let link: ClientEnd | undefined;

  // The link exists before the request leaves, so the gateway always finds it.
  function join(socket: Socket): void {
    const ports = { client: socket.localPort, server: socket.remotePort };
    link = quiet.links.open(portsOf(ports), `socket :${socket.localPort} to ${pathname}`);
    endConnecting();
  }

  const ws = new WebSocket(url, [...protocols], {
    ...(dial && { createConnection: dial as () => Socket }),
    finishRequest(request) {
      request.once("socket", (socket: Socket) => {
        if (socket.connecting) socket.once("connect", () => join(socket));
        else join(socket);
      });
      request.end();
    },
  });

  const self: TrackedSocket = {
    url,
    get protocol() {
      return ws.protocol;
    },
    get readyState() {
      return ws.readyState;
    },
    onopen: null,
    onmessage: null,
    onclose: null,
    onerror: null,
    onpong: null,
    send(data) {
      if (ws.readyState === WebSocket.OPEN) link?.sent();
      ws.send(data);
    },
    close(code, reason) {
      if (ws.readyState === WebSocket.CLOSED) return;
      if (ws.readyState === WebSocket.OPEN) link?.closing();
      ws.close(code, reason);
      // Nobody will answer the close frame; `ws` would wait half a minute of real time.
      if (link?.lost()) ws.terminate();
    },
    ping() {
      if (ws.readyState !== WebSocket.OPEN) return;
      link?.pinged();
      ws.ping();
    },
  };

  // Each listener tells the link last: what its handler began is open by then.
  ws.on("open", () => {
    self.onopen?.();
    link?.opened();
  });
  ws.on("message", (data: Buffer, binary) => {
    self.onmessage?.({ data: binary ? data : data.toString() });
    link?.received();
  });
  ws.on("pong", () => {
    self.onpong?.();
    link?.ponged();
  });
  ws.on("error", (error) => self.onerror?.({ message: error.message }));
  ws.on("close", (code, reason) => {
    self.onclose?.({ code, reason: reason.toString(), wasClean: code !== 1006 });
    endConnecting();
    link?.closed();
  });
  return self;
}
