import type { IceServer } from "@tether/protocol/ice-server";

/** A source of STUN and TURN servers for a session. */
export interface IceProvider {
  /** For one principal who proved who it is, at an instant in ms. Never rejects: without TURN it answers what it has. */
  servers(principalId: string, now: number): Promise<IceServer[]>;
}

/** STUN, or whatever else needs no credential. */
export function staticIce(urls: readonly string[]): IceProvider {
  return fixed(urls.length === 0 ? [] : [{ urls: [...urls] }]);
}

/** The same for everyone, for ever. */
export function fixed(servers: readonly IceServer[]): IceProvider {
  return { servers: async () => [...servers] };
}

/** The servers of several providers, together. */
export function joined(providers: readonly IceProvider[]): IceProvider {
  return {
    async servers(principalId, now) {
      return (await Promise.all(providers.map((provider) => provider.servers(principalId, now)))).flat();
    },
  };
}
