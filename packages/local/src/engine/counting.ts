import { Agent, type IncomingMessage, request } from "node:http";
import type { DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import type { Clock } from "../clock/clock.ts";
import { type RequestTime, realRequestTime } from "../clock/request-time.ts";
import type { Capacity } from "./capacity.ts";
import type { DecideFate, Fate } from "./fate.ts";
import type { Meter } from "./meter.ts";
import { createOverlap } from "./overlap.ts";
import { changesIndex, createReplica } from "./replica.ts";

/**
 * What stands between a store and a DynamoDB engine: it counts what is asked and can make the engine misbehave. It is in the store's process, where
 * a connection of its own would cost each request as much again.
 */
export interface Counting {
  /** For the store's client, in place of the one that opens connections. */
  readonly requestHandler: NonNullable<DynamoDBClientConfig["requestHandler"]>;
  /** Requests since the start or the last reset, by operation; those that a fault answered included. */
  counts(): Record<string, number>;
  reset(): void;
  /** Asks `hook` before each request from now on; nothing means pass. */
  before(hook: DecideFate | undefined): void;
  stop(): void;
}

/** A request, as the SDK hands it to whoever sends it. */
type Asked = { readonly headers: Readonly<Record<string, string>>; readonly body?: string | Uint8Array };
type Answer = { readonly statusCode: number; readonly headers: Readonly<Record<string, string>>; readonly body: Buffer };

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

function operationOf({ headers }: Asked): string {
  return (headers["x-amz-target"] ?? "").replace(/^.*\./, "") || "unknown";
}

function bytesOf({ body = "" }: Asked): Buffer {
  return typeof body === "string" ? Buffer.from(body) : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
}

/** As the SDK's own handler says that a connection broke. */
const broken = () => Object.assign(new Error("socket hang up"), { name: "TimeoutError", code: "ECONNRESET" });

const said = (statusCode: number, body: object): Answer => ({
  statusCode,
  headers: { "content-type": "application/x-amz-json-1.0" },
  body: Buffer.from(JSON.stringify(body)),
});

/** By how much an answer lags: as a fault says, and on an index at least as much as that does. */
function lagOf(fate: Fate, body: Buffer, indexMs: number | undefined): number | undefined {
  const ofFault = typeof fate === "object" && "lagMs" in fate ? fate.lagMs : undefined;
  if (indexMs === undefined || !body.includes('"IndexName"')) return ofFault;
  return Math.max(indexMs, ofFault ?? 0);
}

export function createCounting(env: Options): Counting {
  const agent = new Agent({ keepAlive: true });
  const waited = (ms: number) => new Promise<void>((resolve) => void env.clock.after(ms, resolve));
  const { time = realRequestTime(env.clock), capacity } = env;
  const overlap = createOverlap();
  const replica = createReplica(time);
  let counts: Record<string, number> = {};
  let hook: DecideFate | undefined;

  function forward({ headers }: Asked, body: Buffer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const passed = { ...headers, "content-length": body.length };
      const asked = request(env.target, { agent, method: "POST", headers: passed }, (answer) => {
        const whole = (bytes: Buffer) =>
          resolve({ statusCode: answer.statusCode ?? 502, headers: answer.headers as Answer["headers"], body: bytes });
        read(answer).then(whole, reject);
      });
      asked.once("error", reject);
      asked.end(body);
    });
  }

  /** A request of its own, in the name of whoever asked: the engine checks no signature. */
  const askFor = (incoming: Asked) => async (operation: string, body: Record<string, unknown>) => {
    const headers = { ...incoming.headers, "x-amz-target": `DynamoDB_20120810.${operation}` };
    return parsed((await forward({ headers }, Buffer.from(JSON.stringify(body)))).body);
  };

  /** Has the engine answer, unless the fate is that it never hears of the request. `heard` is told what it said, whoever hears of that. */
  async function carryOut(fate: Fate, incoming: Asked, body: Buffer, heard: (bytes: Buffer) => void): Promise<Answer> {
    if (fate === "cut") throw broken();
    if (typeof fate === "object" && "status" in fate) return said(fate.status, fate.body);
    if (typeof fate === "object" && "delayMs" in fate) await waited(fate.delayMs);
    const operation = operationOf(incoming);
    const indexMs = env.lagging?.indexMs();
    const isIndexed = indexMs !== undefined && changesIndex(operation, body);
    if (isIndexed || env.lagging?.inForce()) await replica.remember(operation, parsed(body), askFor(incoming));
    const answer = await forward(incoming, body);
    heard(answer.body);
    // The world is at rest once its indexes show what was written.
    if (isIndexed) time.settle(indexMs + 1);
    if (fate === "lose") throw broken();
    const lagMs = lagOf(fate, body, indexMs);
    if (lagMs === undefined || answer.statusCode !== 200) return answer;
    return said(200, replica.lagging(operation, parsed(body), parsed(answer.body), lagMs));
  }

  async function serve(incoming: Asked): Promise<Answer> {
    let end = time.begin();
    try {
      const bytes = bytesOf(incoming);
      const operation = operationOf(incoming);
      counts[operation] = (counts[operation] ?? 0) + 1;
      const body = parsed(bytes);
      const fate = decide(operation, body);
      const holdMs = env.overlap?.holdMs();
      const isAnswered = typeof fate === "object" && "status" in fate;
      const entered = holdMs === undefined || isAnswered ? () => {} : overlap.enter(operation, body);
      if (typeof entered === "object") env.overlap?.met();
      const metered = env.meter?.begin(operation);
      const isPriced = (metered || capacity) && priced.test(operation);
      const sent = isPriced ? Buffer.from(JSON.stringify({ ...body, ReturnConsumedCapacity: "INDEXES" })) : bytes;
      let answered: Buffer | undefined;
      try {
        if (typeof entered === "function" && holdMs && operation === "TransactWriteItems") {
          end();
          await time.wait(holdMs);
          end = time.begin();
        }
        return await carryOut(typeof entered === "function" ? fate : entered, incoming, sent, (answer) => {
          answered = answer;
          capacity?.use(operation, body, answer);
        });
      } finally {
        if (typeof entered === "function") entered();
        metered?.(answered);
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

  return {
    requestHandler: {
      async handle(asked: Asked) {
        // An engine that is gone is a connection that breaks.
        const response = await serve(asked).catch(() => Promise.reject(broken()));
        return { response };
      },
      destroy() {},
      updateHttpClientConfig() {},
      httpHandlerConfigs: () => ({}),
    },
    counts: () => ({ ...counts }),
    reset() {
      counts = {};
    },
    before(next) {
      hook = next;
    },
    stop: () => agent.destroy(),
  };
}
