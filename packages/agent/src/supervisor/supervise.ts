import { createBudget } from "./budget.ts";
import type { Exit, Fault, FromAgent, FromSupervisor } from "./wire.ts";

/** Silence of the agent, in ms, after which a robot that may move is stopped, its driver is ended, and the agent is killed. */
export const silence = { stop: 400, end: 10_000, kill: 30_000 } as const;
/** The heartbeat's period, in ms: of the agent's beats and of the supervisor's check. */
export const beatMs = 100;

type Steps = { readonly stop: number; readonly end: number; readonly term: number };

/** The time, in ms, that a driver has to answer a stop, to exit at the end of its input, and to exit after SIGTERM. */
const ladders: Readonly<Record<Fault, Steps>> = {
  "agent.gone": { stop: 2_000, end: 1_000, term: 1_000 },
  "agent.hung": { stop: 2_000, end: 1_000, term: 1_000 },
  // A driver that writes without end may not read, so only a signal is sure to reach it.
  "driver.flooded": { stop: 300, end: 0, term: 1_000 },
};

/** The limit of a driver's output, in bytes. A driver that writes more is broken, and its answers would drown in it. */
const output = { burst: 8 * 1024 * 1024, perSecond: 4 * 1024 * 1024 } as const;

export type SupervisorEnv = {
  readonly clock: { now(): number; after(ms: number, run: () => void): () => void };
  /** Calls `run` once all input that has arrived is read: a supervisor that was itself delayed must not mistake the delay for the agent's silence. */
  readonly onceRead: (run: () => void) => void;
  readonly driver: { write(line: string): void; end(): void; signal(name: "SIGTERM" | "SIGKILL"): void };
  readonly agent: { say(line: FromSupervisor): void; kill(): void };
  /** Called once both the agent and the driver are gone. */
  readonly over: () => void;
};

/** Passes messages between the agent and its driver. Stops and ends the driver when the agent hangs or is gone, and when the driver floods the agent. */
export function supervise({ clock, onceRead, driver, agent, over }: SupervisorEnv) {
  const budget = createBudget(clock, output);
  /** Messages that the driver has not answered. `id` is the supervisor's number; `ofAgent` the agent's, undefined for a message of the supervisor's own. */
  const unacknowledged: { readonly id: number; readonly ofAgent: number | undefined; readonly isStop: boolean }[] = [];
  let count = 0;
  let beatAt = clock.now();
  let mayMove = false;
  let isFenced = false;
  let isGone = false;
  let hasEnded = false;
  let fault: Fault | undefined;
  let proceed: (() => void) | undefined;
  let cancel = () => {};

  function give(json: string, ofAgent: number | undefined, isStop: boolean): number {
    count += 1;
    unacknowledged.push({ id: count, ofAgent, isStop });
    driver.write(`{"id":${count},${json.slice(1)}`);
    return count;
  }

  const stop = (reason: Fault | "agent.late") => give(JSON.stringify({ type: "stop", reason }), undefined, true);

  function step(ms: number, next: () => void): void {
    cancel();
    const once = () => {
      cancel();
      proceed = undefined;
      next();
    };
    cancel = clock.after(ms, once);
    proceed = once;
  }

  /** Ends the driver by stop, end of input, SIGTERM and SIGKILL; each step follows when the time of the previous one is over. */
  function escalate(why: Fault): void {
    if (fault || hasEnded) return;
    fault = why;
    const ladder = ladders[why];
    stop(why);
    step(ladder.stop, () => {
      driver.end();
      step(ladder.end, () => {
        driver.signal("SIGTERM");
        step(ladder.term, () => driver.signal("SIGKILL"));
        proceed = undefined;
      });
      proceed = undefined;
    });
  }

  function checkSilence(): void {
    const silentMs = clock.now() - beatAt;
    if (isGone || silentMs < silence.stop) return;
    if (mayMove && !isFenced) {
      isFenced = true;
      stop("agent.late");
      agent.say({ type: "interrupted", silentMs });
    }
    const isUnanswered = isFenced && unacknowledged.some(({ isStop }) => isStop);
    if (silentMs >= (isUnanswered ? silence.stop + ladders["agent.hung"].stop : silence.end)) escalate("agent.hung");
    if (silentMs >= silence.kill) agent.kill();
  }

  function watch(): void {
    clock.after(beatMs, () => {
      onceRead(checkSilence);
      if (!(isGone && hasEnded)) watch();
    });
  }
  watch();

  function leave(): void {
    if (isGone && hasEnded) over();
  }

  return {
    fromAgent(line: FromAgent): void {
      beatAt = clock.now();
      if (line.type === "end") driver.end();
      else if (line.type === "signal") driver.signal(line.signal);
      else if (line.type === "message") {
        if (line.kind === "stop") isFenced = false;
        if (line.kind === "command") {
          if (isFenced || fault) return;
          mayMove = true;
        }
        give(line.json, line.id, line.kind === "stop");
      }
    },
    /** The agent's end of the pipes closed. */
    agentGone(): void {
      if (isGone) return;
      isGone = true;
      escalate("agent.gone");
      leave();
    },
    /** Accounts for output of the driver. Returns whether it is to be read. */
    received(bytes: number): boolean {
      if (budget.take(bytes) && fault !== "driver.flooded") return true;
      escalate("driver.flooded");
      return false;
    },
    fromDriver(line: string): void {
      const id = doneIn(line);
      if (id === undefined) {
        agent.say({ type: "out", line });
        return;
      }
      let ofAgent: number | undefined;
      while (unacknowledged[0] && unacknowledged[0].id <= id) {
        const one = unacknowledged.shift();
        ofAgent = one?.ofAgent ?? ofAgent;
        if (one?.isStop && !unacknowledged.some(({ isStop }) => isStop)) {
          mayMove = unacknowledged.length > 0;
          proceed?.();
        }
      }
      if (ofAgent !== undefined) agent.say({ type: "done", id: ofAgent });
    },
    errorLine: (line: string): void => agent.say({ type: "err", line }),
    driverEnded(exit: Exit): void {
      hasEnded = true;
      cancel();
      agent.say({ type: "ended", exit: { ...exit, ...(fault && { fault }) } });
      leave();
    },
  };
}

/** The `id` of a `done` line; undefined for any other line. */
function doneIn(line: string): number | undefined {
  if (!line.includes('"done"')) return undefined;
  try {
    const said: unknown = JSON.parse(line);
    if (typeof said !== "object" || said === null || !("type" in said) || said.type !== "done") return undefined;
    return "id" in said && Number.isSafeInteger(said.id) ? Number(said.id) : undefined;
  } catch {
    return undefined;
  }
}
