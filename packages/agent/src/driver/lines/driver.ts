import type { Say } from "@tether/program/say";
import type { Clock } from "@tether/sdk/clock";
import type { Note } from "../../supervisor/spawn.ts";
import type { Driver, Ended, Frame } from "../driver.ts";
import { createErrands } from "./errands.ts";
import { parse } from "./message.ts";
import type { Exited, Spawn, What } from "./program.ts";

/** How long a program may take, in ms: for a command, for a stop, and to end once it was asked to. Then it hangs. */
export const patienceMs = { command: 500, stop: 2_000, end: 1_000 } as const;

/** As much of a line that means nothing as is worth logging. */
const quoted = 200;

type Env = {
  readonly clock: Clock;
  readonly spawn: Spawn;
  readonly say: Say;
  /** The agent hung, and the robot was stopped. */
  readonly interrupted?: () => void;
  readonly ifHung?: Note;
};

/** A driver that is a program of its own: JSON lines on its standard input and output. */
export function createLines({ clock, spawn, say, interrupted, ifHung }: Env, what: What): Driver {
  const listeners = new Set<(telemetry: unknown) => void>();
  const viewers = new Set<(frame: Frame) => void>();
  const over = Promise.withResolvers<Ended>();
  let ending: Promise<void> | undefined;
  let program: ReturnType<Spawn> | undefined;
  let isHung = false;
  let isAttended = false;
  let failed: string | undefined;
  const errands = createErrands(clock, (line) => program?.write(line));

  function hear(line: string): void {
    const message = parse(line);
    if (message === "unread") {
      const cut = line.slice(0, quoted);
      say.event(`The driver wrote what is no message: ${cut}`, { event: "driver.unread", line: cut });
    } else if (message.type === "failed") {
      failed = message.says ?? "It could not obey.";
      say.event(`The driver failed: ${failed}`, { event: "driver.failed", says: failed });
      errands.done(message.id);
    } else if (message.type === "log") say.event(`Driver: ${message.says}`, { event: "driver.log", says: message.says });
    else for (const tell of listeners) tell(message.telemetry);
  }

  function begin(): void {
    program = spawn(
      what,
      {
        out: hear,
        err: (says) => say.event(`Driver: ${says}`, { event: "driver.log", says }),
        done: errands.done,
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
      ifHung,
    );
    void program.ended.then((exited) => {
      if (!ending) over.resolve(endedBy(exited, isHung));
      errands.close();
    });
  }

  /** Whether it came in time. */
  async function within(ms: number, what: Promise<unknown>): Promise<boolean> {
    const late = Promise.withResolvers<false>();
    const cancel = clock.after(ms, () => late.resolve(false));
    const inTime = await Promise.race([what.then(() => true), late.promise]);
    cancel();
    return inTime;
  }

  async function kill({ kill, ended }: ReturnType<Spawn>): Promise<void> {
    kill("SIGTERM");
    if (await within(patienceMs.end, ended)) return;
    kill("SIGKILL");
    await ended;
  }

  /** A robot whose program does not answer a stop is not to be driven by it any more. */
  async function stop(reason: string): Promise<void> {
    failed = undefined;
    if (!program || (await within(patienceMs.stop, errands.tell({ type: "stop", reason })))) return;
    isHung = true;
    const says = `The driver did not answer a stop for ${patienceMs.stop} ms; it is ended.`;
    say.event(says, { event: "driver.hung", during: "stop" });
    await kill(program);
  }

  async function end(): Promise<void> {
    await stop("leaving");
    if (!program) return;
    program.end();
    if (!(await within(patienceMs.end, program.ended))) await kill(program);
  }

  /** A module measures and films only while somebody is there; a program says what it likes. */
  function attend(): void {
    const isNow = listeners.size + viewers.size > 0;
    if (!("module" in what) || isNow === isAttended) return;
    isAttended = isNow;
    errands.mention({ type: "audience", present: isNow });
  }

  function join<Item>(set: Set<Item>, item: Item): () => void {
    set.add(item);
    attend();
    return () => {
      if (set.delete(item)) attend();
    };
  }

  return {
    ended: over.promise,
    async start() {
      begin();
      await errands.tell({ type: "start" });
    },
    command(command, given) {
      if (failed !== undefined) throw new Error(failed);
      const { since } = errands;
      if (since !== undefined && clock.now() - since > patienceMs.command)
        throw new Error("The program has not answered the last command.");
      errands.command(command, given);
    },
    stop,
    telemetry: (tell) => join(listeners, tell),
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
