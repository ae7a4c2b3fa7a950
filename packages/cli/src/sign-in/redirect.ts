import type { IncomingMessage, ServerResponse } from "node:http";
import type { Context } from "../context.ts";
import { isTrouble, type Trouble } from "../exit.ts";
import { listen } from "./loopback.ts";

/** A local listener that waits for the browser to be redirected to `address`. */
export type RedirectWait = {
  readonly address: string;
  /** Resolves with the address of the redirect that carries this state. */
  redirected(state: string): Promise<URL | Trouble>;
  close(): void;
};

/** A user who has to reset a forgotten password needs several minutes. */
const patienceMs = 10 * 60_000;

const page = (says: string) =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>Tether</title><p style="font:1.25rem system-ui">${says}</p></html>`;

/** Listens at the redirect's address, or at the same path on another port. */
export async function awaitRedirect(
  { clock }: Pick<Context, "clock">,
  redirectUri: string,
  port?: number,
): Promise<RedirectWait | Trouble> {
  const target = new URL(redirectUri);
  let take = (_query: URLSearchParams): (() => void) | undefined => undefined;

  function answer(request: IncomingMessage, response: ServerResponse): void {
    // The path is split by hand because `new URL` throws for a request of `//`, a URL with an empty host.
    const [pathname, query = ""] = (request.url ?? "/").split("?", 2);
    const searchParams = new URLSearchParams(query);
    const isHere = request.method === "GET" && pathname === target.pathname;
    const taken = isHere ? take(searchParams) : undefined;
    // The program may exit as soon as it has the code, so the page must have been delivered before that.
    if (taken) response.once("close", taken);
    const [status, says] = taken
      ? [200, "Back to the terminal: this page can be closed."]
      : isHere
        ? [400, "This is not the sign-in that was begun in the terminal."]
        : [404, "There is nothing here."];
    const headers = {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
      "cache-control": "no-store",
      "referrer-policy": "no-referrer",
      connection: "close",
    };
    response.writeHead(status, headers).end(page(says));
  }

  const listening = await listen(answer, port ?? Number(target.port));
  if (isTrouble(listening)) return listening;
  target.port = String(listening.port);
  return {
    address: target.href,
    close: listening.close,
    redirected(state) {
      return new Promise((resolve) => {
        const cancel = clock.after(patienceMs, () =>
          resolve({
            exit: "failed",
            code: "sign-in.lapsed",
            says: "Nobody signed in for 10 minutes.",
            remedy: "Run tether sign-in again.",
          }),
        );
        take = (query) => {
          // Any process on this machine and any page in the browser can send requests here; only the redirect of this sign-in knows its state.
          if (query.get("state") !== state) return undefined;
          cancel();
          return () => resolve(new URL(`?${query}`, target));
        };
      });
    },
  };
}
