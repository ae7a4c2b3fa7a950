import type { PrivateKey } from "../assertion/signer.ts";

/** A robot's private keys. `next` is one that takes over, from before it is registered until it bought its first ticket. */
export type Keys = { readonly current: PrivateKey; readonly next?: PrivateKey | undefined };

/**
 * The place where a robot keeps its keys. A robot that loses power at any moment comes back with a key the service takes if, and only
 * if, `save` has replaced all of `from` or nothing when it is interrupted, and is over only when the disk has it. N6
 */
export interface KeyStore {
  /** The keys that are kept. Rejects where they cannot be read. */
  load(): Promise<Keys>;
  /** Puts `keys` in the place of `from`. `moved`: something else is kept by now, and stays. */
  save(keys: Keys, from: Keys): Promise<"saved" | "moved">;
}
