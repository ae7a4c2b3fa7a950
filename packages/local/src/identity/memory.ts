import type { Adapter, AdapterFactory, AdapterPayload } from "oidc-provider";

/** Beyond this the oldest is forgotten, so that a page reloaded for days cannot fill the memory. */
const entries = 5_000;

/** The kinds of entries that end with their grant. */
const grantable: ReadonlySet<string> = new Set(["AccessToken", "AuthorizationCode", "RefreshToken"]);

export type Memory = {
  readonly adapter: AdapterFactory;
  /** Ends a user's sessions, codes and tokens. */
  forgetAccount(sub: string): void;
};

/** Sessions, codes and refresh tokens until the process ends. oidc-provider itself refuses what is over. */
export function createMemory(): Memory {
  const stored = new Map<string, AdapterPayload>();

  function findBy(model: string, matches: (payload: AdapterPayload) => boolean): AdapterPayload | undefined {
    for (const [key, payload] of stored) if (key.startsWith(`${model}:`) && matches(payload)) return payload;
    return undefined;
  }

  function forgetGrant(grantId: string): void {
    for (const [key, payload] of stored) {
      if (payload.grantId === grantId && grantable.has(key.slice(0, key.indexOf(":")))) stored.delete(key);
    }
  }

  const adapter = (model: string): Adapter => {
    const keyOf = (id: string) => `${model}:${id}`;
    return {
      async upsert(id, payload) {
        stored.delete(keyOf(id));
        stored.set(keyOf(id), payload);
        for (const oldest of stored.keys()) {
          if (stored.size <= entries) break;
          stored.delete(oldest);
        }
      },
      find: async (id) => stored.get(keyOf(id)),
      findByUid: async (uid) => findBy(model, (payload) => payload.uid === uid),
      findByUserCode: async (code) => findBy(model, (payload) => payload.userCode === code),
      async consume(id) {
        const payload = stored.get(keyOf(id));
        if (payload) payload.consumed = true;
      },
      destroy: async (id) => void stored.delete(keyOf(id)),
      revokeByGrantId: async (grantId) => forgetGrant(grantId),
    };
  };
  return {
    adapter,
    forgetAccount(sub) {
      for (const [key, payload] of stored) if (payload.accountId === sub) stored.delete(key);
    },
  };
}
