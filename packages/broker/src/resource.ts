import { type KeyRing, parseKeyRing } from "@tether/core/ticket/key-ring";
import type { IceServer } from "@tether/protocol/ice-server";
import { Resource } from "sst/resource";

/** What the deployment links to the broker's Lambdas, each read when it is asked for: not every one is linked to all. */
export const resource = {
  ring: (): KeyRing => parseKeyRing(Resource.TicketKeys.value),
  iceServers: (): IceServer[] => JSON.parse(Resource.IceServers.value),
  tableName: () => Resource.Table.name,
  managementEndpoint: () => Resource.Broker.managementEndpoint,
};
