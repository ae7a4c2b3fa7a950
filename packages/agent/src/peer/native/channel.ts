import type { ChannelLike } from "@tether/sdk/peer";

/** A data channel whose other half is in the media process. */
export class NativeChannel implements ChannelLike {
  readonly label: string;
  readonly #send: (data: string) => void;
  readonly #close: () => void;
  #given = 0;
  #taken = 0;
  #waiting = 0;
  readyState: RTCDataChannelState = "connecting";
  onopen: ChannelLike["onopen"] = null;
  onmessage: ChannelLike["onmessage"] = null;
  onclose: ChannelLike["onclose"] = null;

  constructor(label: string, env: { readonly send: (data: string) => void; readonly close: () => void }) {
    this.label = label;
    this.#send = env.send;
    this.#close = env.close;
  }

  /** Characters on their way to the media process count as well. */
  get bufferedAmount(): number {
    return this.#given - this.#taken + this.#waiting;
  }

  send(data: string): void {
    if (this.readyState !== "open") throw new DOMException("The channel is not open.", "InvalidStateError");
    this.#given += data.length;
    this.#send(data);
  }

  close(): void {
    this.#close();
    this.become("closed");
  }

  /** The media process's word of it. */
  become(state: "open" | "closed"): void {
    if (this.readyState === state || this.readyState === "closed") return;
    this.readyState = state;
    (state === "open" ? this.onopen : this.onclose)?.(undefined);
  }

  heard(data: string): void {
    this.onmessage?.({ data });
  }

  buffered(taken: number, waiting: number): void {
    this.#taken = taken;
    this.#waiting = waiting;
  }
}
