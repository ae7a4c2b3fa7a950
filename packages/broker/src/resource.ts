import { createAdmission, createCellAdmission } from "@tether/aws/admission";
import { parseEdgeKeys } from "@tether/aws/edge";
import { createIce } from "@tether/aws/ice";
import type { Log } from "@tether/aws/invocation";
import { alarmed } from "@tether/aws/metric";
import { type ControlKeys, parseControlKeys } from "@tether/core/control/key-ring";
import type { IceProvider } from "@tether/core/ice";
import type { Admits } from "@tether/core/sweep";
import { type KeyRing, parseKeyRing } from "@tether/core/ticket/key-ring";
import { Resource } from "sst/resource";

// The resources that the deployment links to the broker's Lambdas, each read when it is asked for: not every one is linked to all.

export const ring = (): KeyRing => parseKeyRing(Resource.TicketKeys.value);

export const edgeKeys = (): readonly string[] => parseEdgeKeys(Resource.Edge.keys);

export const controlKeys = (): ControlKeys => parseControlKeys(Resource.ControlKeys.value);

export const ice = (log: Log): IceProvider => createIce(Resource.IceServers.value, { log });

export const tableName = () => Resource.Table.name;

export const shards = () => Resource.Table.shards;

/** Nothing where nothing is counted. */
export const metricNamespace = () => Resource.Metrics.namespace || undefined;

export const countedMetrics = () => (Resource.Metrics.counted === "all" ? undefined : alarmed);

/** Whether tickets are given, asked as ends ask. */
export function admits(): Admits {
  const { home, keys } = Resource.Cells;
  const { origin } = Resource.PublicApi;
  return home === "" ? createAdmission(origin) : createCellAdmission(origin, { home, keys: parseEdgeKeys(keys) });
}

export const managementEndpoint = () => Resource.Broker.managementEndpoint;
