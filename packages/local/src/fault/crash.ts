import { AsyncLocalStorage } from "node:async_hooks";
import type { Outbox } from "@tether/core/outbox";
import type { Turn } from "../turn.ts";
import type { Faults } from "./faults.ts";

/** An invocation came to its end between two of its requests: nothing of it goes on, and nobody hears of it but the platform. */
export class Crashed extends Error {
  override readonly name = "Crashed";
}

/** An invocation; `n` counts all that there were, `requests` its own. */
type Life = { readonly n: number; requests: number; over: boolean; end(): void };

/** The middleware by which requests of the AWS SDK's clients are intercepted. */
type Stack = {
  add(
    middleware: (next: (args: never) => Promise<never>, context: { readonly commandName?: string }) => (args: never) => Promise<never>,
    options: object,
  ): void;
};

/** Lets invocations die before or after any of their requests, to the store and to the gateway. */
export interface Mortality {
  /** Runs one; rejects with `Crashed` when it dies. */
  live<T>(work: () => Promise<T>): Promise<T>;
  /** Makes each call of each function such an invocation. */
  handlers<Handlers extends { [Name in keyof Handlers]: (event: never) => Promise<unknown> }>(handlers: Handlers): Handlers;
  /** Puts a client's requests under it. */
  watch(client: { middlewareStack: unknown }): void;
  /** Puts an outbox under it. */
  within(outbox: Outbox): Outbox;
}

/** The process is gone: what waits here waits for ever, and is forgotten. */
const never = () => new Promise<never>(() => {});

/** `turn` is asked before each request. */
export function createMortality({ faults, turn }: { faults: Pick<Faults, "strikes">; turn: Turn | undefined }): Mortality {
  const running = new AsyncLocalStorage<Life>();
  let lives = 0;

  async function step(): Promise<void> {
    const life = running.getStore();
    if (!life) return;
    if (!life.over && !faults.strikes("crash")) return;
    life.end();
    await never();
  }

  async function between<T>(request: () => Promise<T>, operation?: string): Promise<T> {
    await step();
    const life = running.getStore();
    if (life) life.requests++;
    const answered = await turn?.(life ? `invocation ${life.n}, request ${life.requests}` : "request", operation);
    const answer = await request().finally(answered);
    await step();
    return answer;
  }

  function live<T>(work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      lives++;
      const life: Life = {
        n: lives,
        requests: 0,
        over: false,
        end() {
          life.over = true;
          reject(new Crashed("the invocation crashed"));
        },
      };
      running.run(life, work).then(resolve, reject);
    });
  }

  return {
    live,
    handlers: (handlers) =>
      Object.fromEntries(
        Object.entries<(event: never) => Promise<unknown>>(handlers).map(([name, handler]) => [
          name,
          (event: never) => live(() => handler(event)),
        ]),
      ) as typeof handlers,
    watch({ middlewareStack }) {
      const stack = middlewareStack as Stack;
      stack.add(
        (next, { commandName }) =>
          (args) =>
            between(() => next(args), commandName),
        { step: "finalizeRequest", name: "mortality", priority: "low" },
      );
    },
    within: (outbox) => ({
      post: (connectionId, frame) => between(() => outbox.post(connectionId, frame)),
      probe: (connectionId) => between(() => outbox.probe(connectionId)),
      close: (connectionId) => between(() => outbox.close(connectionId)),
    }),
  };
}
