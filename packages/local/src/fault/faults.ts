import type { Fault, FaultName } from "./fault.ts";
import type { Random } from "./random.ts";

/** The faults in force. Each question is asked at one place. */
export interface Faults {
  /** Replaces all that is in force. */
  set(faults: readonly Fault[]): void;
  list(): Fault[];
  /** How often each has struck since the start. */
  struck(): Readonly<Partial<Record<FaultName, number>>>;
  /** After how many milliseconds `$disconnect` is invoked, once for each element. */
  disconnect(): number[];
  /** How much later than its minute a run of the sweeper begins, and how many begin at once. */
  sweep(): { lateMs: number; runs: number };
  /** The silence in ms after which a proxy cuts the connection that is asked about; undefined where none is on its path. */
  proxyIdleMs(): number | undefined;
  /** Whether a post to a connection that lives is answered 410. */
  gone(): boolean;
  /** After how many milliseconds a post reaches the client, once for each element. */
  deliver(): number[];
  /** How many milliseconds an invocation waits before it begins. */
  invokeDelayMs(): number;
  /** Whether this fault strikes now. */
  strikes(name: Rated): boolean;
  /** For how many milliseconds a transaction is at its items, where requests meet each other. */
  holdMs(): number | undefined;
  /** By how many milliseconds a read that need not be consistent may lag, if it does. */
  lagMs(): number | undefined;
}

/** Those that strike at a rate. */
export type Rated = Exclude<FaultName, "latency" | "store.overlap" | `reorder.${string}`>;

export function createFaults(env: { random: Random; faults?: readonly Fault[] }): Faults {
  const { random } = env;
  const struck: Partial<Record<FaultName, number>> = {};
  let inForce = new Map<FaultName, Fault>();

  function set(faults: readonly Fault[]): void {
    inForce = new Map(faults.map((fault) => [fault.name, { ...fault }]));
  }
  set(env.faults ?? []);

  function find<Name extends FaultName>(name: Name): Extract<Fault, { name: Name }> | undefined {
    return inForce.get(name) as Extract<Fault, { name: Name }> | undefined;
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
      return { lateMs, runs: strikes("sweep.doubled") ? 2 : 1 };
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
      return base + (windowMs === undefined ? 0 : delayMs("reorder.invoke", 0, windowMs));
    },
    strikes,
    holdMs: () => find("store.overlap")?.holdMs,
    lagMs: () => (strikes("store.stale") ? find("store.stale")?.windowMs : undefined),
  };
}
