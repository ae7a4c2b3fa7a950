import { readAnswer } from "./answer.ts";
import { createBudget } from "./budget.ts";
import { createLadder, type Passed, type Stages, type Step } from "./ladder.ts";
import { createOrphans } from "./orphans.ts";
import type { signalGroup } from "./process-group.ts";
import type { Absence, Exit, Fault, FromAgent, FromSupervisor } from "./wire.ts";

/** Silence of the agent, in ms, after which a robot that may move is stopped, its driver is ended, and the agent is killed. */
export const silence = { stop: 400, end: 10_000, kill: 30_000 } as const;
/** The heartbeat's period, in ms: of the agent's beats and of the supervisor's check. */
export const beatMs = 100;
/** How soon a driver that could not stop is told again, in ms. */
const againMs = 100;

/** The time, in ms, that a driver has to answer a stop, to exit at the end of its input, and to exit after SIGTERM. */
const patience = { stop: 2_000, end: 1_000, term: 1_000 } as const;
/** A driver that writes without end may not read, so only a signal is sure to reach it. */
const flooded = { stop: 300, end: 0, term: 1_000 } as const;

/** The limit of a driver's output, in bytes. A driver that writes more is broken, and its answers would drown in it. */
const output = { burst: 8 * 1024 * 1024, perSecond: 4 * 1024 * 1024 } as const;

export type SupervisorEnv = {
  readonly clock: { now(): number; after(ms: number, run: () => void): () => void };
  /** Calls `run` once all input that has arrived is read: a supervisor that was itself delayed must not mistake the delay for the agent's silence. */
  readonly onceRead: (run: () => void) => void;
  readonly driver: { write(line: string): void; end(): void; signal(name: "SIGTERM" | "SIGKILL"): void };
  readonly agent: { say(line: FromSupervisor): void; kill(): void };
  readonly signalGroup: typeof signalGroup;
  /** Called once the driver has ended after the stages that it declared, which the agent could not see. */
  readonly manoeuvred: (reason: Absence, passed: readonly Passed[]) => void;
  /** Called once the agent, its other processes and the driver are gone. */
  readonly over: () => void;
};

/** A message that the driver has not answered. `id` is the supervisor's number; `ofAgent` the agent's, undefined for a message of the supervisor's own. */
type Message = { readonly id: number; readonly ofAgent: number | undefined; readonly kind: "command" | "stop" | "other" };

