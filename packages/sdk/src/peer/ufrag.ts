/** The generations (RFC 8445 §5.4 `ice-ufrag`) that a description names. */
export function ufragsOf(sdp: string): ReadonlySet<string> {
  return new Set([...sdp.matchAll(/^a=ice-ufrag:(\S+)/gm)].map(([, ufrag]) => ufrag ?? ""));
}

/** The generation a candidate belongs to. Where the engine does not say, its attribute line may. */
export function ufragOf(candidate: { readonly candidate: string; readonly usernameFragment?: string | null }): string | undefined {
  return candidate.usernameFragment ?? /\bufrag (\S+)/.exec(candidate.candidate)?.[1];
}
