import { type PrivateKey, signerFromJwk, thumbprint } from "../assertion/signer.ts";
import type { Log } from "../log.ts";
import type { Platform } from "../platform.ts";
import { robotTickets } from "../ticket/robot.ts";
import type { Ticketed, TicketSource } from "../ticket/source.ts";
import type { KeyStore, Keys } from "./key-store.ts";

/** The means by which a robot fetches tickets. */
export type KeyedEnv = Pick<Platform, "fetch" | "clock" | "random"> & {
  readonly api: string;
  readonly robot: string;
  readonly keys: KeyStore;
  readonly log: Log;
};

/** `by`: which of the keys was asked with last. */
export type Proved = { readonly ticketed: Ticketed; readonly keys: Keys; readonly by: "current" | "next" };

/**
 * Fetches tickets with whatever keys are kept at the moment: the next one first, as the current one may be retired already,
 * and its use would be taken for a thief's (K4). The first ticket that the next key buys makes it the current one (K2).
 * Rejects where the keys cannot be loaded.
 */
export function keyedTickets(env: KeyedEnv): (...asked: Parameters<TicketSource>) => Promise<Proved> {
  const sources = new Map<string, TicketSource>();

  async function sourceOf(key: PrivateKey): Promise<TicketSource> {
    const kid = await thumbprint(key);
    const known = sources.get(kid);
    if (known) return known;
    const made = robotTickets({ ...env, signer: await signerFromJwk(key) });
    sources.set(kid, made);
    return made;
  }

  return async (wanted, signal) => {
    for (let keys = await env.keys.load(); ; ) {
      if (keys.next) {
        const ticketed = await (await sourceOf(keys.next))(wanted, signal);
        if (!isUnknown(ticketed)) {
          if ("answer" in ticketed) await promote(env, keys, keys.next);
          return { ticketed, keys, by: "next" };
        }
      }
      const ticketed = await (await sourceOf(keys.current))(wanted, signal);
      const kept = isUnknown(ticketed) ? await env.keys.load() : keys;
      // A second process took the robot's next key into use while we asked with the old one.
      if (same(kept, keys)) return { ticketed, keys, by: "current" };
      keys = kept;
    }
  };
}

async function promote({ keys, log }: KeyedEnv, from: Keys, next: PrivateKey): Promise<void> {
  try {
    await keys.save({ current: next }, from);
    log({ event: "key.current" });
  } catch {
    // The two keys stay kept, and the next ticket leads here again.
    log({ event: "key.unsaved" });
  }
}

function isUnknown(ticketed: Ticketed): boolean {
  return "refusal" in ticketed && ticketed.refusal.reason.code === "assertion.key";
}

export function same(a: Keys, b: Keys): boolean {
  return a.current.d === b.current.d && a.next?.d === b.next?.d;
}
