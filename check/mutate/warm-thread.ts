import { type PoolOptions, type PoolWorker, ThreadsPoolWorker, type WorkerRequest } from "vitest/node";

type Listener = (...data: readonly unknown[]) => void;
type Listening = { readonly event: string; readonly callback: Listener };

const mostRuns = 100;
let kept: { readonly thread: ThreadsPoolWorker; runs: number; isStatic: boolean } | undefined;

/** Ends the thread that is kept, if any. */
export async function endWarmThread(): Promise<void> {
  const { thread } = kept ?? {};
  kept = undefined;
  await thread?.stop();
}

/**
 * A worker whose thread outlives the run, so that modules are loaded once and not for each mutant. The test files are evaluated anew, and
 * with a mutant that takes effect as a module is loaded all of our modules are. Our modules keep no state of their own (a rule of this
 * project), so that a mutant leaves nothing behind for the next one. A thread in which something went wrong is not used again.
 */
export function warmThread(options: PoolOptions): PoolWorker {
  const isNew = kept === undefined;
  kept ??= { thread: new ThreadsPoolWorker(options), runs: 0, isStatic: true };
  const mine = kept;
  const { thread } = mine;
  let listening: Listening[] = [];
  let isUnfit = false;
  let isLeft = false;

  function watch(data: unknown): void {
    // The thread calls the main one by name (birpc).
    if ((data as { readonly m?: unknown } | undefined)?.m === "onUnhandledError") isUnfit = true;
  }
  /** Answers in place of the thread, which goes on. */
  function answer(type: "started" | "stopped"): void {
    const heard = listening.filter(({ event }) => event === "message");
    setImmediate(() => {
      for (const { callback } of heard) callback({ __vitest_worker_response__: true, type });
    });
  }
  /** The thread has the settings of its first run, with that run's test names: these replace them. */
  function begin(context: { readonly providedContext: object }): void {
    const { mode, mutantActivation } = context.providedContext as { readonly mode?: string; readonly mutantActivation?: string };
    const isStatic = mode !== "mutant" || mutantActivation === "static";
    Object.assign(context, { config: { ...options.project.serializedConfig, isolate: isStatic || mine.isStatic } });
    mine.isStatic = isStatic;
    mine.runs++;
  }
  /** Leaves the thread to the next worker, which may come before this one has stopped. */
  function leave(): void {
    thread.off("message", watch);
    for (const { event, callback } of listening) thread.off(event, callback);
    listening = [];
    isLeft = true;
    if ((isUnfit || mine.runs >= mostRuns) && kept === mine) kept = undefined;
  }

  return {
    name: "warm",
    on(event, callback) {
      listening.push({ event, callback });
      thread.on(event, callback);
    },
    off(event, callback) {
      listening = listening.filter((one) => one.event !== event || one.callback !== callback);
      thread.off(event, callback);
    },
    send(message: WorkerRequest) {
      if (message.type === "start" && !isNew) return answer("started");
      if (message.type === "stop") {
        answer("stopped");
        return leave();
      }
      if (message.type === "run") begin(message.context);
      thread.send(message);
    },
    deserialize: (data) => thread.deserialize(data),
    async start() {
      if (isNew) await thread.start();
      thread.on("message", watch);
    },
    async stop() {
      if (!isLeft) {
        isUnfit = true;
        leave();
      }
      if (kept !== mine) await thread.stop();
    },
  };
}
