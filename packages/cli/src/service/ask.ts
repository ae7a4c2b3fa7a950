import { UnreachableError } from "@tether/program/explained";
import { whyUnreachable } from "@tether/program/network";
import type { Trouble } from "../exit.ts";
import type { World } from "../world.ts";

type Request = {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | URLSearchParams;
};

/** `json` is undefined for what is none. `retryAfter` as the header says it. */
export type Answer = { readonly status: number; readonly json: unknown; readonly retryAfter: string | undefined };

const patienceMs = 30_000;

/** Asks once. A redirect is not followed: what is sent may be secret, and is for that address alone. */
export async function ask({ fetch, clock }: Pick<World, "fetch" | "clock">, url: string, request: Request = {}): Promise<Answer | Trouble> {
  const over = new AbortController();
  const cancel = clock.after(patienceMs, () => over.abort());
  try {
    const answer = await fetch(url, { ...request, redirect: "error", signal: over.signal });
    const text = await answer.text();
    return { status: answer.status, json: jsonOf(text), retryAfter: answer.headers.get("retry-after") ?? undefined };
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

/** An answer that makes no sense from that address. */
export function senseless(url: string): Trouble {
  const says = `${new URL(url).origin} gave an answer that makes no sense here.`;
  return { exit: "failed", code: "answer.invalid", says, remedy: "Check the address: it should be that of a Tether API." };
}

/** Whether secrets may travel there: encrypted, or without leaving this machine. */
export function isSafe(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === "https:" || (protocol === "http:" && ["localhost", "127.0.0.1", "[::1]"].includes(hostname));
}
