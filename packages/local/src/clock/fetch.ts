import type { Quiet } from "./quiet.ts";

/** A fetch that counts as under way until the whole body of the answer is here. */
export function trackedFetch(quiet: Quiet, fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  async function whole(request: Request): Promise<Response> {
    const answer = await fetch(request);
    const bytes = await answer.arrayBuffer();
    const body = answer.body === null ? null : bytes;
    return new Response(body, { status: answer.status, statusText: answer.statusText, headers: answer.headers });
  }

  return (input, init) => {
    const request = new Request(input, init);
    return quiet.track(`${request.method} ${new URL(request.url).pathname}`, whole(request));
  };
}
