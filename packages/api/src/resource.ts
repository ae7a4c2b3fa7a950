import { type Cells, createCells, parseCells } from "@tether/aws/cell";
import { parseEdgeKeys } from "@tether/aws/edge";
import { createIce } from "@tether/aws/ice";
import type { Log } from "@tether/aws/invocation";
import { alarmed } from "@tether/aws/metric";
import { createUserPool } from "@tether/aws/user-pool";
import type { IceProvider } from "@tether/core/ice";
import { type KeyRing, parseKeyRing } from "@tether/core/ticket/key-ring";
import { foreign, type SignIns } from "@tether/core/user";
import { Resource } from "sst/resource";
import type { VerifierSettings } from "./caller/verifier.ts";
import type { Env } from "./env.ts";

const list = (text: string) => text.split(",").filter((part) => part !== "");

// The resources that the deployment links to the API's Lambda.

export const ring = (): KeyRing => parseKeyRing(Resource.TicketKeys.value);

export const ice = (log: Log): IceProvider => createIce(Resource.IceServers.value, { log });

export const tableName = () => Resource.Table.name;

export const shards = () => Resource.Table.shards;

/** Nothing where nothing is counted. */
export const metricNamespace = () => Resource.Metrics.namespace || undefined;

export const countedMetrics = () => (Resource.Metrics.counted === "all" ? undefined : alarmed);

export const managementEndpoint = () => Resource.Broker.managementEndpoint;

export const leaseMs = () => Resource.ApiSettings.leaseMs;

export function settings(): Env["settings"] {
  const cell = Resource.Cells.home !== "";
  const homeKeys = cell ? parseEdgeKeys(Resource.Cells.keys) : [];
  // Without a key everybody may ask.
  if (cell && homeKeys.length === 0) throw new Error("a cell has no key to know home by");
  const { origin, brokerUrl, corsOrigins, install, issuer, clientIds } = Resource.ApiSettings;
  // The first of several clients is the one for people.
  const [clientId = ""] = list(clientIds);
  const edgeKeys = parseEdgeKeys(Resource.Edge.keys);
  return {
    origin,
    brokerUrl,
    corsOrigins: list(corsOrigins),
    install: install || undefined,
    edgeKeys,
    homeKeys,
    signIn: { issuer, clientId },
  };
}

/** The other cells, in the home cell of several. */
export function cells(): Cells | undefined {
  const origins = parseCells(Resource.Cells.origins);
  return origins.size === 0 ? undefined : createCells(origins, parseEdgeKeys(Resource.Cells.keys));
}

export function verifier(): VerifierSettings {
  const { issuer, clientIds, audience, groupsClaim, adminsGroup, emailVerified } = Resource.ApiSettings;
  const claims = { groups: groupsClaim || undefined, admins: adminsGroup || undefined, verified: emailVerified || undefined };
  return { issuer, clientIds: list(clientIds), ...(audience && { audience }), claims };
}

export function signIns(log: Log): SignIns {
  const { userPoolId } = Resource.ApiSettings;
  return userPoolId === "" ? foreign : createUserPool({}, { userPoolId, log });
}
