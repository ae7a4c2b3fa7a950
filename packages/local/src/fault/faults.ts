import type { Fault, FaultName } from "./fault.ts";
import type { Random } from "./random.ts";

/** The faults in force. The gateway asks each question at one place. */
export interface Faults {
  /** Replaces all that is in force. */
  set(faults: readonly Fault[]): void;
  list(): Fault[];
  /** After how many milliseconds `$disconnect` is invoked, once for each element. */
  disconnect(): number[];
  /** Whether a post to a connection that lives is answered 410. */
  gone(): boolean;
  /** After how many milliseconds a post reaches the client, once for each element. */
  deliver(): number[];
  /** How many milliseconds an invocation waits before it begins. */
  invokeDelayMs(): number;
}

export function createFaults(env: { random: Random; faults?: readonly Fault[] }): Faults {
  const { random } = env;
  let inForce = new Map<FaultName, Fault>();

  function set(faults: readonly Fault[]): void {
    inForce = new Map(faults.map((fault) => [fault.name, { ...fault }]));
  }
  set(env.faults ?? []);

  function find<Name extends FaultName>(name: Name): Extract<Fault, { name: Name }> | undefined {
    return inForce.get(name) as Extract<Fault, { name: Name }> | undefined;
  }

  function strikes(name: "disconnect.late" | "disconnect.doubled" | "disconnect.lost" | "post.gone" | "post.doubled"): boolean {
    const fault = find(name);
    if (!fault) return false;
    if ("rate" in fault) return random() < fault.rate;
    fault.times--;
    if (fault.times <= 0) inForce.delete(name);
    return true;
  }

  const within = (windowMs: number) => Math.floor(random() * (windowMs + 1));

  return {
    set,
    list: () => [...inForce.values()],
    disconnect() {
      if (strikes("disconnect.lost")) return [];
      const lateMs = strikes("disconnect.late") ? (find("disconnect.late")?.ms ?? 0) : 0;
      return strikes("disconnect.doubled") ? [lateMs, lateMs] : [lateMs];
    },
    gone: () => strikes("post.gone"),
    deliver() {
      const copies = strikes("post.doubled") ? 2 : 1;
      const windowMs = find("reorder.post")?.windowMs;
      return Array.from({ length: copies }, () => (windowMs === undefined ? 0 : within(windowMs)));
    },
    invokeDelayMs() {
      const latency = find("latency");
      const windowMs = find("reorder.invoke")?.windowMs;
      const base = latency ? latency.minMs + within(latency.maxMs - latency.minMs) : 0;
      return base + (windowMs === undefined ? 0 : within(windowMs));
    },
  };
}
