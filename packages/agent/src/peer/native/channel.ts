/** A data channel whose other half is in the media process. */
export class NativeChannel extends EventTarget {
  readonly label: string;
  readonly #send: (data: string) => void;
  readonly #close: () => void;
  #state: RTCDataChannelState = "connecting";
  #given = 0;
  #taken = 0;
  #waiting = 0;
  onopen: ((event: Event) => void) | null = null;
  onmessage: ((event: MessageEvent) => void) | null = null;
  onclose: ((event: Event) => void) | null = null;

  constructor(label: string, env: { readonly send: (data: string) => void; readonly close: () => void }) {
    super();
    this.label = label;
    this.#send = env.send;
    this.#close = env.close;
  }

  get readyState(): RTCDataChannelState {
    return this.#state;
  }

  /** Characters on their way to the media process count as well. */
  get bufferedAmount(): number {
    return this.#given - this.#taken + this.#waiting;
  }

  send(data: string): void {
    if (this.#state !== "open") throw new DOMException("The channel is not open.", "InvalidStateError");
    this.#given += data.length;
    this.#send(data);
  }

  close(): void {
    this.#close();
    this.become("closed");
  }

  /** The media process's word of it. */
  become(state: "open" | "closed"): void {
    if (this.#state === state || this.#state === "closed") return;
    this.#state = state;
    const event = new Event(state === "open" ? "open" : "close");
    (state === "open" ? this.onopen : this.onclose)?.(event);
    this.dispatchEvent(event);
  }

  heard(data: string): void {
    const event = new MessageEvent("message", { data });
    this.onmessage?.(event);
    this.dispatchEvent(event);
  }

  buffered(taken: number, waiting: number): void {
    this.#taken = taken;
    this.#waiting = waiting;
  }
}
