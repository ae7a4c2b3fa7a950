import type { Fault, FaultName } from "./fault.ts";
import type { Random } from "./random.ts";

/** The faults in force: those that were set, and those that stand unless one of the same name is set. Each question is asked at one place. */
export interface Faults {
  /** Replaces all that were set. */
  set(faults: readonly Fault[]): void;
  /** The faults that were set. */
  list(): Fault[];
  /** How often each has struck since the start. */
  struck(): Readonly<Partial<Record<FaultName, number>>>;
  /** After how many milliseconds `$disconnect` is invoked, once for each element. */
  disconnect(): number[];
  /** How much later than its minute a run of the sweeper begins; how many there are, and how long after the first each begins. */
  sweep(): { lateMs: number; runs: number[] };
  /** The silence in ms after which a proxy cuts the connection that is asked about; undefined where none is on its path. */
  proxyIdleMs(): number | undefined;
  /** Whether a post to a connection that lives is answered 410. */
  gone(): boolean;
  /** After how many milliseconds a post reaches the client, once for each element. */
  deliver(): number[];
  /** How many milliseconds an invocation waits before it begins. */
  invokeDelayMs(): number;
  /** How many of these its environment takes to start. */
  coldMs(): number;
  /** How many milliseconds late the management API answers. */
  managementMs(): number;
  /** Whether this fault strikes now. */
  strikes(name: Rated): boolean;
  /** The one of this name, as it is in force. */
  find<Name extends FaultName>(name: Name): Extract<Fault, { name: Name }> | undefined;
  /** Counts a fault whose occasion somebody else decides. */
  note(name: Counted): true;
  /** By how many milliseconds a read that need not be consistent may lag, if it does. */
  lagMs(): number | undefined;
}

/** The faults that strike where quotas are used up or requests meet. */
export type Counted = "store.overlap" | "store.capacity" | "index.lag" | "account.requests" | "lambda.concurrency";

/** The faults that strike at a rate. */
export type Rated = Exclude<FaultName, "latency" | Counted | `reorder.${string}`>;

export function createFaults(env: { random: Random; faults?: readonly Fault[]; permanent?: readonly Fault[] }): Faults {
  const { random } = env;
  const struck: Partial<Record<FaultName, number>> = {};
  const permanent = new Map(env.permanent?.map((fault) => [fault.name, fault]));
  let inForce = new Map<FaultName, Fault>();

  function set(faults: readonly Fault[]): void {
    inForce = new Map(faults.map((fault) => [fault.name, { ...fault }]));
  }
  set(env.faults ?? []);

  function find<Name extends FaultName>(name: Name): Extract<Fault, { name: Name }> | undefined {
    return (inForce.get(name) ?? permanent.get(name)) as Extract<Fault, { name: Name }> | undefined;
  }

  function count(name: FaultName): true {
    struck[name] = (struck[name] ?? 0) + 1;
    return true;
  }

  function strikes(name: Rated): boolean {
    const fault = find(name);
    if (!fault) return false;
    if ("rate" in fault) return random() < fault.rate && count(name);
    fault.times--;
    if (fault.times <= 0) inForce.delete(name);
    return count(name);
  }

  const within = (windowMs: number) => Math.floor(random() * (windowMs + 1));

  function delayMs(name: FaultName, leastMs: number, mostMs: number): number {
    const ms = leastMs + within(mostMs - leastMs);
    if (ms > 0) count(name);
    return ms;
  }

  const coldMs = () => (strikes("lambda.cold") ? (find("lambda.cold")?.ms ?? 0) : 0);

  return {
    set,
    list: () => [...inForce.values()],
    struck: () => ({ ...struck }),
    disconnect() {
      if (strikes("disconnect.lost")) return [];
      const lateMs = strikes("disconnect.late") ? (find("disconnect.late")?.ms ?? 0) : 0;
      return strikes("disconnect.doubled") ? [lateMs, lateMs] : [lateMs];
    },
    sweep() {
      const lateMs = strikes("sweep.late") ? (find("sweep.late")?.ms ?? 0) : 0;
      const doubled = strikes("sweep.doubled") ? [0] : [];
      const overlapping = strikes("sweep.overlapping") ? [find("sweep.overlapping")?.ms ?? 0] : [];
      return { lateMs, runs: [0, ...doubled, ...overlapping] };
    },
    proxyIdleMs: () => (strikes("proxy.idle") ? find("proxy.idle")?.ms : undefined),
    gone: () => strikes("post.gone"),
    deliver() {
      const copies = strikes("post.doubled") ? 2 : 1;
      const windowMs = find("reorder.post")?.windowMs;
      return Array.from({ length: copies }, () => (windowMs === undefined ? 0 : delayMs("reorder.post", 0, windowMs)));
    },
    invokeDelayMs() {
      const latency = find("latency");
      const windowMs = find("reorder.invoke")?.windowMs;
      const base = latency ? delayMs("latency", latency.minMs, latency.maxMs) : 0;
      return base + coldMs() + (windowMs === undefined ? 0 : delayMs("reorder.invoke", 0, windowMs));
    },
    coldMs,
    managementMs: () => (strikes("management.slow") ? (find("management.slow")?.ms ?? 0) : 0),
    strikes,
    find,
    note: count,
    lagMs: () => (strikes("store.stale") ? find("store.stale")?.windowMs : undefined),
  };
}
