import { api } from "./api.ts";
import { broker } from "./broker.ts";
import { identity } from "./identity.ts";
import { router } from "./router.ts";
import { setting } from "./setting.ts";
import { isProduction } from "./stage.ts";
import "./api-handler.ts";
import "./sweeper.ts";
import "./console.ts";

if (isProduction) await Promise.all([import("./metric.ts"), import("./alarm.ts")]);
if (isProduction && setting.dashboard) await import("./dashboard.ts");

export const outputs = { stage: $app.stage, api: api.url, broker: broker.url, console: router.url, signIn: identity.signIn };
