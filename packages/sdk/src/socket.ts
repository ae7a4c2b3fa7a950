/** A method's parameter is checked both ways, so a browser's WebSocket with its richer events is a `SocketLike` too. */
type Handler<Event> = { handle(event: Event): void }["handle"] | null;

/** The browser's WebSocket as far as the SDK needs it. */
export interface SocketLike {
  send(data: string): void;
  close(code?: number, reason?: string): void;
  onopen: Handler<unknown>;
  onmessage: Handler<{ readonly data: unknown }>;
  onclose: Handler<{ readonly code: number }>;
  onerror: Handler<unknown>;
  /** Sends a ping. A half-open socket that can ping is noticed within a minute. */
  ping?(): void;
  /** Called for every pong by a socket that can ping. */
  onpong?: Handler<void>;
}
