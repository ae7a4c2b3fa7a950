import type { IncomingMessage } from "node:http";

/** The whole body, or nothing when it is too large; it is read to its end either way, so that the client hears the answer. */
export async function bodyOf(request: IncomingMessage, mostBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= mostBytes) chunks.push(chunk);
  }
  return bytes <= mostBytes ? Buffer.concat(chunks) : undefined;
}
