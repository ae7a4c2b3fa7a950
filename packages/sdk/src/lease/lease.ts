import type { FromBroker, ToBroker } from "@tether/protocol/frame";
import type { SessionId } from "@tether/protocol/id";
import type { Log } from "../log.ts";
import { drive, type Work } from "../machine/drive.ts";
import type { Platform } from "../platform.ts";
import type { TicketSource } from "../ticket/source.ts";
import { type Event, type Happening, next, rest, type State } from "./machine.ts";

type Env = Pick<Platform, "clock" | "random"> & {
  readonly log: Log;
  readonly tickets: TicketSource;
  readonly session: SessionId;
  readonly send: (frame: ToBroker) => void;
  /** The lease's new end, by the server's clock. */
  readonly renewed: (expiresAt: number) => void;
};

export type Lease = {
  /** Tells of a frame; those that are not about the lease do nothing. */
  hear(frame: FromBroker): void;
  wake(): void;
  end(): void;
};

/** The longest waits in ms: `asking` for a ticket, `proving` for the broker's answer to it. */
const patienceMs = { asking: 20_000, proving: 10_000 } as const;
const idPrefix = "renew-";

/** Keeps one connection's lease renewed in place. `granted` is by the server's clock, of which it tells the time. */
export function keepLease(env: Env, granted: { readonly serverTime: number; readonly expiresAt: number }): Lease {
  const { clock, random, log } = env;
  let aheadMs = granted.serverTime - clock.now();
  const stamp = (happening: Happening): Event => ({ ...happening, at: clock.now(), draw: random.fraction() });

  function limit(attemptId: number, ms: number): Work<Event> {
    return { key: `limit:${attemptId}:${ms}`, begin: (emit) => clock.after(ms, () => emit(stamp({ type: "overdue", attemptId }))) };
  }

  function ask({ attemptId, fresh }: State): Work<Event> {
    return {
      key: `ask:${attemptId}`,
      begin(emit) {
        const abort = new AbortController();
        void env.tickets({ use: "renew", session: env.session, fresh }, abort.signal).then((ticketed) => {
          if (abort.signal.aborted) return;
          if ("refusal" in ticketed) return emit(stamp({ type: "refused", attemptId, refusal: ticketed.refusal }));
          const { ticket, auth, serverTime } = ticketed.answer;
          aheadMs = serverTime - clock.now();
          emit(stamp({ type: "ticketed", attemptId, ticket, leaseEndsAt: auth.expiresAt - aheadMs }));
        });
        return () => abort.abort();
      },
    };
  }

  function prove(attemptId: number, ticket: string): Work<Event> {
    return {
      key: `prove:${attemptId}`,
      begin() {
        env.send({ type: "auth.renew", id: idPrefix + attemptId, ticket });
        return () => {};
      },
    };
  }

  function worksOf(state: State): Work<Event>[] {
    const { attemptId } = state;
    if (state.state === "asking") return [ask(state), limit(attemptId, patienceMs.asking)];
    if (state.state === "proving") return [prove(attemptId, state.ticket), limit(attemptId, patienceMs.proving)];
    if (state.state === "denied") return [];
    const wait = Math.max(0, state.until - clock.now());
    return [{ key: `due:${attemptId}`, begin: (emit) => clock.after(wait, () => emit(stamp({ type: "due", attemptId }))) }];
  }

  const driven = drive<State, Event>({
    initial: rest({ attemptId: 0, at: clock.now(), draw: random.fraction(), expiresAt: granted.expiresAt - aheadMs }),
    next,
    worksOf,
    changed(state, before, event) {
      const refusal = event.type === "refused" ? event.refusal.reason.code : undefined;
      log({ event: `lease.${state.state}`, because: event.type, ...(refusal && { code: refusal }) });
      if (event.type === "unmoved" && state.expiresAt !== before.expiresAt) env.renewed(state.expiresAt + aheadMs);
    },
  });

  return {
    hear(frame) {
      if (frame.type === "auth.renewed") {
        driven.tell(stamp({ type: "renewed", expiresAt: frame.expiresAt - aheadMs }));
        env.renewed(frame.expiresAt);
      } else if (frame.type === "auth.expiring") driven.tell(stamp({ type: "warned", expiresAt: frame.expiresAt - aheadMs }));
      else if (frame.type === "auth.expired" || frame.type === "auth.challenge") driven.tell(stamp({ type: "warned" }));
      else if (frame.type !== "problem") return;
      else if (frame.id?.startsWith(idPrefix)) {
        const type = frame.code === "auth.unmoved" ? "unmoved" : "rejected";
        driven.tell(stamp({ type, attemptId: Number(frame.id.slice(idPrefix.length)) }));
      } else if (frame.code === "session.expired") driven.tell(stamp({ type: "warned" }));
    },
    wake: () => driven.tell(stamp({ type: "woken" })),
    end: driven.end,
  };
}
