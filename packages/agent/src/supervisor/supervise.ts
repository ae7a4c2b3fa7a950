import { createBudget } from "./budget.ts";
import type { Exit, Fault, FromAgent, FromSupervisor } from "./wire.ts";

/** How long the agent may be silent, in ms, until a robot that may move is stopped, its driver is ended, and the agent is killed. */
export const silence = { stop: 400, end: 10_000, kill: 30_000 } as const;
/** How often that is looked at, and how often the agent has to say that it lives, in ms. */
export const beatMs = 100;

type Steps = { readonly stop: number; readonly end: number; readonly term: number };

/** How long a driver that is ended may take, in ms: to answer a stop, to exit at the end of its input, and to exit after SIGTERM. */
const ladders: Readonly<Record<Fault, Steps>> = {
  "agent.gone": { stop: 2_000, end: 1_000, term: 1_000 },
  "agent.hung": { stop: 2_000, end: 1_000, term: 1_000 },
  // It does not read while it writes without end, so nothing but a signal is sure to reach it.
  "driver.flooded": { stop: 300, end: 0, term: 1_000 },
};

/** How much a driver may say, in bytes. What says more is broken, and what it says would drown its answers. */
const output = { burst: 8 * 1024 * 1024, perSecond: 4 * 1024 * 1024 } as const;

export type SupervisorEnv = {
  readonly clock: { now(): number; after(ms: number, run: () => void): () => void };
  /** Runs once what has arrived by now was read: a supervisor that was itself held up must not take that for the agent's silence. */
  readonly onceRead: (run: () => void) => void;
  readonly driver: { write(line: string): void; end(): void; signal(name: "SIGTERM" | "SIGKILL"): void };
  readonly agent: { say(line: FromSupervisor): void; kill(): void };
  /** Nobody is left to look after. */
  readonly over: () => void;
};

/** Passes lines between an agent and its driver, and stops and ends the driver when the agent does not live, or the driver floods it. */
export function supervise({ clock, onceRead, driver, agent, over }: SupervisorEnv) {
  const budget = createBudget(clock, output);
  /** Messages that wait for the driver's answer, by its number and by the agent's, which has none where the supervisor sent it. */
  const open: { readonly id: number; readonly ofAgent: number | undefined; readonly isStop: boolean }[] = [];
  let count = 0;
  let beatAt = clock.now();
  let mayMove = false;
  let fenced = false;
  let isGone = false;
  let hasEnded = false;
  let fault: Fault | undefined;
  let proceed: (() => void) | undefined;
  let cancel = () => {};

  function give(json: string, ofAgent: number | undefined, isStop: boolean): number {
    count += 1;
    open.push({ id: count, ofAgent, isStop });
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

  /** Stop, end of input, SIGTERM, SIGKILL: each once the one before had its time. */
  function finish(why: Fault): void {
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

  function judge(): void {
    const silentMs = clock.now() - beatAt;
    if (isGone || silentMs < silence.stop) return;
    if (mayMove && !fenced) {
      fenced = true;
      stop("agent.late");
      agent.say({ type: "interrupted", silentMs });
    }
    const isUnanswered = fenced && open.some(({ isStop }) => isStop);
    if (silentMs >= (isUnanswered ? silence.stop + ladders["agent.hung"].stop : silence.end)) finish("agent.hung");
    if (silentMs >= silence.kill) agent.kill();
  }

  function watch(): void {
    clock.after(beatMs, () => {
      onceRead(judge);
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
        if (line.kind === "stop") fenced = false;
        if (line.kind === "command") {
          if (fenced || fault) return;
          mayMove = true;
        }
        give(line.json, line.id, line.kind === "stop");
      }
    },
    /** The agent let go of its end. */
    agentGone(): void {
      if (isGone) return;
      isGone = true;
      finish("agent.gone");
      leave();
    },
    /** Bytes came from the driver. Answers whether they are worth reading. */
    took(bytes: number): boolean {
      if (budget.take(bytes) && fault !== "driver.flooded") return true;
      finish("driver.flooded");
      return false;
    },
    fromDriver(line: string): void {
      const id = doneIn(line);
      if (id === undefined) {
        agent.say({ type: "out", line });
        return;
      }
      let ofAgent: number | undefined;
      while (open[0] && open[0].id <= id) {
        const one = open.shift();
        ofAgent = one?.ofAgent ?? ofAgent;
        if (one?.isStop && !open.some(({ isStop }) => isStop)) {
          mayMove = open.length > 0;
          proceed?.();
        }
      }
      if (ofAgent !== undefined) agent.say({ type: "done", id: ofAgent });
    },
    complained: (line: string): void => agent.say({ type: "err", line }),
    driverEnded(exit: Exit): void {
      hasEnded = true;
      cancel();
      agent.say({ type: "ended", exit: { ...exit, ...(fault && { fault }) } });
      leave();
    },
  };
}

/** The number that a line says is done, if it says so. */
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
