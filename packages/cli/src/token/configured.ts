import { lifetime } from "../../../../infra/lifetime.ts";

/** How long a token of this kind lives, in minutes, as the infrastructure is told. A token without a kind is taken for an access token. */
export function configuredMinutes(use: string | undefined): number {
  return use === "id" ? lifetime.idToken.minutes : lifetime.accessToken.minutes;
}
