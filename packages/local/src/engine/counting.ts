import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { Clock } from "../clock/clock.ts";
import { type RequestTime, realRequestTime } from "../clock/request-time.ts";
import type { Capacity } from "./capacity.ts";
import type { DecideFate, Fate } from "./fate.ts";
import type { Meter } from "./meter.ts";
import { createOverlap } from "./overlap.ts";
import { changesIndex, createReplica } from "./replica.ts";

/** A proxy before a DynamoDB engine that counts what is asked of it and can make it misbehave. */
export interface Counting {
  /** The endpoint that stores are given. */
  readonly url: string;
  /** Requests since the start or the last reset, by operation; those that a fault answered included. */
  counts(): Record<string, number>;
  reset(): void;
  /** Asks `hook` before each request from now on; nothing means pass. */
  before(hook: DecideFate | undefined): void;
  stop(): Promise<void>;
}

/** Requests that can say which capacity they used. */
const priced = /Item|Query/;

async function read(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

type Lagging = {
  /** Whether any read may lag: only then is remembered all that is written over. */
  readonly inForce: () => boolean;
  /** By how many milliseconds an index is behind its table. */
  readonly indexMs: () => number | undefined;
};

type Options = {
  readonly clock: Clock;
  readonly target: string;
  /** Asked before each request that the test's own hook lets pass. */
  readonly faultsInForce?: DecideFate;
  readonly lagging?: Lagging;
  /** The time in which lags, holds and meetings of requests are measured; the clock's unless told. */
  readonly time?: RequestTime;
  /** For how many milliseconds a transaction is at its items, as if the engine took as long; without a number requests never meet. */
  readonly overlap?: { readonly holdMs: () => number | undefined; readonly met: () => void };
  /** The capacity of table, indexes and partitions. */
  readonly capacity?: Capacity;
  /** With one the engine is asked what each request costs, and the meter is told. */
  readonly meter?: Meter | undefined;
};

function parsed(body: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body.toString());
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function operationOf({ headers }: IncomingMessage): string {
  return String(headers["x-amz-target"] ?? "").replace(/^.*\./, "") || "unknown";
}

/** By how much an answer lags: as a fault says, and on an index at least as much as that does. */
function lagOf(fate: Fate, body: Buffer, indexMs: number | undefined): number | undefined {
  const ofFault = typeof fate === "object" && "lagMs" in fate ? fate.lagMs : undefined;
  if (indexMs === undefined || !body.includes('"IndexName"')) return ofFault;
  return Math.max(indexMs, ofFault ?? 0);
}

export async function startCounting(env: Options): Promise<Counting> {
  const agent = new Agent({ keepAlive: true });
  const waited = (ms: number) => new Promise<void>((resolve) => void env.clock.after(ms, resolve));
  const { time = realRequestTime(env.clock), capacity } = env;
  const overlap = createOverlap();
  const replica = createReplica(time);
  let counts: Record<string, number> = {};
  let hook: DecideFate | undefined;

  type Incoming = Pick<IncomingMessage, "method" | "headers" | "url">;

  function forward({ method, headers, url }: Incoming, body: Buffer): Promise<{ answer: IncomingMessage; bytes: Buffer }> {
    return new Promise((resolve, reject) => {
      const told = { ...headers, "content-length": body.length };
      const asked = request(new URL(url ?? "/", env.target), { agent, method, headers: told }, (answer) => {
        read(answer).then((bytes) => resolve({ answer, bytes }), reject);
      });
      asked.once("error", reject);
      asked.end(body);
    });
  }

  /** A request of the proxy's own, in the name of whoever sent `incoming`: the engine checks no signature. */
  const askFor = (incoming: IncomingMessage) => async (operation: string, body: Record<string, unknown>) => {
    const headers = { ...incoming.headers, "x-amz-target": `DynamoDB_20120810.${operation}` };
    return parsed((await forward({ method: "POST", url: "/", headers }, Buffer.from(JSON.stringify(body)))).bytes);
  };

  /** Answers what the engine said, if it was asked. */
  async function carryOut(fate: Fate, incoming: IncomingMessage, body: Buffer, response: ServerResponse): Promise<Buffer | undefined> {
    if (fate === "cut") return void response.destroy();
    if (typeof fate === "object" && "status" in fate) {
      response.writeHead(fate.status, { "content-type": "application/x-amz-json-1.0" });
      return void response.end(JSON.stringify(fate.body));
    }
    if (typeof fate === "object" && "delayMs" in fate) await waited(fate.delayMs);
    const operation = operationOf(incoming);
    const indexMs = env.lagging?.indexMs();
    const isIndexed = indexMs !== undefined && changesIndex(operation, body);
    if (isIndexed || env.lagging?.inForce()) await replica.remember(operation, parsed(body), askFor(incoming));
    const { answer, bytes } = await forward(incoming, body);
    const lagMs = lagOf(fate, body, indexMs);
    if (fate === "lose") response.destroy();
    else if (lagMs !== undefined && answer.statusCode === 200) {
      response.writeHead(200, { "content-type": "application/x-amz-json-1.0" });
      response.end(JSON.stringify(replica.lagging(operation, parsed(body), parsed(bytes), lagMs)));
    } else response.writeHead(answer.statusCode ?? 502, answer.headers).end(bytes);
    // The world is at rest once its indexes show what was written.
    if (isIndexed) time.settle(indexMs + 1);
    return bytes;
  }

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    let end = time.begin();
    try {
      const bytes = await read(incoming);
      const operation = operationOf(incoming);
      counts[operation] = (counts[operation] ?? 0) + 1;
      const body = hook || env.faultsInForce || env.meter || env.overlap ? parsed(bytes) : {};
      const fate = decide(operation, body);
      const holdMs = env.overlap?.holdMs();
      const isAnswered = typeof fate === "object" && "status" in fate;
      const entered = holdMs === undefined || isAnswered ? () => {} : overlap.enter(operation, body);
      if (typeof entered === "object") env.overlap?.met();
      const metered = env.meter?.begin(operation);
      const isPriced = (metered || capacity) && priced.test(operation);
      const sent = isPriced ? Buffer.from(JSON.stringify({ ...body, ReturnConsumedCapacity: "INDEXES" })) : bytes;
      let answer: Buffer | undefined;
      try {
        if (typeof entered === "function" && holdMs && operation === "TransactWriteItems") {
          end();
          await time.wait(holdMs);
          end = time.begin();
        }
        answer = await carryOut(typeof entered === "function" ? fate : entered, incoming, sent, response);
        if (answer) capacity?.use(operation, body, answer);
      } finally {
        if (typeof entered === "function") entered();
        metered?.(answer);
      }
    } finally {
      end();
    }
  }

  /** The test's own hook comes first, then the faults in force, then what the table takes. */
  function decide(operation: string, body: Record<string, unknown>): Fate {
    for (const ask of [hook, env.faultsInForce, capacity?.ask]) {
      const fate = ask?.(operation, body) ?? "pass";
      if (fate !== "pass") return fate;
    }
    return "pass";
  }

  // A broken connection, on either side, is passed on as one.
  const server = createServer((incoming, response) => void serve(incoming, response).catch(() => response.destroy()));
  // The machine's time is not the system's: a connection that is closed after five idle seconds of it may have a request under way by then.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("The counting proxy has no port.");

  return {
    url: `http://127.0.0.1:${address.port}`,
    counts: () => ({ ...counts }),
    reset() {
      counts = {};
    },
    before(next) {
      hook = next;
    },
    stop() {
      agent.destroy();
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}
