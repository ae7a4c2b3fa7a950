import { fileURLToPath } from "node:url";

/** The package as it is built has the same files as the sources, as JavaScript. */
const isBuilt = import.meta.url.endsWith(".js");
const fileOf = (source: URL) => fileURLToPath(isBuilt ? source.href.replace(/\.ts$/, ".js") : source);

/** The files that run in processes of their own, beside the agent's. */
export const entries = {
  supervisor: fileOf(new URL("./supervisor/main.ts", import.meta.url)),
  host: fileOf(new URL("./driver/host/main.ts", import.meta.url)),
  simulated: fileOf(new URL("./driver/simulated/module.ts", import.meta.url)),
} as const;
