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
};

function text(name: string): string | undefined {
  return process.env[name]?.trim() || undefined;
}

function list(name: string): string[] {
  return (text(name) ?? "").split(",").flatMap((part) => part.trim() || []);
}
