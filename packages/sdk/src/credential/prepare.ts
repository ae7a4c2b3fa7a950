import { announce } from "./announce.ts";
import { type Algorithm, makeKeyPair } from "./key-pair.ts";
import type { Keys } from "./key-store.ts";
import type { Refused } from "./request.ts";
import type { KeyedEnv } from "./tickets.ts";

export type Prepared = { readonly keys: Keys } | Refused;

/** How a robot's next key is made and taken up. */
export type PrepareOptions = {
  /** Retires the current key with the next one's first ticket, without the overlap of a day. */
  readonly retireNow?: boolean | undefined;
  /** The same as the current key's unless told. */
  readonly algorithm?: Algorithm | undefined;
};

/**
 * Keeps and registers a next key: the key is on disk before the service hears of it. What an earlier call left
 * unfinished is finished. Rejects where the keys cannot be loaded or saved.
 */
export async function prepare(env: KeyedEnv, { retireNow, algorithm }: PrepareOptions = {}): Promise<Prepared> {
  let keys = await env.keys.load();
  let { next } = keys;
  while (!next) {
    const made = await makeKeyPair(algorithm ?? (keys.current.kty === "EC" ? "p-256" : "ed25519"));
    const wanted = { current: keys.current, next: made };
    const saved = await env.keys.save(wanted, keys);
    if (saved === "saved") env.log({ event: "key.made" });
    keys = saved === "saved" ? wanted : await env.keys.load();
    next = keys.next;
  }
  const announced = await announce(env, { current: keys.current, next, retireNow });
  if ("answer" in announced) {
    env.log({ event: "key.announced", kid: announced.answer.kid });
    return { keys };
  }
  const { code } = announced.refusal.reason;
  env.log({ event: "key.refused", code });
  // Revoked before it was ever used, or not ours to name any more: it will never be taken.
  if (code === "credential.retired" || code === "credential.inactive") await env.keys.save({ current: keys.current }, keys);
  return announced;
}
