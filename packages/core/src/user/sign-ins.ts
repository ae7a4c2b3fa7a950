/** The identity provider's side of a user: sign-ins, each of which buys tokens by itself until it is ended. */
export interface SignIns {
  /** Ends all that a user has. `kept`: they are someone else's to end. `failed`: it may work when asked again. Never rejects. */
  end(sub: string): Promise<"ended" | "kept" | "failed">;
}

/** The sign-ins of an issuer that takes no orders from this service. */
export const foreign: SignIns = { end: async () => "kept" };
