import { edgeKeys } from "./secret.ts";

/** What the Lambdas that are asked from outside look for in a request; nothing where there is no edge. */
export const shownAtEdge = new sst.Linkable("Edge", { properties: { keys: edgeKeys ? edgeKeys.value : "" } });
