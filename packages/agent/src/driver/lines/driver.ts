import type { Say } from "@tether/program/say";
import type { Clock } from "@tether/sdk/clock";
import type { Driver, Ended } from "../driver.ts";
import { createErrands } from "./errands.ts";
import { parse } from "./message.ts";
import type { Spawn } from "./program.ts";

/** How long a program may take, in ms: for a command, for a stop, and to end once it was asked to. Then it hangs. */
export const patienceMs = { command: 500, stop: 2_000, end: 1_000 } as const;

/** As much of a line that means nothing as is worth logging. */
const quoted = 200;

type Env = { readonly clock: Clock; readonly spawn: Spawn; readonly say: Say };

/** A driver that is a program of its own: JSON lines on its standard input and output. */
export function createLines({ clock, spawn, say }: Env, commandLine: string): Driver {
  const listeners = new Set<(telemetry: unknown) => void>();
  const over = Promise.withResolvers<Ended>();
  let ending: Promise<void> | undefined;
  let program: ReturnType<Spawn> | undefined;
  const errands = createErrands(clock, (line) => program?.write(JSON.stringify(line)));

  function hear(line: string): void {
    const message = parse(line);
    if (message === "unread") {
      const cut = line.slice(0, quoted);
      say.event(`The driver wrote what is no message: ${cut}`, { event: "driver.unread", line: cut });
    } else if (message.type === "done") errands.done(message.id);
    else if (message.type === "log") say.event(`Driver: ${message.says}`, { event: "driver.log", says: message.says });
    else for (const tell of listeners) tell(message.telemetry);
  }

  function begin(): void {
    program = spawn(commandLine, {
      out: hear,
      err: (says) => say.event(`Driver: ${says}`, { event: "driver.log", says }),
    });
    void program.ended.then((status) => {
      if (!ending) over.resolve({ status, says: `The driver ended with ${status}.` });
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
    if (!program || (await within(patienceMs.stop, errands.tell({ type: "stop", reason })))) return;
    const says = `The driver did not answer a stop for ${patienceMs.stop} ms; it is ended.`;
    say.event(says, { event: "driver.hung" });
    await kill(program);
  }

  async function end(): Promise<void> {
    await stop("leaving");
    if (!program) return;
    program.end();
    if (!(await within(patienceMs.end, program.ended))) await kill(program);
  }

  return {
    ended: over.promise,
    async start() {
      begin();
      await errands.tell({ type: "start" });
    },
    command(command, given) {
      const { since } = errands;
      if (since !== undefined && clock.now() - since > patienceMs.command)
        throw new Error("The program has not answered the last command.");
      errands.command(command, given);
    },
    stop,
    telemetry(tell) {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    close() {
      ending ??= end();
      return ending;
    },
  };
}
