import type { JwtPayload } from "aws-jwt-verify/jwt-model";
import type { Caller } from "./claims.ts";

export type Audience = { clientIds: readonly string[]; audience?: string };

/**
 * The kind of this token; undefined if it was made for someone else. An ID token names the client in `aud`
 * (OpenID Connect Core §2); an access token the API there, if the issuer knows APIs, else its client in `client_id` or `azp`.
 */
export function useOf(payload: JwtPayload, { clientIds, audience }: Audience): Caller["tokenUse"] | undefined {
  const isClient = (value: unknown) => typeof value === "string" && clientIds.includes(value);
  const named = [payload.aud ?? []].flat();
  const use = payload.token_use ?? (named.some(isClient) ? "id" : "access");
  if (use === "id") return named.some(isClient) && (payload.azp === undefined || isClient(payload.azp)) ? "id" : undefined;
  if (use !== "access") return undefined;
  if (audience !== undefined && named.length > 0) return named.includes(audience) ? "access" : undefined;
  return isClient(payload.client_id) || isClient(payload.azp) ? "access" : undefined;
}
