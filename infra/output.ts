import { address } from "./address.ts";
import { broker } from "./broker.ts";
import { shards } from "./capacity.ts";
import { identity } from "./identity.ts";
import { managementOf } from "./origin.ts";
import { router } from "./router.ts";
import { cellKeys } from "./secret.ts";
import { setting } from "./setting.ts";
import { isProduction } from "./stage.ts";
import { table } from "./table.ts";
import "./api-handler.ts";
import "./sweeper.ts";
import "./console.ts";

if (isProduction) await Promise.all([import("./metric.ts"), import("./alarm.ts")]);
if (isProduction && setting.dashboard) await import("./dashboard.ts");

const edgeSays = setting.edge
  ? `on: ${setting.requestsPerMinute} requests a minute from one address`
  : isProduction
    ? "OFF. One address can take every robot's and client's tickets: set TETHER_EDGE=yes (docs/deploying.md, about $6 a month)."
    : "off";

/** The facts of this cell that `npm run move` needs, where there are several cells. */
const cell = cellKeys && {
  cell: $jsonStringify({ table: table.name, shards, management: managementOf(broker), region: aws.getRegionOutput().name }),
};

export const outputs = { stage: $app.stage, ...address, console: router.url, signIn: identity.signIn, edge: edgeSays, ...cell };
