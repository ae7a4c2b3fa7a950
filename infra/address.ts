import { api } from "./api.ts";
import { broker } from "./broker.ts";
import { setting } from "./setting.ts";

/** Where robots, clients and pages find the API and the broker. */
export const address: { readonly api: $util.Output<string>; readonly broker: $util.Output<string> } = setting.edge
  ? (await import("./edge.ts")).edge
  : { api: api.url, broker: broker.url };
