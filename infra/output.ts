import { address } from "./address.ts";
import { identity } from "./identity.ts";
import { router } from "./router.ts";
import { setting } from "./setting.ts";
import { isProduction } from "./stage.ts";
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

export const outputs = { stage: $app.stage, ...address, console: router.url, signIn: identity.signIn, edge: edgeSays };
