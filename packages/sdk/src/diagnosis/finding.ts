import type { Reason } from "../reason.ts";

/** The result of a check. `skipped`: there is nothing here to look at. `code` is for programs. */
export type Finding =
  | { readonly result: "good" | "skipped"; readonly says: string }
  | { readonly result: "bad"; readonly code: string; readonly says: string; readonly remedy: string };

/** A finding, and how long it took, in ms. */
export type Outcome = Finding & { readonly tookMs: number };

export const good = (says: string): Finding => ({ result: "good", says });
export const skipped = (says: string): Finding => ({ result: "skipped", says });
export const bad = ({ code, says, remedy }: Pick<Reason, "code" | "says" | "remedy">): Finding => ({ result: "bad", code, says, remedy });

/** Nothing came of opening a socket, neither a welcome nor a reason, in the time that it has. */
export const socketSilent: Finding = bad({
  code: "connection.silent",
  says: "The socket did not open in time.",
  remedy: "Let WebSocket connections out to the broker; some proxies cut them.",
});

const tolerated = { skewMs: 30_000, lifeMs: 60_000 } as const;

/** Judges this machine's clock by the service's, which said `serverTime` somewhere between `sentAt` and `heardAt`. */
export function skewOf({ serverTime, sentAt, heardAt }: { serverTime: number; sentAt: number; heardAt: number }): Finding {
  const aheadMs = Math.round((sentAt + heardAt) / 2 - serverTime);
  const by = `${(Math.abs(aheadMs) / 1_000).toFixed(1)} s`;
  if (Math.abs(aheadMs) <= tolerated.skewMs) return good(`This machine's clock is within ${by} of the service's.`);
  const side = aheadMs > 0 ? "ahead of" : "behind";
  return bad({
    code: "clock.off",
    says: `This machine's clock is ${by} ${side} the service's.`,
    remedy: "Let the machine set its clock from the network.",
  });
}

/** A token's instants, in ms since the Unix epoch. */
export type Life = { readonly issuedAt: number; readonly expiresAt: number };

/** Judges whether a token lives as long as the service is set up to give it, in minutes; undefined where that is set elsewhere. */
export function lifeOf(token: Life | undefined, minutes: number | undefined): Finding {
  if (!token) return bad({ code: "token.none", says: "There is no token.", remedy: "Sign in again." });
  const lives = token.expiresAt - token.issuedAt;
  const given = `It was given for ${Math.round(lives / 60_000)} minutes`;
  if (minutes === undefined) return skipped(`${given}; how long it should is set at its issuer.`);
  if (Math.abs(lives - minutes * 60_000) <= tolerated.lifeMs) return good(`${given}, as configured.`);
  return bad({
    code: "token.life",
    says: `${given}; ${minutes} are configured.`,
    remedy: "Compare the token validity of the identity provider's client with what infra sets.",
  });
}
