import type { Say } from "@tether/program/say";
import type { Clock } from "@tether/sdk/clock";
import type { Manoeuvre } from "@tether/sdk/robot";
import type { Driver, Ended, Frame } from "../driver.ts";
import { createCommandQueue } from "./command-queue.ts";
import { type FromProgram, parse } from "./message.ts";
import type { Exited, Launch, Program, Spawn, Watched } from "./program.ts";

/** The time, in ms, that a program has for a command, for a stop, and to exit; a program that takes longer hangs. */
export const timeoutMs = { command: 500, stop: 2_000, end: 1_000 } as const;

/** How soon a program that could not stop is told again, in ms. */
const againMs = 100;

/** The part of a malformed line that is logged, in characters. */
const quoted = 200;

type Env = {
  readonly clock: Clock;
  readonly spawn: Spawn;
  readonly say: Say;
  /** Called after the supervisor stopped the robot because this process hung. */
  readonly interrupted?: () => void;
  readonly watched?: Watched;
};

/** A driver under a supervisor, which ends other processes of the agent's as well should the agent be gone. */
export type SupervisedDriver = Driver & Pick<Program, "endWithAgent">;

/** A driver that is a program of its own and speaks JSON lines on standard input and output. */
export function createLinesDriver({ clock, spawn, say, interrupted, watched }: Env, what: Launch): SupervisedDriver {
  const listeners = new Set<(telemetry: unknown) => void>();
  const viewers = new Set<(frame: Frame) => void>();
  let resolveOver: (end: Ended) => void = () => {};
  const over = new Promise<Ended>((resolve) => {
    resolveOver = resolve;
  });
  let ending: Promise<void> | undefined;
  let program: ReturnType<Spawn> | undefined;
  let isHung = false;
  let hasViewers = false;
  let failed: string | undefined;
  let declared: Extract<FromProgram, { type: "declare" }> | undefined;
  let isMisdeclared = false;
  const queue = createCommandQueue(clock, (line) => program?.write(line));

  function onLine(line: string): void {
    const message = parse(line);
    if (message === "unread") {
      const cut = line.slice(0, quoted);
      say.event(`The driver wrote what is no message: ${cut}`, { event: "driver.unread", line: cut });
    } else if (message.type === "misdeclared") {
      isMisdeclared = true;
      const says = `The driver's declaration is wrong: see ${message.fields.join(", ")}.`;
      say.event(says, { event: "driver.misdeclared", fields: message.fields });
    } else if (message.type === "declare") {
      declared = { ...declared, ...message };
      if (message.stages) program?.declare(message.stages);
    } else if (message.type === "log") say.event(`Driver: ${message.says}`, { event: "driver.log", says: message.says });
    else for (const report of listeners) report(message.telemetry);
  }

  function onFailure(id: number, says = "It could not obey."): void {
    failed = says;
    say.event(`The driver failed: ${says}`, { event: "driver.failed", says });
    queue.failed(id, says);
  }

  function begin(): ReturnType<Spawn> {
    const started = spawn(
      what,
      {
        out: onLine,
        err: (says) => say.event(`Driver: ${says}`, { event: "driver.log", says }),
        done: queue.done,
        failed: onFailure,
        interrupted(silentMs) {
          const ms = Math.round(silentMs);
          failed = `The agent was silent for ${ms} ms.`;
          say.event(`The agent did not get to run for ${ms} ms, so the robot was stopped.`, { event: "agent.late", silentMs: ms });
          interrupted?.();
        },
        frame(frame) {
          for (const show of viewers) show(frame);
        },
      },
      watched,
    );
    program = started;
    void started.ended.then((exited) => {
      if (!ending) resolveOver(endedBy(exited, isHung));
      queue.close();
    });
    return started;
  }

  /** The stages that the program declared. A stage that the agent waits for no more goes on in the program. */
  function manoeuvreOf({ slow, stop, safe }: NonNullable<NonNullable<typeof declared>["stages"]>): Manoeuvre {
    const stage = (type: "slow" | "safe", withinMs: number | undefined) =>
      withinMs === undefined ? undefined : { withinMs, run: (reason: string) => queue.send({ type, reason }) };
    return { slow: stage("slow", slow), stop: stop === undefined ? undefined : { withinMs: stop }, safe: stage("safe", safe) };
  }

  /** Whether the promise settles within the time. */
  async function isDoneWithin(ms: number, what: Promise<unknown>): Promise<boolean> {
    let cancel = () => {};
    const late = new Promise<false>((resolve) => {
      cancel = clock.after(ms, () => resolve(false));
    });
    const inTime = await Promise.race([what.then(() => true), late]);
    cancel();
    return inTime;
  }

  /** Tells the program to stop, again whenever it says that it could not, and answers whether it did within the time. */
  async function isStoppedWithin(ms: number, reason: string): Promise<boolean> {
    const until = clock.now() + ms;
    const stopped = async () => {
      while (clock.now() < until) {
        try {
          return await queue.send({ type: "stop", reason });
        } catch (error) {
          // The failure that is remembered is this stop's, and not that of a command since then.
          if (error instanceof Error && failed === error.message) failed = undefined;
          await new Promise<void>((resolve) => clock.after(againMs, resolve));
        }
      }
      // The stop failed until its time was over.
      return new Promise<void>(() => {});
    };
    return isDoneWithin(ms, stopped());
  }

  async function kill({ kill, ended }: ReturnType<Spawn>): Promise<void> {
    kill("SIGTERM");
    if (await isDoneWithin(timeoutMs.end, ended)) return;
    kill("SIGKILL");
    await ended;
  }

  /** Stops the robot. A program that does not answer the stop is ended: it must not drive any more. */
  async function stop(reason: string): Promise<void> {
    failed = undefined;
    if (!program || (await isStoppedWithin(timeoutMs.stop, reason))) return;
    isHung = true;
    const says = `The driver did not answer a stop for ${timeoutMs.stop} ms; it is ended.`;
    say.event(says, { event: "driver.hung", during: "stop" });
    await kill(program);
  }

  async function endProgram(running: ReturnType<Spawn>): Promise<void> {
    running.end();
    if (!(await isDoneWithin(timeoutMs.end, running.ended))) await kill(running);
  }

  async function end(): Promise<void> {
    await stop("leaving");
    if (program) await endProgram(program);
  }

  /** A program that could not make ready is ended, as one that ends by itself; so is one that is not what it declares. */
  async function start(): Promise<void> {
    const started = begin();
    try {
      await queue.send({ type: "start" });
      if (isMisdeclared) throw new Error("Its declaration is wrong.");
    } catch {
      await endProgram(started);
      await over;
    }
  }

  /** Only a module is told whether there are viewers, so that it measures and films for them alone. A program reports as it likes. */
  function notifyViewers(): void {
    const isNow = listeners.size + viewers.size > 0;
    if (!("module" in what) || isNow === hasViewers) return;
    hasViewers = isNow;
    queue.notify({ type: "viewers", present: isNow });
  }

  function join<Item>(set: Set<Item>, item: Item): () => void {
    set.add(item);
    notifyViewers();
    return () => {
      if (set.delete(item)) notifyViewers();
    };
  }

  function demandFitness(): void {
    if (failed !== undefined) throw new Error(failed);
    const { busySince: since } = queue;
    if (since !== undefined && clock.now() - since > timeoutMs.command) throw new Error("The program has not answered the last command.");
  }

  return {
    ended: over,
    start,
    command(command, given) {
      demandFitness();
      queue.command(command, given);
    },
    press(button, given) {
      demandFitness();
      queue.press(button, given);
    },
    get declaration() {
      return declared?.robot;
    },
    stop,
    get limits() {
      return declared?.limits;
    },
    get manoeuvre() {
      return declared?.stages && manoeuvreOf(declared.stages);
    },
    endWithAgent: (group) => program?.endWithAgent(group) ?? (() => {}),
    telemetry: (report) => join(listeners, report),
    ...("module" in what && { video: (show: (frame: Frame) => void) => join(viewers, show) }),
    close() {
      ending ??= end();
      return ending;
    },
  };
}

function endedBy({ status, signal, fault }: Exited, isHung: boolean): Ended {
  const how = { status, ...(signal !== undefined && { signal }) };
  if (fault === "driver.flooded")
    return { ...how, cause: "driver.flooded", says: "The driver wrote more than can be read, and was ended." };
  if (fault === "agent.hung") return { ...how, cause: "agent.hung", says: "The agent hung, and its driver was ended." };
  if (fault === "supervisor.ended")
    return { ...how, cause: "driver.ended", says: "The driver's supervisor ended, and the driver with it." };
  if (isHung) return { ...how, cause: "driver.hung", says: "The driver did not answer a stop, and was ended." };
  return { ...how, cause: "driver.ended", says: `The driver ended with ${signal ?? status}.` };
}
