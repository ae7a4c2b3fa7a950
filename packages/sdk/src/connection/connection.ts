import type { Account } from "@tether/protocol/account";
import type { FromBroker, ToBroker } from "@tether/protocol/frame";
import type { Hello } from "@tether/protocol/frame/hello";
import type { Welcome } from "@tether/protocol/frame/welcome";
import type { TicketAnswer } from "@tether/protocol/http";
import type { SessionId } from "@tether/protocol/id";
import { limits } from "@tether/protocol/limits";
import { cutText } from "@tether/protocol/text";
import { keepLease, type Lease } from "../lease/lease.ts";
import type { Log } from "../log.ts";
import { drive, type Work } from "../machine/drive.ts";
import type { Platform } from "../platform.ts";
import type { TicketSource } from "../ticket/source.ts";
import type { Event, Happening } from "./event.ts";
import { keepAlive } from "./keepalive.ts";
import { type Line, openLine } from "./line.ts";
import { next } from "./machine.ts";
import { type Silence, watchSilence } from "./silence.ts";
import type { Connecting, State } from "./state.ts";

/** How a welcome came about: after a break, by a healthy hand-over, or to a question on the same socket. */
export type Arrival = "reconnected" | "handedOver" | "asked";

export type ConnectionEnv = {
  readonly platform: Platform;
  readonly log: Log;
  readonly tickets: TicketSource;
  /** The session to go on with, if there is one. */
  readonly session: SessionId | undefined;
  readonly hello: () => Hello;
  readonly changed: (state: State, before: State) => void;
  readonly answered: (answer: TicketAnswer) => void;
  readonly welcomed: (welcome: Welcome, arrival: Arrival) => void;
  /** A frame from the current or the former socket that is not about the connection itself. */
  readonly frame: (frame: FromBroker) => void;
  readonly renewed: (expiresAt: number) => void;
  /** A frame of ours was lost in the gateway, and nobody knows which. */
  readonly failed: () => void;
};

export type Connection = {
  state(): State;
  start(): void;
  /** Sends on the live connection; without one the frame is dropped. */
  send(frame: ToBroker): void;
  wake(): void;
  /** A peer does not answer: finds out whether the socket here lives. */
  doubt(): void;
  leave(says: string | undefined, account?: Account): void;
  release(): void;
};

/** How long each step may take, in ms. */
export const patienceMs = { ticketing: 20_000, connecting: 10_000, greeting: 10_000, probing: 4_000, leaving: 5_000 } as const;

type Open = { readonly line: Line; welcomed: boolean; readonly held: FromBroker[]; readonly silence: Silence };