/** Passes messages between the agent and its driver. Stops and ends the driver when the agent hangs or is gone, and when the driver floods the agent. */
export function supervise({ clock, onceRead, driver, agent, signalGroup: signal, manoeuvred, over }: SupervisorEnv) {
  const budget = createBudget(clock, output);
  let unacknowledged: readonly Message[] = [];
  let count = 0;
  let stages: Stages = {};
  let beatAt = clock.now();
  let mayMove = false;
  let isFenced = false;
  let isGone = false;
  let isAlone = false;
  let hasEnded = false;
  let fault: Fault | undefined;
  /** The number of the current step's message; 0 where the step is none. */
  let step = 0;
  const ladder = createLadder({ clock, take });
  const orphans = createOrphans({ clock, signal });

  function give(json: string, ofAgent: number | undefined, kind: Message["kind"]): number {
    count += 1;
    unacknowledged = [...unacknowledged, { id: count, ofAgent, kind }];
    driver.write(`{"id":${count},${json.slice(1)}`);
    return count;
  }

  function take(does: Step["does"]): void {
    step = 0;
    if (does === "end") driver.end();
    else if (does === "SIGTERM" || does === "SIGKILL") driver.signal(does);
    else step = give(JSON.stringify({ type: does, reason: fault ?? "agent.late" }), undefined, does === "stop" ? "stop" : "other");
  }

  const isStopping = () => unacknowledged.some(({ kind }) => kind === "stop");

  /** A robot that was told to stop already does not slow down first. R26 */
  function slowing(): Step[] {
    return stages.slow !== undefined && mayMove && !isStopping() ? [{ does: "slow", withinMs: stages.slow }] : [];
  }

  function stopping(withinMs: number): Step {
    return { does: "stop", withinMs: Math.min(withinMs, stages.stop ?? withinMs) };
  }

  function ending({ end, term }: { readonly end: number; readonly term: number }): Step[] {
    return [
      { does: "end", withinMs: end },
      { does: "SIGTERM", withinMs: term },
      { does: "SIGKILL", withinMs: 0 },
    ];
  }

  /** Ends the driver: the stages that it declared, the end of its input, SIGTERM and SIGKILL. R26 */
  function escalate(why: Fault): void {
    if (fault || hasEnded) return;
    fault = why;
    if (why === "driver.flooded") {
      ladder.begin([{ does: "stop", withinMs: flooded.stop }, ...ending(flooded)]);
      return;
    }
    const safe: Step[] = stages.safe === undefined ? [] : [{ does: "safe", withinMs: stages.safe }];
    const then = [stopping(patience.stop), ...safe, ...ending(patience)];
    if (ladder.current === "slow") ladder.goOnWith(then);
    else ladder.begin([...slowing(), ...then]);
  }

  function checkSilence(): void {
    const silentMs = clock.now() - beatAt;
    if (isGone || silentMs < silence.stop) return;
    if (mayMove && !isFenced && !hasEnded) {
      isFenced = true;
      ladder.begin([...slowing(), stopping(patience.stop)]);
      agent.say({ type: "interrupted", silentMs });
    }
    const isUnstopped = isFenced && ladder.current === undefined && mayMove;
    if (isUnstopped || silentMs >= silence.end) escalate("agent.hung");
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
    if (isAlone && hasEnded) over();
  }

  function pass({ kind, id, json }: Extract<FromAgent, { type: "message" }>): void {
    if (kind === "stop") {
      isFenced = false;
      // The agent lives and stops the robot itself.
      if (!fault) ladder.end();
    }
    if (kind === "command") {
      if (isFenced || fault) return;
      mayMove = true;
    }
    give(json, id, kind);
  }

  /** The driver could not stop, and is told again for as long as the step lasts. */
  function tellAgain(): void {
    clock.after(againMs, () => {
      if (ladder.current === "stop" && !hasEnded) take("stop");
    });
  }

  return {
    fromAgent(line: FromAgent): void {
      beatAt = clock.now();
      if (line.type === "beat") agent.say({ type: "beat" });
      else if (line.type === "end") driver.end();
      else if (line.type === "signal") driver.signal(line.signal);
      else if (line.type === "stages") stages = line.stages;
      else if (line.type === "began" || line.type === "ended") orphans[line.type](line.group);
      else if (line.type === "message") pass(line);
    },
    /** The agent's end of the pipes closed. */
    agentGone(): void {
      if (isGone) return;
      isGone = true;
      escalate("agent.gone");
      orphans.end(() => {
        isAlone = true;
        leave();
      });
    },
    /** Accounts for output of the driver. Returns whether it is to be read. */
    received(bytes: number): boolean {
      if (budget.take(bytes) && fault !== "driver.flooded") return true;
      escalate("driver.flooded");
      return false;
    },
    fromDriver(line: string): void {
      const answer = readAnswer(line);
      if (!answer) {
        agent.say({ type: "out", line });
        return;
      }
      const { id, type, says } = answer;
      const failed = type === "failed" ? unacknowledged.find((one) => one.id === id) : undefined;
      const answered = unacknowledged.filter((one) => one.id <= id);
      unacknowledged = unacknowledged.filter((one) => one.id > id);
      const done = answered.filter((one) => one !== failed);
      const hasStopped = done.some(({ kind }) => kind === "stop") && failed?.kind !== "stop" && !isStopping();
      if (hasStopped) mayMove = unacknowledged.some(({ kind }) => kind === "command");
      const ofAgent = done.findLast((one) => one.ofAgent !== undefined)?.ofAgent;
      if (ofAgent !== undefined) agent.say({ type: "done", id: ofAgent });
      if (failed?.ofAgent !== undefined) agent.say({ type: "failed", id: failed.ofAgent, ...(says !== undefined && { says }) });
      else if (failed) agent.say({ type: "err", line: `It could not do what its supervisor told it: ${says ?? ""}` });
      if (!answered.some((one) => one.id === step)) return;
      if (failed?.id === step && failed.kind === "stop") tellAgain();
      else ladder.proceed(failed?.id === step ? "failed" : "done");
    },
    errorLine: (line: string): void => agent.say({ type: "err", line }),
    driverEnded(exit: Exit): void {
      hasEnded = true;
      const isDeclared = stages.slow !== undefined || stages.safe !== undefined;
      if (isDeclared && fault && fault !== "driver.flooded") manoeuvred(fault, ladder.passed);
      ladder.end();
      agent.say({ type: "ended", exit: { ...exit, ...(fault && { fault }) } });
      leave();
    },
  };
}
