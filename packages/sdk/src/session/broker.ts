import type { ControlWelcome } from "@tether/protocol/control";
import type { FromBroker, ToBroker } from "@tether/protocol/frame";
import type { Welcome } from "@tether/protocol/frame/welcome";
import type { Clock } from "../clock.ts";
import { createEmitter, type Emitter } from "./emitter.ts";

/** Control and features as the last welcome gave them, and how far the broker's clock is ahead of this end's steady one. */
export type Greeting = {
  readonly session: Welcome["session"]["id"];
  readonly aheadMs: number;
  readonly control: ControlWelcome | undefined;
  /** Features that were asked for and given. */
  readonly features: readonly string[];
};

export type BrokerEvents = {
  welcome: Greeting;
  frame: FromBroker;
  /** The connection is away; it will be back. */
  lost: undefined;
  /** The session of this end is over: it left, was released, or was told never to come back. */
  over: undefined;
};

/** The broker, as those parts of a session know it that speak with it besides signalling. */
export type Broker = Pick<Emitter<BrokerEvents>, "on"> & {
  /** Sends on the live connection; without one the frame is dropped. */
  send(frame: ToBroker): void;
  /** The last welcome, brought up to date, while the connection lives. */
  greeting(): Greeting | undefined;
  isOver(): boolean;
};

type Listener = { welcomed(welcome: Welcome): void; hear(frame: FromBroker): void; lost(): void; over(): void };

export function createBroker(steady: Clock, send: (frame: ToBroker) => void): Broker & Listener {
  const { on, emit } = createEmitter<BrokerEvents>();
  let greeting: Greeting | undefined;
  let isOver = false;
  return {
    on,
    send,
    greeting: () => greeting,
    isOver: () => isOver,
    welcomed({ session, serverTime, control, features = [] }) {
      greeting = { session: session.id, aheadMs: serverTime - steady.now(), control, features };
      emit("welcome", greeting);
    },
    hear(frame) {
      const known = greeting?.control;
      if (greeting && known && frame.type === "control.changed" && frame.control.version > known.control.version)
        greeting = { ...greeting, control: { ...known, control: frame.control } };
      emit("frame", frame);
    },
    lost() {
      greeting = undefined;
      emit("lost", undefined);
    },
    over() {
      if (isOver) return;
      isOver = true;
      emit("over", undefined);
    },
  };
}
