import type { Clock } from "@tether/sdk/clock";
import { ErrorResponse, type User, UserManager, WebStorageStateStore } from "oidc-client-ts";
import type { Config } from "../config.ts";
import { type Person, personOf } from "./person.ts";

type SignedIn = { readonly person: Person } | { readonly person: undefined; readonly why?: string };

/** The signed-in person and their token, which is kept in this tab's storage and nowhere else. */
export interface Identity {
  state(): SignedIn;
  subscribe(changed: () => void): () => void;
  /** The ID token: grants by e-mail address need the claims that only it has. With `anew`, a renewed one. */
  token(anew?: boolean): Promise<string | undefined>;
  /** The token's end, in ms, and its life. */
  life(): { readonly expiresAt: number; readonly issuedAt: number } | undefined;
  signIn(path: string): Promise<void>;
  signOut(): Promise<void>;
}

/** The time before a token's end at which it is renewed, and the wait after a failure. In ms. */
const aheadMs = 5 * 60_000;
const againMs = 10_000;

export async function createIdentity({
  config,
  clock,
  home,
  show,
}: {
  readonly config: Config["identity"];
  readonly clock: Clock;
  /** The console's own address, with its `/`. */
  readonly home: string;
  /** Puts another path into the address bar. */
  readonly show: (path: string) => void;
}): Promise<Identity> {
  const store = new WebStorageStateStore({ store: sessionStorage, prefix: "tether." });
  const manager = new UserManager({
    authority: config.issuer,
    client_id: config.clientId,
    redirect_uri: home,
    post_logout_redirect_uri: home,
    response_type: "code",
    scope: config.scope,
    userStore: store,
    stateStore: store,
    automaticSilentRenew: false,
  });
  const listeners = new Set<() => void>();
  let user: User | undefined;
  let state: SignedIn = { person: undefined };
  let renewing: Promise<void> | undefined;
  let disarm = () => {};

  function become(next: User | undefined, why?: string): void {
    user = next;
    state = next ? { person: personOf(next.profile, config) } : { person: undefined, ...(why !== undefined && { why }) };
    disarm();
    if (next) arm(Math.max(expiryOf(next) - clock.now() - aheadMs, againMs));
    for (const changed of [...listeners]) changed();
  }

  function arm(ms: number): void {
    disarm = clock.after(ms, () => void renew());
  }

  /** Only the issuer's own no ends a sign-in. A network that fails is tried again, for as long as it takes. */
  function renew(): Promise<void> {
    renewing ??= (async () => {
      try {
        become((await manager.signinSilent()) ?? undefined);
      } catch (error) {
        if (error instanceof ErrorResponse) {
          await manager.removeUser().catch(() => undefined);
          become(undefined, "You were signed out. Sign in again to go on where you were.");
        } else {
          disarm();
          arm(againMs);
        }
      } finally {
        renewing = undefined;
      }
    })();
    return renewing;
  }

  async function begin(): Promise<void> {
    const answer = new URLSearchParams(location.search);
    if (answer.has("state") && (answer.has("code") || answer.has("error"))) {
      try {
        const signedIn = await manager.signinRedirectCallback();
        show(pathIn(signedIn.state));
        return become(signedIn);
      } catch {
        show("/");
        return become(undefined, "That sign-in did not work. Try again.");
      }
    }
    const kept = await manager.getUser();
    if (!kept) return become(undefined);
    become(kept);
    if (expiryOf(kept) <= clock.now()) await renew();
  }

  await begin();
  return {
    state: () => state,
    subscribe(changed) {
      listeners.add(changed);
      return () => void listeners.delete(changed);
    },
    async token(anew = false) {
      if (user && (anew || expiryOf(user) <= clock.now())) await renew();
      return user?.id_token;
    },
    life() {
      const { exp, iat } = user?.profile ?? {};
      return exp === undefined || iat === undefined ? undefined : { expiresAt: exp * 1000, issuedAt: iat * 1000 };
    },
    signIn: (path) => manager.signinRedirect({ state: { path } }),
    async signOut() {
      disarm();
      await manager.revokeTokens(["refresh_token"]).catch(() => undefined);
      // Forgotten first: what is not there cannot be put into the address of the sign-out page.
      await manager.removeUser();
      if (config.logout === undefined) return manager.signoutRedirect();
      const query = new URLSearchParams({ client_id: config.clientId, logout_uri: home });
      location.assign(`${config.logout}?${query}`);
    },
  };
}

function expiryOf(user: User): number {
  return user.profile.exp * 1000;
}

function pathIn(state: unknown): string {
  const path = typeof state === "object" && state !== null && "path" in state ? state.path : undefined;
  return typeof path === "string" && /^\/(?!\/)/.test(path) ? path : "/";
}
