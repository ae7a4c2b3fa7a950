import { api } from "./api.ts";
import { broker } from "./broker.ts";
import { identity } from "./identity.ts";
import { router } from "./router.ts";
import { isProduction } from "./stage.ts";
import "./api-handler.ts";
import "./sweeper.ts";
import "./console.ts";

if (isProduction) await Promise.all([import("./metric.ts"), import("./dashboard.ts")]);

export const outputs = { api: api.url, broker: broker.url, console: router.url, signIn: identity.signIn };
