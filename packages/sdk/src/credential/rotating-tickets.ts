import { reason } from "../reason.ts";
import type { TicketSource } from "../ticket/source.ts";
import { prepare } from "./prepare.ts";
import { type KeyedEnv, keyedTickets } from "./tickets.ts";

/**
 * A robot's tickets, with its key rotated unasked: once a ticket's answer says that the key is due, the next one is made and
 * registered beside all else, and the next ticket that is wanted anyway is bought with it. So a session stands on its robot's
 * current key at the latest when it next hands over or renews, and nothing is asked for only to rotate. K2, K8
 */
export function rotatingTickets(env: KeyedEnv): TicketSource {
  const ask = keyedTickets(env);
  let preparing = false;

  async function begin(): Promise<void> {
    if (preparing) return;
    preparing = true;
    try {
      await prepare(env);
    } catch {
      env.log({ event: "key.unsaved" });
    } finally {
      preparing = false;
    }
  }

  return async (wanted, signal) => {
    try {
      const { ticketed, keys, by } = await ask(wanted, signal);
      if (!("answer" in ticketed)) return ticketed;
      const { credential, serverTime } = ticketed.answer;
      if (credential) env.log({ event: "key.proved", ...credential });
      const due = credential !== undefined && serverTime >= credential.rotateAfter;
      if (by === "current" && (keys.next || due)) void begin();
      return ticketed;
    } catch {
      env.log({ event: "key.unreadable" });
      return { refusal: { reason: reason("token.failed"), retry: "backoff", afterMs: 0 } };
    }
  };
}
