import type { ChildProcess } from "node:child_process";
import type { Say } from "@tether/program/say";
import type { Clock } from "@tether/sdk/clock";
import type { FromMedia, ToMedia } from "../../media/message.ts";
import { type ProcessGroup, processGroupOf } from "../../supervisor/process-group.ts";
import { createUnanswered } from "../../unanswered.ts";
import { createLastWords } from "./last-words.ts";
import { launchNative } from "./launch.ts";

/** Waits before the process is started again, in ms: doubled with each that ended before it lived for `lived`. */
export const restartMs = { first: 500, longest: 10_000, lived: 60_000 } as const;
/**
 * A client that connects does not wait as long: it brings the start forward to so many ms after the process ended, and at once later. It does so
 * once in `everyMs`, so that with clients that try again and again, a process that ends each time is started twice in that time and no oftener.
 */
export const demandMs = { afterEnd: 1_000, everyMs: restartMs.longest } as const;
/** The time it has to end after it was asked to, in ms. */
const endMs = 2_500;
/** How often it is asked whether it lives, and how long it may leave that unanswered, in ms: longer at first, when it has yet to load its libraries. */
export const beatMs = 1_000;
export const hungMs = { first: 60_000, later: 10_000 } as const;

type Env = {
  readonly clock: Clock;
  readonly say: Say;
  /** The message that each process gets first. */
  readonly first: ToMedia;
  readonly onMessage: (message: FromMedia) => void;
  /** Called at the end of each process, before another is started. */
  readonly onEnd: () => void;
  /** Has that process group end should the agent be gone before it; the returned function takes that back. */
  readonly endWithAgent?: ((group: ProcessGroup) => () => void) | undefined;
  readonly launch?: (() => ChildProcess) | undefined;
};

/** Keeps the media process running: one that ended is started again, and one that hangs is killed. */
export function keepMediaProcess({ clock, say, first, onMessage, onEnd, endWithAgent, launch = () => launchNative("media") }: Env) {
  /** Messages for the next process, from the time in which there is none. */
  let waiting: ToMedia[] = [];
  let failures = 0;
  let isClosed = false;
  /** The start that is due, if there is one. */
  let due: { readonly at: number; readonly cancel: () => void } | undefined;
  let endedAt = Number.NEGATIVE_INFINITY;
  let demandedAt = Number.NEGATIVE_INFINITY;
  let child: ChildProcess | undefined;
  let gone = () => {};
  start();

  function startAt(at: number): void {
    due?.cancel();
    due = { at, cancel: clock.after(Math.max(0, at - clock.now()), start) };
  }

  /** A client connects. */
  function demand(): void {
    const at = Math.max(clock.now(), endedAt + demandMs.afterEnd);
    if (!due || due.at <= at || at < demandedAt + demandMs.everyMs) return;
    demandedAt = at;
    startAt(at);
  }

  function start(): void {
    due = undefined;
    const startedAt = clock.now();
    const lastWords = createLastWords();
    let isOver = false;
    let forget = () => {};

    function over(facts: { readonly status: number | null; readonly signal: NodeJS.Signals | null }, unstarted?: string): void {
      if (isOver) return;
      isOver = true;
      child = undefined;
      forget();
      waiting = [];
      failures = clock.now() - startedAt >= restartMs.lived ? 0 : failures + 1;
      onEnd();
      gone();
      if (isClosed) return;
      endedAt = clock.now();
      startAt(endedAt + Math.min(restartMs.longest, restartMs.first * 2 ** Math.max(0, failures - 1)));
      let isTold = false;
      const report = () => {
        if (isTold || isClosed) return;
        isTold = true;
        const reason = unstarted ?? lastWords.reason;
        const says = `The process of the peer connections ended${reason === undefined ? "" : ` (${reason})`}; it is started again.`;
        say.event(says, { event: "media.ended", ...facts, ...(reason !== undefined && { reason }) });
      };
      // The last lines of the process may come after word of its end.
      started?.once("close", report);
      clock.after(restartMs.first, report);
      if (unstarted !== undefined) report();
    }

    const started = launched(launch, (error) => over({ status: null, signal: null }, reasonOf(error)));
    if (!started) return;
    child = started;
    let patienceMs: number = hungMs.first;
    const unanswered = createUnanswered(clock, beatMs);
    started.on("message", (message) => {
      patienceMs = hungMs.later;
      unanswered.answered();
      if (!isOver) onMessage(message as FromMedia);
    });
    // Read all the time, because a full pipe would hold the process up.
    started.stderr?.on("data", lastWords.put).on("error", () => {});
    started.on("error", (error) => started.pid === undefined && over({ status: null, signal: null }, reasonOf(error)));
    started.once("exit", (status, signal) => over({ status, signal }));
    const beat = () => {
      if (isOver || !started.connected) return;
      clock.after(beatMs, beat);
      give(started, { type: "beat" });
      unanswered.asked();
      // The answers that have come are read first, because this process may have been held up itself.
      setImmediate(() => {
        if (unanswered.silentMs >= patienceMs) started.kill("SIGKILL");
      });
    };
    // Where it could not be started its error is yet to come.
    if (started.pid === undefined) return;
    forget = endWithAgent?.(processGroupOf(started.pid)) ?? forget;
    beat();
    give(started, first);
    for (const message of waiting.splice(0)) give(started, message);
  }

  return {
    send(message: ToMedia): void {
      if (child?.connected && child.pid !== undefined) give(child, message);
      // The next process need not hear of a peer connection that it never had.
      else if (message.type === "close" && message.channel === undefined)
        waiting = waiting.filter((one) => !("peer" in one) || one.peer !== message.peer);
      else if (message.type !== "note") waiting.push(message);
      if (!child && message.type === "open") demand();
    },
    /** Resolves when the process is gone. */
    async close(): Promise<void> {
      isClosed = true;
      due?.cancel();
      const ending = child;
      if (!ending) return;
      const ended = new Promise<void>((resolve) => {
        gone = resolve;
      });
      if (ending.connected) ending.disconnect();
      const cancel = clock.after(endMs, () => ending.kill("SIGKILL"));
      await ended;
      cancel();
    },
  };
}

/** Some of the system's refusals are thrown, and others come as an event. */
function launched(launch: () => ChildProcess, failed: (error: unknown) => void): ChildProcess | undefined {
  try {
    return launch();
  } catch (error) {
    // Not at once: whoever starts it first has yet to be able to hear of its end.
    queueMicrotask(() => failed(error));
    return undefined;
  }
}

const reasonOf = (error: unknown) => (error instanceof Error && "code" in error ? String(error.code) : "It could not be started.");

/** A process that ends meanwhile is told of by its own event. */
const give = (child: ChildProcess, message: ToMedia) => void child.send(message, () => {});
