import { UnreachableError } from "@tether/program/explain-failure";
import { whyUnreachable } from "@tether/program/network";
import type { Platform } from "@tether/sdk/platform";
import type { Context } from "../context.ts";
import { isTrouble, type Trouble } from "../exit.ts";

type Env = Pick<Context, "fetch" | "clock">;

const patienceMs = 30_000;

/**
 * Sends one request, and reads the answer's body to its end. Redirects are refused, because the request may hold a secret that is meant for
 * this address alone.
 */
export async function send(
  { fetch, clock }: Env,
  url: string,
  request: RequestInit,
): Promise<{ readonly answer: Response; readonly text: string } | Trouble> {
  const over = new AbortController();
  const cancel = clock.after(patienceMs, () => over.abort());
  try {
    const answer = await fetch(url, { ...request, redirect: "error", signal: over.signal });
    return { answer, text: await answer.text() };
  } catch (error) {
    const { code, says, remedy } =
      error instanceof UnreachableError ? error.reason : whyUnreachable(error, { url, now: clock.now(), proxied: false });
    return { exit: "failed", code, says, remedy };
  } finally {
    cancel();
  }
}

/** A `fetch` that asks as `send` does. It rejects with the reason why there was no answer. */
export function boundedFetch(env: Env): Platform["fetch"] {
  return async (url, init) => {
    const sent = await send(env, url, init);
    if (isTrouble(sent)) throw new UnreachableError(sent);
    return new Response(sent.text || null, sent.answer);
  };
}

/** The trouble for an answer that no Tether API gives. */
export function invalidAnswer(url: string): Trouble {
  const says = `${new URL(url).origin} gave an answer that was not expected.`;
  return { exit: "failed", code: "answer.invalid", says, remedy: "Check that the address is that of a Tether API." };
}

/** Whether secrets may be sent to the address: the way there is encrypted, or does not leave this machine. */
export function isPrivateWay(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === "https:" || (protocol === "http:" && ["localhost", "127.0.0.1", "[::1]"].includes(hostname));
}
