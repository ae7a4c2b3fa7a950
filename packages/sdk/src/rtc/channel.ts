/** A method's parameter is checked both ways, so a browser's channel with its richer events is a `ChannelLike` too. */
type Handler<Event> = { handle(event: Event): void }["handle"] | null;

/** RTCDataChannel as far as control needs it. */
export interface ChannelLike {
  readonly readyState: string;
  readonly bufferedAmount: number;
  send(data: string): void;
  close(): void;
  onopen: Handler<unknown>;
  onmessage: Handler<{ readonly data: unknown }>;
  onclose: Handler<unknown>;
}
