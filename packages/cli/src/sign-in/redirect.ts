import type { IncomingMessage, ServerResponse } from "node:http";
import { isTrouble, type Trouble } from "../exit.ts";
import type { World } from "../world.ts";
import { listen } from "./loopback.ts";

/** A browser that is on its way: `address` is where it comes back to. */
export type Awaited = {
  readonly address: string;
  /** The code that comes back with the request of this state. */
  code(request: { readonly state: string; readonly issuer: string }): Promise<string | Trouble>;
  close(): void;
};

/** Long enough for a forgotten password. */
const patienceMs = 10 * 60_000;

const page = (says: string) =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>Tether</title><p style="font:1.25rem system-ui">${says}</p></html>`;

/** Waits for the browser at the redirect's address, or at the same on another port. */
export async function awaitRedirect({ clock }: Pick<World, "clock">, redirectUri: string, port?: number): Promise<Awaited | Trouble> {
  const target = new URL(redirectUri);
  let take = (_query: URLSearchParams): (() => void) | undefined => undefined;

  function answer(request: IncomingMessage, response: ServerResponse): void {
    // Not resolved against the address: a request for `//` would be for a host without a name, which is no URL.
    const [pathname, query = ""] = (request.url ?? "/").split("?", 2);
    const searchParams = new URLSearchParams(query);
    const isHere = request.method === "GET" && pathname === target.pathname;
    const taken = isHere ? take(searchParams) : undefined;
    // Only then: the program may end with what it was waiting for, and the page should be there before.
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
    code({ state, issuer }) {
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
          // Anyone on this machine, and any page in the browser, can ask here: only who knows the state was sent by us.
          if (query.get("state") !== state) return undefined;
          cancel();
          return () => resolve(read(query, issuer));
        };
      });
    },
  };
}

function read(query: URLSearchParams, issuer: string): string | Trouble {
  // RFC 9207: an answer that another issuer gave must not be taken to this one.
  const from = query.get("iss") ?? issuer;
  const code = query.get("code");
  if (from === issuer && code !== null) return code;
  const error = /^[a-z_]{1,40}$/.exec(query.get("error") ?? "")?.[0] ?? "an answer without a code";
  return { exit: "refused", code: "sign-in.refused", says: `The issuer refused: ${error}.`, remedy: "Run tether sign-in again." };
}
