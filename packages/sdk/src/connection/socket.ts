import type { FromBroker, ToBroker } from "@tether/protocol/frame";
import { parseFromBroker } from "@tether/protocol/frame/parse";
import { offer } from "@tether/protocol/subprotocol";
import type { Log } from "../log.ts";
import type { Platform } from "../platform.ts";
import { failureIn, type Reason } from "../reason.ts";
import type { SocketLike } from "../socket.ts";

/** A socket that can ping is pinged every `everyMs`, and is taken for broken after `misses` pings without a pong. */
export const heartbeat = { everyMs: 25_000, misses: 2 } as const;

/** Told of what happens to a socket until this end closes it. */
export type SocketListener = {
  opened(): void;
  /** `why`: the reason that the socket itself gave for not opening; browsers give none. */
  closed(why?: Reason): void;
  /** Any message at all came. */
  heard(): void;
  frame(frame: FromBroker): void;
  /** The gateway could not run the broker for a frame of ours; it does not say which. */
  failed(): void;
};

export type Socket = {
  /** Drops the frame where the socket is not open: whoever needs it delivered sends again. */
  send(frame: ToBroker): void;
  close(): void;
  /** True where the socket is pinged without a frame of ours. */
  pings(): boolean;
};

type Env = Pick<Platform, "clock" | "socket"> & { readonly log: Log };

/** Opens a socket. Once this end closed it, nothing is heard of it and nothing is sent on it. */
export function openSocket(env: Env, to: { readonly url: string; readonly ticket: string }, listener: SocketListener): Socket {
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
      log({ event: "socket.close-failed" });
    }
  }

  function broke(why?: Reason): void {
    if (!socket) return;
    end();
    listener.closed(why);
  }

  function beat(open: SocketLike): void {
    if (!open.ping) return;
    let unanswered = 0;
    open.onpong = () => {
      unanswered = 0;
    };
    const tick = () => {
      if (unanswered >= heartbeat.misses) {
        log({ event: "socket.silent", unanswered });
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
    listener.heard();
    if (typeof data !== "string") return;
    const parsed = parseFromBroker(data);
    if ("frame" in parsed) listener.frame(parsed.frame);
    else if ("unknown" in parsed)
      log({ event: "frame.unknown" }); // F3
    else if (parsed.problem === "frame.malformed" && isGatewayError(data)) listener.failed();
    else log({ event: "frame.refused", problem: parsed.problem, fields: parsed.fields?.join(" ") });
  }

  try {
    const opening = env.socket(to.url, offer(to.ticket));
    socket = opening;
    let isOpen = false;
    opening.onopen = () => {
      isOpen = true;
      beat(opening);
      listener.opened();
    };
    opening.onmessage = ({ data }) => hear(data);
    opening.onclose = () => broke();
    opening.onerror = (event) => broke(isOpen ? undefined : failureIn(event));
  } catch {
    // An address that is none is told later, as any other failure is.
    stopBeating = clock.after(0, () => listener.closed());
  }

  return {
    send(frame) {
      try {
        socket?.send(JSON.stringify(frame));
      } catch {
        log({ event: "socket.send-failed", type: frame.type });
      }
    },
    close: end,
    pings: () => socket?.ping !== undefined,
  };
}

/** Recognizes what API Gateway posts where an integration failed: `{"message":"Internal server error","connectionId":…,"requestId":…}`. */
function isGatewayError(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && "message" in value && "requestId" in value;
  } catch {
    return false;
  }
}
