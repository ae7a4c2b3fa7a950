/** The generations (RFC 8445 §5.4 `ice-ufrag`) that a description names. */
export function ufragsOf(sdp: string): ReadonlySet<string> {
  return new Set([...sdp.matchAll(/^a=ice-ufrag:(\S+)/gm)].map(([, ufrag]) => ufrag ?? ""));
}

/** The generation that a candidate belongs to: as the engine says it, or else as the candidate's attribute line does. */
export function ufragOf(candidate: { readonly candidate: string; readonly usernameFragment?: string | null }): string | undefined {
  return candidate.usernameFragment ?? /\bufrag (\S+)/.exec(candidate.candidate)?.[1];
}
