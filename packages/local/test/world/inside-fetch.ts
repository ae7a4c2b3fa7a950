import { request } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";

/**
 * A fetch whose connections take no port: how long the kernel takes to carry an answer from one end of this process to the other is
 * the machine's affair, and what happens meanwhile would come in another order on another machine.
 */
export function fetchInside(dial: () => Duplex): typeof globalThis.fetch {
  return async (input, init) => {
    const asked = new Request(input, init);
    const body = Buffer.from(await asked.arrayBuffer());
    return new Promise((resolve, reject) => {
      const headers = { ...Object.fromEntries(asked.headers), connection: "close", "content-length": String(body.length) };
      const sent = request(
        asked.url,
        { method: asked.method, headers, agent: false, createConnection: () => dial() as Socket },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.on("data", (chunk: Buffer) => chunks.push(chunk));
          answer.once("error", reject);
          answer.once("end", () => {
            const { statusCode: status = 0, headers: told } = answer;
            const pairs = Object.entries(told).flatMap(([name, value]) => [value ?? []].flat().map((one): [string, string] => [name, one]));
            resolve(new Response([204, 304].includes(status) ? null : Buffer.concat(chunks), { status, headers: pairs }));
          });
        },
      );
      sent.once("error", reject);
      sent.end(body);
    });
  };
}