/** Runs the connection's machine: each state's work is listed in `worksOf`, and lasts as long as the state does. */
export function connect(env: ConnectionEnv): Connection {
  const { platform, log } = env;
  const { clock, random } = platform;
  const lines = new Map<number, Open>();
  let lease: Lease | undefined;
  const stamp = (happening: Happening): Event => ({ ...happening, at: clock.now(), draw: random.fraction() });

  const sendOn = (line: number) => (frame: ToBroker) => {
    lines.get(line)?.line.send(frame);
    lines.get(line)?.silence.sent(frame);
  };
  const timer = (key: string, ms: number, happening: Happening): Work<Event> => ({
    key,
    begin: (emit) => clock.after(Math.max(0, ms), () => emit(stamp(happening))),
  });
  const overdue = (step: keyof typeof patienceMs, turn: number) => timer(`${step}:${turn}`, patienceMs[step], { type: "overdue", turn });
  const once = (key: string, run: () => void): Work<Event> => ({
    key,
    begin() {
      run();
      return () => {};
    },
  });

  function fetchTicket(turn: number, session: SessionId | undefined): Work<Event> {
    return {
      key: `ticket:${turn}`,
      begin(emit) {
        const abort = new AbortController();
        void env.tickets({ use: "connect", session }, abort.signal).then((ticketed) => {
          if (abort.signal.aborted) return;
          if ("refusal" in ticketed) emit(stamp({ type: "refused", turn, refusal: ticketed.refusal }));
          else emit(stamp({ type: "ticketed", turn, answer: ticketed.answer }));
        });
        return () => abort.abort();
      },
    };
  }

  /** A socket lasts as long as any state names its line; it is opened where its ticket is at hand. */
  function keepLine(line: number, opening?: Connecting): Work<Event> {
    return {
      key: `line:${line}`,
      begin(emit) {
        if (!opening) return () => {};
        const { url, ticket } = opening.answer;
        const opened = openLine(
          { ...platform, log },
          { url, ticket },
          {
            opened: () => emit(stamp({ type: "opened", line })),
            closed: () => emit(stamp({ type: "closed", line })),
            heard: () => lines.get(line)?.silence.heard(),
            frame: (frame) => hear(line, frame, (happening) => emit(stamp(happening))),
            failed: () => (lines.get(line)?.welcomed ? env.failed() : emit(stamp({ type: "rejected", line, problem: "internal" }))),
          },
        );
        const silence = watchSilence(clock, () => emit(stamp({ type: "doubted" })));
        lines.set(line, { line: opened, welcomed: false, held: [], silence });
        return () => {
          lines.delete(line);
          silence.heard();
          opened.close();
        };
      },
    };
  }

  function hear(line: number, frame: FromBroker, emit: (happening: Happening) => void): void {
    const open = lines.get(line);
    if (frame.type === "welcome") emit({ type: "welcomed", line, welcome: frame });
    else if (frame.type === "bye") emit({ type: "dismissed", line, bye: frame });
    else if (frame.type === "problem" && !open?.welcomed) emit({ type: "rejected", line, problem: frame.code });
    // Peers may be routed here before the welcome that tells of them arrives.
    else if (!open?.welcomed) open?.held.push(frame);
    else {
      pass(frame);
      if (frame.type === "problem") emit({ type: "rejected", line, problem: frame.code });
    }
  }

  function pass(frame: FromBroker): void {
    lease?.hear(frame);
    env.frame(frame);
  }

  function keepOnline(line: number, session: SessionId, granted: { serverTime: number; expiresAt: number }): Work<Event>[] {
    const send = sendOn(line);
    return [
      {
        key: `keepalive:${line}`,
        begin: () => keepAlive({ clock, random, send, slept: wake, pings: lines.get(line)?.line.pings() ?? false }),
      },
      {
        key: `lease:${line}`,
        begin() {
          const kept = keepLease({ clock, random, log, tickets: env.tickets, session, send, renewed: env.renewed }, granted);
          lease = kept;
          return () => {
            kept.end();
            if (lease === kept) lease = undefined;
          };
        },
      },
    ];
  }

  function worksOf(state: State): Work<Event>[] {
    switch (state.state) {
      case "idle":
      case "stopped":
        return [];
      case "ticketing":
        return [fetchTicket(state.turn, state.session), overdue("ticketing", state.turn)];
      case "connecting":
        return [keepLine(state.turn, state), overdue("connecting", state.turn)];
      case "greeting":
        return [keepLine(state.turn), once(`hello:${state.turn}`, () => sendOn(state.turn)(env.hello())), overdue("greeting", state.turn)];
      case "waiting":
        return [timer(`wait:${state.turn}`, state.until - clock.now(), { type: "waited", turn: state.turn })];
      case "online": {
        const { line, former, probe, rolloverAt } = state;
        const works = [keepLine(line), ...keepOnline(line, state.session, state.lease)];
        works.push(timer(`age:${line}`, rolloverAt - clock.now(), { type: "aged", line }));
        if (former !== undefined)
          works.push(keepLine(former), timer(`fade:${former}`, limits.session.handoverMs, { type: "faded", line: former }));
        // The broker answers a second hello with a welcome and changes nothing (SPEC H8).
        if (probe !== undefined)
          works.push(
            once(`probe:${probe}`, () => sendOn(line)(env.hello())),
            overdue("probing", probe),
          );
        return works;
      }
      case "handingOver":
        return [
          keepLine(state.line),
          ...keepOnline(state.line, state.session, state.lease),
          timer(`forced:${state.line}`, state.forcedAt - clock.now(), { type: "forced", line: state.line }),
          ...worksOf(state.successor),
        ];
      case "leaving": {
        const { line, says, account } = state;
        const leave = once(`leave:${line}`, () =>
          sendOn(line)({ type: "leave", ...(says !== undefined && { reason: cutText(says, 200) }), ...(account && { why: account }) }),
        );
        return [keepLine(line), leave, overdue("leaving", line)];
      }
    }
  }

  function arrive(line: number, welcome: Welcome, before: State): void {
    const arrival = before.state === "online" ? "asked" : before.state === "handingOver" ? "handedOver" : "reconnected";
    env.welcomed(welcome, arrival);
    const open = lines.get(line);
    if (!open) return;
    open.welcomed = true;
    for (const frame of open.held.splice(0)) pass(frame);
  }

  const driven = drive<State, Event>({
    initial: { state: "idle", session: env.session },
    next,
    worksOf,
    changed(state, before, event) {
      log({ event: `connection.${state.state}`, because: event.type, ...("why" in state && { code: state.why.code }) });
      if (event.type === "ticketed") env.answered(event.answer);
      if (event.type === "welcomed") arrive(event.line, event.welcome, before);
      env.changed(state, before);
    },
  });

  // The lease first: what follows is of no use once it is over.
  function wake(): void {
    lease?.wake();
    driven.tell(stamp({ type: "woken" }));
  }

  return {
    state: driven.state,
    start: () => driven.tell(stamp({ type: "started" })),
    send(frame) {
      const state = driven.state();
      if (state.state === "online" || state.state === "handingOver") sendOn(state.line)(frame);
    },
    wake,
    doubt: () => driven.tell(stamp({ type: "doubted" })),
    leave: (says, account) => driven.tell(stamp({ type: "left", says, account })),
    release: () => driven.tell(stamp({ type: "released" })),
  };
}
