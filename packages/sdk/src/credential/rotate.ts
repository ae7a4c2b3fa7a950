import type { KeyId } from "@tether/protocol/id";
import { thumbprint } from "../assertion/signer.ts";
import { problemReason } from "../problem-reason.ts";
import type { Refusal } from "../ticket/source.ts";
import { type PrepareOptions, prepare } from "./prepare.ts";
import { type KeyedEnv, keyedTickets } from "./tickets.ts";

/** `resumed`: a rotation that was begun before was finished; no other key was made. */
export type Rotated = { readonly kid: KeyId; readonly replaced: KeyId; readonly resumed: boolean };

/** Rotates a robot's key now, whether or not it is online. Rejects where the keys cannot be loaded or saved. */
export async function rotate(env: KeyedEnv, options: PrepareOptions = {}): Promise<Rotated | { readonly refusal: Refusal }> {
  const ask = keyedTickets(env);
  const before = await env.keys.load();
  const replaced = await thumbprint(before.current);

  /** The next key's first ticket. Undefined where the service does not know that key. */
  async function prove(resumed: boolean): Promise<Rotated | { readonly refusal: Refusal } | undefined> {
    const { ticketed, keys, by } = await ask({ use: "connect", session: undefined }, new AbortController().signal);
    if ("refusal" in ticketed) return { refusal: ticketed.refusal };
    const kid = await thumbprint(by === "next" && keys.next ? keys.next : keys.current);
    return kid === replaced ? undefined : { kid, replaced, resumed };
  }

  if (before.next) {
    // Only the first ticket of the next key may be missing, or nothing at all.
    const resumed = await prove(true);
    if (resumed) return resumed;
  }
  const prepared = await prepare(env, options);
  if ("refusal" in prepared) return { refusal: prepared.refusal };
  const proved = await prove(before.next !== undefined);
  return proved ?? { refusal: { reason: problemReason("assertion.key"), retry: "backoff", afterMs: 0 } };
}
