import type { Given } from "../driver.ts";
import type { ToProgram } from "./message.ts";

type Waiting = { readonly command: unknown; readonly given: Given };
type WaitingPress = { readonly button: string; readonly given: Given };
type Answer = { resolve(): void; reject(error: Error): void };

/** A message that is sent at once. */
type Urgent = { readonly type: "start" } | { readonly type: "stop" | "slow" | "safe"; readonly reason: string };

/** The number of presses that wait for a slow program; the next ones are dropped. */
const pressesMost = 16;

/** The messages that the program has not answered yet, and what waits for its answer: one command, and presses in their order. */
export interface CommandQueue {
  /** Sends the command once the previous one is done. A newer command replaces one that waits. */
  command(command: unknown, given: Given): void;
  /** Sends a press of a button in its turn, before a command that waits. */
  press(button: string, given: Given): void;
  /** Sends the message at once and drops the command and the presses that wait. Resolves when the message is done; one that failed rejects. */
  send(message: Urgent): Promise<void>;
  /** The program could not do what this message says. It has answered every message before it. */
  failed(id: number, says: string): void;
  /** Sends a message that the program does not answer. */
  notify(message: { readonly type: "viewers"; readonly present: boolean }): void;
  /** The program has answered this message and every one before it. */
  done(id: number): void;
  /** Resolves everything that is open; nothing is sent any more. */
  close(): void;
  /** The instant at which the unanswered command was sent; undefined if there is none. */
  readonly busySince: number | undefined;
}

/** Commands go one at a time, each after the answer to the previous one, so that no stale command waits in a pipe. */
export function createCommandQueue(clock: { now(): number }, write: (line: ToProgram) => void): CommandQueue {
  let count = 0;
  let waiting: Waiting | undefined;
  let presses: readonly WaitingPress[] = [];
  let underWay: { readonly id: number; readonly at: number } | undefined;
  const unacknowledged = new Map<number, Answer>();
  let isClosed = false;

  function sendCommand({ command, given: { epoch, ageMs, limit, blindMs } }: Waiting): void {
    count += 1;
    underWay = { id: count, at: clock.now() };
    write({ type: "command", id: count, command, epoch, ageMs, limit, ...(blindMs !== undefined && { blindMs }) });
  }

  function sendPress({ button, given: { epoch, ageMs } }: WaitingPress): void {
    count += 1;
    underWay = { id: count, at: clock.now() };
    write({ type: "press", id: count, button, epoch, ageMs });
  }

  function drop(): void {
    waiting = undefined;
    presses = [];
  }

  function done(id: number): void {
    for (const [one, { resolve }] of unacknowledged) {
      if (one > id) continue;
      unacknowledged.delete(one);
      resolve();
    }
    if (!underWay || underWay.id > id) return;
    underWay = undefined;
    const [press, ...others] = presses;
    if (press) {
      presses = others;
      sendPress(press);
      return;
    }
    const next = waiting;
    waiting = undefined;
    if (next) sendCommand(next);
  }

  return {
    command(command, given) {
      if (isClosed) return;
      if (underWay) waiting = { command, given };
      else sendCommand({ command, given });
    },
    press(button, given) {
      if (isClosed) return;
      if (!underWay) sendPress({ button, given });
      else if (presses.length < pressesMost) presses = [...presses, { button, given }];
    },
    send(message) {
      drop();
      if (isClosed) return Promise.resolve();
      count += 1;
      const id = count;
      return new Promise((resolve, reject) => {
        unacknowledged.set(id, { resolve, reject });
        write({ ...message, id });
      });
    },
    notify(message) {
      if (isClosed) return;
      count += 1;
      write({ ...message, id: count });
    },
    done,
    failed(id, says) {
      const answer = unacknowledged.get(id);
      unacknowledged.delete(id);
      answer?.reject(new Error(says));
      done(id);
    },
    close() {
      isClosed = true;
      drop();
      underWay = undefined;
      for (const { resolve } of unacknowledged.values()) resolve();
      unacknowledged.clear();
    },
    get busySince() {
      return underWay?.at;
    },
  };
}
