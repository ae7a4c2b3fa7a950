import type { SessionId } from "@tether/protocol/id";
import type { Clock } from "../clock.ts";
import type { Work } from "../machine/drive.ts";
import type { TicketSource } from "../ticket/source.ts";
import type { Event, Happening } from "./event.ts";

/** The longest that each step may take, in ms. */
export const patienceMs = { ticketing: 20_000, connecting: 10_000, greeting: 10_000, probing: 4_000, leaving: 5_000 } as const;

/**
 * How many times the usual time an attempt waits for its socket and its welcome. It grows with the failures before it: on a path that takes
 * seconds for each packet every attempt would be given up just before it succeeds. E2.1
 */
export const patienceAfter = (failures: number): number => Math.min(3, 1 + Math.floor(failures / 2));

type Env = { readonly clock: Clock; readonly tickets: TicketSource; readonly stamp: (happening: Happening) => Event };

/** The kinds of work that states of a connection do without a socket. */
export function createWork({ clock, tickets, stamp }: Env) {
  const timer = (key: string, ms: number, happening: Happening): Work<Event> => ({
    key,
    begin: (emit) => clock.after(Math.max(0, ms), () => emit(stamp(happening))),
  });
  const overdue = (step: keyof typeof patienceMs, attemptId: number, patience = 1) =>
    timer(`${step}:${attemptId}`, patienceMs[step] * patience, { type: "overdue", attemptId });
  const once = (key: string, run: () => void): Work<Event> => ({
    key,
    begin() {
      run();
      return () => {};
    },
  });

  function fetchTicket(attemptId: number, session: SessionId | undefined): Work<Event> {
    return {
      key: `ticket:${attemptId}`,
      begin(emit) {
        const abort = new AbortController();
        void tickets({ use: "connect", session }, abort.signal).then((ticketed) => {
          if (abort.signal.aborted) return;
          if ("refusal" in ticketed) emit(stamp({ type: "refused", attemptId, refusal: ticketed.refusal }));
          else emit(stamp({ type: "ticketed", attemptId, answer: ticketed.answer }));
        });
        return () => abort.abort();
      },
    };
  }

  return { timer, overdue, once, fetchTicket };
}
