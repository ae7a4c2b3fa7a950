import { Agent, createServer, type IncomingMessage, request } from "node:http";
import { realClock } from "../clock/real.ts";

/** What the engine was asked for. `depth`: of requests one after the other, as a caller waits for them. */
export type Metered = { readonly requests: number; readonly readUnits: number; readonly writeUnits: number; readonly depth: number };

/** A proxy before the engine that has it report the capacity units of each request. */
export interface Meter {
  readonly url: string;
  read(): Metered;
  reset(): void;
  stop(): Promise<void>;
}

type Capacity = { CapacityUnits?: number };

const writes = /^(Put|Update|Delete|TransactWrite|BatchWrite)/;

async function bytesOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Requests are held for `holdMs`, so that those which do not wait for each other meet in the meter, and depth is exact. */
export async function startMeter(target: string, holdMs: number): Promise<Meter> {
  const agent = new Agent({ keepAlive: true });
  let [requests, readUnits, writeUnits, depth] = [0, 0, 0, 0];
  let inFlight = 0;

  function ask({ method, headers }: IncomingMessage, body: Buffer): Promise<{ answer: IncomingMessage; bytes: Buffer }> {
    return new Promise((resolve, reject) => {
      const asked = request(target, { agent, method, headers: { ...headers, "content-length": body.length } }, (answer) => {
        bytesOf(answer).then((bytes) => resolve({ answer, bytes }), reject);
      });
      asked.once("error", reject);
      asked.end(body);
    });
  }

  function note(operation: string, answer: Buffer): void {
    const { ConsumedCapacity = [] } = JSON.parse(answer.toString() || "{}") as { ConsumedCapacity?: Capacity | Capacity[] };
    const units = [ConsumedCapacity].flat().reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
    if (writes.test(operation)) writeUnits += units;
    else readUnits += units;
  }

  const server = createServer(async (incoming, response) => {
    try {
      requests++;
      // One that is asked for while nothing else is was waited for.
      if (inFlight++ === 0) depth++;
      if (holdMs > 0) await new Promise<void>((resolve) => void realClock.after(holdMs, resolve));
      const operation = String(incoming.headers["x-amz-target"] ?? "").replace(/^.*\./, "");
      const body = { ...JSON.parse((await bytesOf(incoming)).toString()) };
      if (/Item|Query/.test(operation)) body.ReturnConsumedCapacity = "TOTAL";
      const { answer, bytes } = await ask(incoming, Buffer.from(JSON.stringify(body)));
      note(operation, bytes);
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      response.end(bytes);
    } catch {
      response.destroy();
    } finally {
      inFlight--;
    }
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("The meter has no port.");
  return {
    url: `http://127.0.0.1:${address.port}`,
    read: () => ({ requests, readUnits, writeUnits, depth }),
    reset() {
      [requests, readUnits, writeUnits, depth] = [0, 0, 0, 0];
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
