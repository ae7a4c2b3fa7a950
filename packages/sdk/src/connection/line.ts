import type { FromBroker, ToBroker } from "@tether/protocol/frame";
import { parseFromBroker } from "@tether/protocol/frame/parse";
import { offer } from "@tether/protocol/subprotocol";
import type { Log } from "../log.ts";
import type { Platform } from "../platform.ts";
import type { SocketLike } from "../socket.ts";

/** How often a socket that can is pinged; after this many pings without a pong it is taken for broken. */
export const heartbeat = { everyMs: 25_000, misses: 2 } as const;

/** Heard of a line while it is open. */
export type Ear = {
  opened(): void;
  closed(): void;
  /** Anything at all came. */
  heard(): void;
  frame(frame: FromBroker): void;
  /** The gateway could not run the broker for a frame of ours; it does not say which. */
  failed(): void;
};

export type Line = {
  /** Drops the frame where the socket is not open: whoever needs it delivered sends again. */
  send(frame: ToBroker): void;
  close(): void;
  /** Whether the link is pinged without a frame of ours. */
  pings(): boolean;
};

type Env = Pick<Platform, "clock" | "socket"> & { readonly log: Log };

/** One socket, from its opening on. Once closed by us it is deaf and dumb. */
export function openLine(env: Env, to: { readonly url: string; readonly ticket: string }, ear: Ear): Line {
  const { clock, log } = env;
  let socket: SocketLike | undefined;
  let stopBeating = () => {};

  function end(): void {
    stopBeating();
    const ending = socket;
    socket = undefined;
    if (!ending) return;
    ending.onopen = ending.onmessage = ending.onclose = null;
    // `ws` throws what nobody listens to, and closing before the handshake ends is an error to it.
    ending.onerror = () => {};
    if (ending.onpong) ending.onpong = null;
    try {
      ending.close(1000);
    } catch {
      log({ event: "line.close-failed" });
    }
  }

  function broke(): void {
    if (!socket) return;
    end();
    ear.closed();
  }

  function beat(open: SocketLike): void {
    if (!open.ping) return;
    let unanswered = 0;
    open.onpong = () => {
      unanswered = 0;
    };
    const tick = () => {
      if (unanswered >= heartbeat.misses) {
        log({ event: "line.silent", unanswered });
        broke();
        return;
      }
      unanswered += 1;
      open.ping?.();
      stopBeating = clock.after(heartbeat.everyMs, tick);
    };
    stopBeating = clock.after(heartbeat.everyMs, tick);
  }

  function hear(data: unknown): void {
    ear.heard();
    if (typeof data !== "string") return;
    const parsed = parseFromBroker(data);
    if ("frame" in parsed) ear.frame(parsed.frame);
    else if ("unknown" in parsed)
      log({ event: "frame.unknown" }); // F3
    else if (parsed.problem === "frame.malformed" && isGatewayError(data)) ear.failed();
    else log({ event: "frame.refused", problem: parsed.problem, fields: parsed.fields?.join(" ") });
  }

  try {
    const opening = env.socket(to.url, offer(to.ticket));
    socket = opening;
    opening.onopen = () => {
      beat(opening);
      ear.opened();
    };
    opening.onmessage = ({ data }) => hear(data);
    opening.onclose = broke;
    opening.onerror = broke;
  } catch {
    // An address that is none: told later, as any other failure is.
    stopBeating = clock.after(0, () => ear.closed());
  }

  return {
    send(frame) {
      try {
        socket?.send(JSON.stringify(frame));
      } catch {
        log({ event: "line.send-failed", type: frame.type });
      }
    },
    close: end,
    pings: () => socket?.ping !== undefined,
  };
}

/** What API Gateway posts where an integration failed: `{"message":"Internal server error","connectionId":…,"requestId":…}`. */
function isGatewayError(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && "message" in value && "requestId" in value;
  } catch {
    return false;
  }
}
