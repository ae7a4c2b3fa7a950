import type { IncomingMessage, ServerResponse } from "node:http";
import * as z from "zod/mini";
import type { DrivenClock } from "./driven.ts";

/** Where a running system's clock is read and sent ahead, when it is a virtual one. */
const path = "/local/clock";

const Order = z.object({ aheadMs: z.int().check(z.gte(0), z.lte(7 * 24 * 3_600_000)) });

/** `GET` tells the time; `POST { aheadMs }` lets so much of it pass, a week at most. Both answer `{ now }`, in ms. */
export function createClockControl(clock: DrivenClock) {
  async function answer(request: IncomingMessage): Promise<[number, object]> {
    if (request.method === "GET") return [200, { now: clock.now() }];
    if (request.method !== "POST") return [405, { title: "The clock is read by GET and sent ahead by POST." }];
    let body = "";
    for await (const chunk of request) body += chunk;
    const order = Order.safeParse(parsed(body));
    if (!order.success) return [422, { title: "Send { aheadMs }, whole milliseconds up to a week." }];
    return [200, { now: await clock.ahead(order.data.aheadMs) }];
  }

  return {
    /** For the server's "request". False when the path is another one. */
    handle(request: IncomingMessage, response: ServerResponse): boolean {
      if (request.url?.split("?")[0] !== path) return false;
      answer(request).then(
        ([status, body]) => response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body)),
        () => response.destroy(),
      );
      return true;
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
