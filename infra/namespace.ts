import { setting } from "./setting.ts";
import { isProduction } from "./stage.ts";

/** Where what our own lines say is counted. */
export const namespace = `${$app.name}/${$app.stage}`;

/** The link that tells a Lambda of the namespace: elsewhere than in production nobody looks, and each metric has its price. */
export const metrics = new sst.Linkable("Metrics", {
  properties: { namespace: isProduction ? namespace : "", counted: setting.dashboard ? "all" : "alarms" },
});
