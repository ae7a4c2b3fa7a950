import type { FromBroker, ToBroker } from "@tether/protocol/frame";
import { parseToBroker } from "@tether/protocol/frame/parse";
import type { WebSocket } from "ws";
import type { Clock } from "../clock/clock.ts";
import { createWatch } from "./watch.ts";

export type Heard = {
  readonly at: number;
  readonly text: string;
  readonly frame: ToBroker | undefined;
  readonly wrong: string | undefined;
};

type Opened = {
  readonly clock: Clock;
  readonly socket: WebSocket;
  readonly ticket: string | undefined;
  /** The use that its ticket was bought for; undefined where the ticket was none of ours, or used before. */
  readonly use: string | undefined;
  readonly epoch: number;
  /** Told of each frame that matches its schema, as it comes. */
  readonly onFrame?: (frame: ToBroker) => void;
};

/** A connection of who is on trial. */
export function createConnection({ clock, socket, ticket, use, epoch, onFrame }: Opened) {
  const heard = createWatch<Heard>(clock);
  const openedAt = clock.now();
  const pings = createWatch<number>(clock);
  let isOver = false;
  socket.on("ping", () => pings.put(clock.now()));
  socket.on("message", (data) => {
    const text = String(data);
    const parsed = parseToBroker(text);
    const frame = "frame" in parsed ? parsed.frame : undefined;
    const wrong = "problem" in parsed ? `${parsed.problem} ${parsed.fields?.join(" ") ?? ""}: ${text.slice(0, 200)}` : undefined;
    heard.put({ at: clock.now(), text, frame, wrong });
    if (frame) onFrame?.(frame);
  });
  socket.on("close", () => {
    isOver = true;
  });
  return {
    heard,
    /** When its WebSocket pings came. */
    pings,
    openedAt,
    ticket,
    use,
    epoch,
    say: (frame: FromBroker) => socket.send(JSON.stringify(frame)),
    raw: (text: string) => socket.send(text),
    cut: () => socket.terminate(),
    close: () => socket.close(1000),
    isOver: () => isOver,
    /** The first frame of a type from place `from` on. */
    async frame<Type extends ToBroker["type"]>(type: Type, options: { from?: number; ms?: number } = {}) {
      const found = await heard.until(`the frame ${type}`, ({ frame }) => frame?.type === type, options);
      return found.frame as Extract<ToBroker, { type: Type }>;
    },
  };
}

export type Connection = ReturnType<typeof createConnection>;

/** The frames that match no schema, by what is wrong with each. */
export const wrongFrames = (connections: readonly Connection[]): string[] =>
  connections.flatMap(({ heard }) => heard.all.flatMap(({ wrong }) => wrong ?? []));
