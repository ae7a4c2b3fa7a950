import { type Credential, successorsOf } from "@tether/protocol/http";

/** The warning before a key is revoked from which good keys descend. */
export type Successors = { readonly keys: readonly Credential[]; readonly says: string; readonly choice: string };

/** Nothing where no good key descends from it. */
export function successorsBeside(keys: readonly Credential[], kid: string): Successors | undefined {
  const found = successorsOf(keys, kid);
  if (found.length === 0) return undefined;
  const isOne = found.length === 1;
  const fact = isOne ? "One good key descends from it" : `${found.length} good keys descend from it`;
  const thief = `If this key was stolen, the thief may have made ${isOne ? "that one" : "those"}.`;
  return { keys: found, says: `${fact}: each was announced with the key before. ${thief}`, choice: `Revoke ${isOne ? "it" : "them"} too` };
}
