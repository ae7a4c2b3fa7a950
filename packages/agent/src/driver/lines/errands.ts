import type { Given } from "../driver.ts";
import type { ToProgram } from "./message.ts";

type Waiting = { readonly command: unknown; readonly given: Given };
type Done = () => void;

/** What the program was told and has not answered, and the one command that waits until it has. */
export interface Errands {
  /** Passes it on once the command before it is done. Of those that wait only the newest is. */
  command(command: unknown, given: Given): void;
  /** Passes it on at once, and forgets the command that waits. Resolves when it is done. */
  tell(errand: { readonly type: "start" } | { readonly type: "stop"; readonly reason: string }): Promise<void>;
  /** Passes on what is not answered. */
  mention(errand: { readonly type: "audience"; readonly present: boolean }): void;
  /** The program did what it was told up to there. */
  done(id: number): void;
  /** Nothing more is done: what was told is over. */
  close(): void;
  /** Since when a command has not been answered. */
  readonly since: number | undefined;
}

/** Works without knowing what pipes hold back: a program is given the next command when it has done the one before. */
export function createErrands(clock: { now(): number }, write: (line: ToProgram) => void): Errands {
  let count = 0;
  let waiting: Waiting | undefined;
  let commanded: { readonly id: number; readonly at: number } | undefined;
  const told = new Map<number, Done>();
  let isClosed = false;

  function pass({ command, given: { epoch, ageMs, limit, blindMs } }: Waiting): void {
    count += 1;
    commanded = { id: count, at: clock.now() };
    write({ type: "command", id: count, command, epoch, ageMs, limit, ...(blindMs !== undefined && { blindMs }) });
  }

  return {
    command(command, given) {
      if (isClosed) return;
      if (commanded) waiting = { command, given };
      else pass({ command, given });
    },
    tell(errand) {
      waiting = undefined;
      if (isClosed) return Promise.resolve();
      count += 1;
      const id = count;
      return new Promise((resolve) => {
        told.set(id, resolve);
        write({ ...errand, id });
      });
    },
    mention(errand) {
      if (isClosed) return;
      count += 1;
      write({ ...errand, id: count });
    },
    done(id) {
      for (const [one, resolve] of told) {
        if (one > id) continue;
        told.delete(one);
        resolve();
      }
      if (!commanded || commanded.id > id) return;
      commanded = undefined;
      const next = waiting;
      waiting = undefined;
      if (next) pass(next);
    },
    close() {
      isClosed = true;
      waiting = undefined;
      commanded = undefined;
      for (const resolve of told.values()) resolve();
      told.clear();
    },
    get since() {
      return commanded?.at;
    },
  };
}
