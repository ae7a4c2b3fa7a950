import type { Cause } from "@tether/protocol/cause";

/** A thing that the run did to an end, which is the truth about what came of it. */
type Deed = { readonly at: number; readonly cause: Cause };

/** The epochs of the connections that a deed cut off; `next` is a connection that was being made then. */
type Cut = Deed & { readonly epochs: ReadonlySet<number>; readonly next: number };

/** A right was taken from a user, at one robot or everywhere. */
type Revocation = Deed & { readonly user: string; readonly robot: string | undefined };

/** An entry of the timeline, as far as the ledger has to know it. */
type About = {
  readonly session?: string;
  readonly robot: string;
  readonly epoch?: number;
  readonly at: number;
  readonly user?: { readonly id: string };
};

/** Two deeds this close together, in ms, may reach the broker in either order: then each is true. */
const sameTimeMs = 5_000;

/** A revocation ends sessions within this time, in ms. */
const revokedWithinMs = 10_000;

/** The emulator's own record of what it did, which no part of the product writes. */
export type Ledger = {
  /** Connections of a session are cut off. */
  cut(session: string, epochs: readonly number[], cause: Cause, at?: number): void;
  /** A session is ended. */
  end(session: string, cause: Cause, at?: number): void;
  /** A right is taken from a user, by the user's id. */
  revoke(user: string, robot: string | undefined, cause: Cause): void;
  /** Why a connection was lost, by what was done to it first; nothing where nothing was. */
  lossOf(entry: About): readonly Cause[];
  /** Why a session ended, if something ended it. */
  endOf(entry: About): readonly Cause[];
  /** The number of endings that come of all this, about. */
  endings(): number;
};

export function createLedger(now: () => number): Ledger {
  const cuts = new Map<string, Cut[]>();
  const ends = new Map<string, Deed[]>();
  const revocations: Revocation[] = [];
  let count = 0;

  function add<D extends Deed>(to: Map<string, D[]>, session: string, deed: D): void {
    if (!cuts.has(session) && !ends.has(session)) count += 1;
    to.set(session, [...(to.get(session) ?? []), deed]);
  }

  function firstOf(deeds: readonly Deed[]): readonly Cause[] {
    const first = Math.min(...deeds.map(({ at }) => at));
    return [...new Set(deeds.filter(({ at }) => at <= first + sameTimeMs).map(({ cause }) => cause))];
  }

  return {
    cut(session, epochs, cause, at = now()) {
      add(cuts, session, { at, cause, epochs: new Set(epochs), next: Math.max(0, ...epochs) + 1 });
      count += 1;
    },
    end: (session, cause, at = now()) => add(ends, session, { at, cause }),
    revoke: (user, robot, cause) => void revocations.push({ user, robot, cause, at: now() }),
    lossOf({ session = "", epoch = 0, at }) {
      const before = (cuts.get(session) ?? []).filter((deed) => deed.at <= at);
      const hits = before.filter(({ epochs }) => epochs.has(epoch) || epoch === 0);
      return firstOf(hits.length > 0 ? hits : before.filter(({ next }) => next === epoch));
    },
    endOf({ session = "", robot, at, user }) {
      const own = (ends.get(session) ?? []).filter((deed) => deed.at <= at);
      const taken = revocations.filter(
        (one) => one.user === user?.id && (one.robot ?? robot) === robot && one.at <= at && at <= one.at + revokedWithinMs,
      );
      return [...new Set([...firstOf(own), ...taken.map(({ cause }) => cause)])];
    },
    endings: () => count,
  };
}
