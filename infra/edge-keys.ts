import { edgeKeys } from "./secret.ts";

/** The keys that the Lambdas behind the edge look for in a request; empty where there is no edge. */
export const shownAtEdge = new sst.Linkable("Edge", { properties: { keys: edgeKeys ? edgeKeys.value : "" } });
