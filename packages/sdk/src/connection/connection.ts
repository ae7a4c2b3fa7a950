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
import { reason, reasonOfProblem } from "../reason.ts";
import type { TicketSource } from "../ticket/source.ts";
import type { Event, Happening } from "./event.ts";
import { keepAlive } from "./keepalive.ts";
import { next } from "./machine.ts";
import { learnSilence } from "./path-silence.ts";
import { type Silence, watchSilence } from "./silence.ts";
import { openSocket, type Socket } from "./socket.ts";
import type { Connecting, State } from "./state.ts";
import { createWork, patienceAfter } from "./work.ts";

/** The occasion of a welcome: a reconnect after a break, a healthy hand-over, or a second hello on the same socket. */
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

type Open = { readonly socket: Socket; readonly pings: boolean; welcomed: boolean; readonly held: FromBroker[]; readonly silence: Silence };

/** Runs the connection's machine: each state's work is listed in `worksOf`, and lasts as long as the state does. */
export function connect(env: ConnectionEnv): Connection {
  const { platform, log } = env;
  const { clock, random } = platform;
  const sockets = new Map<number, Open>();
  const path = learnSilence(clock);
  let lease: Lease | undefined;
  const stamp = (happening: Happening): Event => ({ ...happening, at: clock.now(), draw: random.fraction() });

  const sendOn = (socketId: number) => (frame: ToBroker) => {
    sockets.get(socketId)?.socket.send(frame);
    sockets.get(socketId)?.silence.sent(frame);
  };
  const { timer, overdue, once, fetchTicket } = createWork({ clock, tickets: env.tickets, stamp });

  /** A socket lasts as long as any state names its id; the state that holds its ticket opens it. */
  function keepSocket(socketId: number, opening?: Connecting): Work<Event> {
    return {
      key: `socket:${socketId}`,
      begin(emit) {
        if (!opening) return () => {};
        const { url, ticket } = opening.answer;
        const opened = openSocket(
          { ...platform, log },
          { url, ticket },
          {
            opened: () => emit(stamp({ type: "opened", socketId })),
            closed(why) {
              const open = sockets.get(socketId);
              // A socket that pings is never silent, whatever frames say.
              if (open?.welcomed && !open.pings) path.cut(open.silence.silentMs());
              emit(stamp({ type: "closed", socketId, ...(why && { why }) }));
            },
            heard: () => sockets.get(socketId)?.silence.heard(),
            frame: (frame) => hear(socketId, frame, (happening) => emit(stamp(happening))),
            failed: () =>
              sockets.get(socketId)?.welcomed ? env.failed() : emit(stamp({ type: "rejected", socketId, why: reason("internal") })),
          },
        );
        const silence = watchSilence(clock, () => emit(stamp({ type: "doubted" })));
        sockets.set(socketId, { socket: opened, pings: opened.pings(), welcomed: false, held: [], silence });
        return () => {
          sockets.delete(socketId);
          silence.end();
          opened.close();
        };
      },
    };
  }

  function hear(socketId: number, frame: FromBroker, emit: (happening: Happening) => void): void {
    const open = sockets.get(socketId);
    if (frame.type === "welcome") emit({ type: "welcomed", socketId, welcome: frame });
    else if (frame.type === "bye") emit({ type: "dismissed", socketId, bye: frame });
    else if (frame.type === "problem" && !open?.welcomed) emit({ type: "rejected", socketId, why: reasonOfProblem(frame) });
    // Peers may be routed here before the welcome that tells of them arrives.
    else if (!open?.welcomed) open?.held.push(frame);
    else {
      pass(frame);
      if (frame.type === "problem") emit({ type: "rejected", socketId, why: reasonOfProblem(frame) });
    }
  }

  function pass(frame: FromBroker): void {
    lease?.hear(frame);
    env.frame(frame);
  }

  function keepOnline(socketId: number, session: SessionId, granted: { serverTime: number; expiresAt: number }): Work<Event>[] {
    const send = sendOn(socketId);
    return [
      {
        key: `keepalive:${socketId}`,
        begin: () => keepAlive({ clock, random, send, slept: wake, path, pings: sockets.get(socketId)?.pings ?? false }),
      },
      {
        key: `lease:${socketId}`,
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
        return [fetchTicket(state.attemptId, state.session), overdue("ticketing", state.attemptId)];
      case "connecting":
        return [keepSocket(state.attemptId, state), overdue("connecting", state.attemptId, patienceAfter(state.failures))];
      case "greeting":
        return [
          keepSocket(state.attemptId),
          once(`hello:${state.attemptId}`, () => sendOn(state.attemptId)(env.hello())),
          overdue("greeting", state.attemptId, patienceAfter(state.failures)),
        ];
      case "waiting":
        return [timer(`wait:${state.attemptId}`, state.until - clock.now(), { type: "waited", attemptId: state.attemptId })];
      case "online": {
        const { socketId, former, probe, rolloverAt } = state;
        const works = [keepSocket(socketId), ...keepOnline(socketId, state.session, state.lease)];
        works.push(timer(`age:${socketId}`, rolloverAt - clock.now(), { type: "aged", socketId }));
        if (former !== undefined)
          works.push(keepSocket(former), timer(`drain:${former}`, limits.session.handoverMs, { type: "drained", socketId: former }));
        // The broker answers a second hello with a welcome and changes nothing (SPEC H8).
        if (probe !== undefined)
          works.push(
            once(`probe:${probe}`, () => sendOn(socketId)(env.hello())),
            overdue("probing", probe),
          );
        return works;
      }
      case "handingOver":
        return [
          keepSocket(state.socketId),
          ...keepOnline(state.socketId, state.session, state.lease),
          timer(`forced:${state.socketId}`, state.forcedAt - clock.now(), { type: "forced", socketId: state.socketId }),
          ...worksOf(state.successor),
        ];
      case "leaving": {
        const { socketId, says, account } = state;
        const leave = once(`leave:${socketId}`, () =>
          sendOn(socketId)({ type: "leave", ...(says !== undefined && { reason: cutText(says, 200) }), ...(account && { why: account }) }),
        );
        return [keepSocket(socketId), leave, overdue("leaving", socketId)];
      }
    }
  }

  function arrive(socketId: number, welcome: Welcome, before: State): void {
    const arrival = before.state === "online" ? "asked" : before.state === "handingOver" ? "handedOver" : "reconnected";
    env.welcomed(welcome, arrival);
    const open = sockets.get(socketId);
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
      if (event.type === "welcomed") arrive(event.socketId, event.welcome, before);
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
      if (state.state === "online" || state.state === "handingOver") sendOn(state.socketId)(frame);
    },
    wake,
    doubt: () => driven.tell(stamp({ type: "doubted" })),
    leave: (says, account) => driven.tell(stamp({ type: "left", says, account })),
    release: () => driven.tell(stamp({ type: "released" })),
  };
}
