import type { ClientSessionId } from "@tether/protocol/id";
import { oncePrefix } from "@tether/protocol/stop";
import type { On } from "./event.ts";
import type { Way } from "./state.ts";

/** A key is its session's own: nobody can have another's stop taken for one that has come. R16 */
export function pressOf(way: Way, session: ClientSessionId | undefined, key: string | undefined): On<"stopOrdered">["press"] {
  return session !== undefined && key !== undefined ? { name: `${session} ${key}`, way, isOnce: key.startsWith(oncePrefix) } : undefined;
}
