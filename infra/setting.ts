import { parseCells } from "../packages/aws/src/cell.ts";
import { limits } from "../packages/protocol/src/limits.ts";

/**
 * The settings that differ between those who deploy, from the environment or the `.env` and `.env.<stage>` files that SST reads.
 * docs/deploying.md says what each is for.
 */
export const setting = {
  /** The console's; the API and the broker get `api.` and `broker.` before it. */
  domain: text("TETHER_DOMAIN"),
  oidc: {
    issuer: text("TETHER_OIDC_ISSUER"),
    clientIds: list("TETHER_OIDC_CLIENT_IDS"),
    audience: text("TETHER_OIDC_AUDIENCE"),
    groupsClaim: text("TETHER_OIDC_GROUPS_CLAIM"),
    adminsGroup: text("TETHER_OIDC_ADMINS_GROUP"),
    emailVerified: text("TETHER_OIDC_EMAIL_VERIFIED"),
    origins: list("TETHER_OIDC_ORIGINS"),
  },
  corsOrigins: origins("TETHER_CORS_ORIGINS"),
  /** The origins whose pages may show the console in a frame. */
  frameAncestors: origins("TETHER_FRAME_ANCESTORS"),
  /** CloudFront and WAF before the API and the broker. */
  edge: flag("TETHER_EDGE"),
  /** The requests of one address in a minute above which WAF refuses it. */
  requestsPerMinute: count("TETHER_REQUESTS_PER_MINUTE") ?? 2_000,
  /** The other cells of a deployment whose home this is, `name=https://api.example.com,…`. */
  cells: cells("TETHER_CELLS"),
  /** The address of the home cell's API, where this is another cell. */
  home: origins("TETHER_HOME")[0],
  /** The folder that `npm run release` wrote; without it the deployment serves no robot's program. */
  release: text("TETHER_RELEASE"),
  alertEmail: text("TETHER_ALERT_EMAIL"),
  /** The account's quota of new WebSocket connections, where it was raised. */
  connectsPerSecond: count("TETHER_CONNECTS_PER_SECOND") ?? limits.gateway.connectsPerSecond,
  /** The load that the table and the sweeper's index take at once from the first second, in write units a second; AWS's own 4,000 unless told. */
  warmWrites: count("TETHER_WARM_WRITES"),
  /** A dashboard, and all metrics of ours where the alarms need two. */
  dashboard: flag("TETHER_DASHBOARD"),
  leaseMs: minutes("TETHER_LEASE_MINUTES", { usual: limits.auth.leaseMs, least: 5, most: 24 * 60 }),
};

if (setting.home !== undefined && setting.cells !== "")
  throw new Error("TETHER_HOME and TETHER_CELLS are of two deployments: a cell has no cells.");

function text(name: string): string | undefined {
  return process.env[name]?.trim() || undefined;
}

function count(name: string): number | undefined {
  const value = text(name);
  if (value !== undefined && !/^[1-9][0-9]*$/.test(value)) throw new Error(`${name} is to be a whole number.`);
  return value === undefined ? undefined : Number(value);
}

function flag(name: string): boolean {
  const value = text(name) ?? "no";
  if (value !== "yes" && value !== "no") throw new Error(`${name} is “yes” or “no”, not “${value}”.`);
  return value === "yes";
}

/** In ms. */
function minutes(name: string, { usual, least, most }: { usual: number; least: number; most: number }): number {
  const given = text(name);
  if (given === undefined) return usual;
  const value = Number(given);
  if (!(value >= least && value <= most)) throw new Error(`${name} is a number of minutes from ${least} to ${most}, not “${given}”.`);
  return value * 60_000;
}

function list(name: string): string[] {
  return (text(name) ?? "").split(",").flatMap((part) => part.trim() || []);
}

/** As the API reads them, so that what it could not read is not deployed. */
function cells(name: string): string {
  const value = text(name) ?? "";
  parseCells(value);
  return value;
}

/** Origins become part of a header, so that nothing else may be among them. */
function origins(name: string): string[] {
  for (const origin of list(name))
    if (!URL.canParse(origin) || new URL(origin).origin !== origin)
      throw new Error(`${name} lists origins as https://app.example.com, not “${origin}”.`);
  return list(name);
}
