import type { Duplex } from "node:stream";
import type { FromBroker } from "@tether/protocol/frame";
import { offer } from "@tether/protocol/subprotocol";
import type { Quiet } from "../../src/clock/quiet.ts";
import { type TrackedSocket, trackedSocket } from "../../src/clock/socket.ts";

type Type = FromBroker["type"];
type Frame<T extends Type> = Extract<FromBroker, { type: T }>;

/** An end that speaks frames by hand: what the SDK would never send can be sent. */
export class RawEnd {
  /** Set by whoever fetched the ticket. */
  session = "";
  /** 101 once open; a refused handshake's status otherwise. */
  status: number | undefined;
  closed: { code: number; reason: string } | undefined;
  readonly frames: FromBroker[] = [];
  readonly socket: TrackedSocket;

  constructor(quiet: Quiet, url: string, ticket: string | string[], dial?: () => Duplex) {
    this.socket = trackedSocket(quiet, url, typeof ticket === "string" ? offer(ticket) : ticket, dial);
    this.socket.onopen = () => {
      this.status = 101;
    };
    this.socket.onerror = ({ message }) => {
      this.status ??= Number(/response: (\d+)/.exec(message)?.[1]);
    };
    this.socket.onmessage = ({ data }) => void this.frames.push(JSON.parse(String(data)));
    this.socket.onclose = ({ code, reason }) => {
      this.closed = { code, reason };
    };
  }

  send(frame: object | string): void {
    this.socket.send(typeof frame === "string" ? frame : JSON.stringify(frame));
  }

  /** All frames of a type, oldest first. */
  all<T extends Type>(type: T): Frame<T>[] {
    return this.frames.filter((frame): frame is Frame<T> => frame.type === type);
  }

  /** The newest frame of a type. */
  last<T extends Type>(type: T): Frame<T> | undefined {
    return this.all(type).at(-1);
  }

  /** Forgets what came so far. */
  clear(): void {
    this.frames.length = 0;
  }
}
