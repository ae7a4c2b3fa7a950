import { limits } from "../packages/protocol/src/limits.ts";

/**
 * What differs between those who deploy, from the environment or the `.env` and `.env.<stage>` files that SST reads.
 * docs/deploying.md says what each is for.
 */
export const setting = {
  /** The console's; the API and the broker get `api.` and `broker.` before it. */
  domain: text("TETHER_DOMAIN"),
  oidc: {
    issuer: text("TETHER_OIDC_ISSUER"),
    clientIds: list("TETHER_OIDC_CLIENT_IDS"),
    audience: text("TETHER_OIDC_AUDIENCE"),
    origins: list("TETHER_OIDC_ORIGINS"),
  },
  corsOrigins: list("TETHER_CORS_ORIGINS"),
  alertEmail: text("TETHER_ALERT_EMAIL"),
  /** The account's quota of new WebSocket connections, where it was raised. */
  connectsPerSecond: count("TETHER_CONNECTS_PER_SECOND") ?? limits.gateway.connectsPerSecond,
};

function text(name: string): string | undefined {
  return process.env[name]?.trim() || undefined;
}

function count(name: string): number | undefined {
  const value = text(name);
  if (value !== undefined && !/^[1-9][0-9]*$/.test(value)) throw new Error(`${name} is to be a whole number.`);
  return value === undefined ? undefined : Number(value);
}

function list(name: string): string[] {
  return (text(name) ?? "").split(",").flatMap((part) => part.trim() || []);
}
