import { UnreachableError } from "@tether/program/explain-failure";
import { whyUnreachable } from "@tether/program/network";
import type { Context } from "../context.ts";
import { isTrouble, type Trouble } from "../exit.ts";

type Request = {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | URLSearchParams;
};

type Env = Pick<Context, "fetch" | "clock">;

/** `json` is undefined where the body is no JSON. `retryAfter` is the header as it came. */
export type Answer = { readonly status: number; readonly json: unknown; readonly retryAfter: string | undefined };

const patienceMs = 30_000;

/** Sends one request, and reads the answer. */
export async function ask(env: Env, url: string, request: Request = {}): Promise<Answer | Trouble> {
  const sent = await send(env, url, request);
  if (isTrouble(sent)) return sent;
  const { status, headers } = sent.answer;
  return { status, json: jsonOf(sent.text), retryAfter: headers.get("retry-after") ?? undefined };
}

/**
 * Sends one request, and reads the answer's body to its end. Redirects are refused, because the request may hold a secret that is meant for
 * this address alone.
 */
export async function send(
  { fetch, clock }: Env,
  url: string,
  request: Request,
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

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
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
