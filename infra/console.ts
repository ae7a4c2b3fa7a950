import type { Config } from "../packages/console/src/config.ts";
import { caching } from "../packages/console/src/serving.ts";
import { address } from "./address.ts";
import { client } from "./client.ts";
import { identity } from "./identity.ts";
import { router } from "./router.ts";
import { setting } from "./setting.ts";

/** The console's settings, which say where it runs; its build writes it to `/config.json`. */
const config = $resolve({ url: address.api, issuer: identity.issuer, ids: client.ids, logout: identity.logout }).apply(
  ({ url, issuer, ids: [clientId = ""], logout }) => {
    const { scope, tokenMinutes } = client;
    const { groupsClaim: groups, adminsGroup: admins } = setting.oidc;
    const named = { ...(groups !== undefined && { groups }), ...(admins !== undefined && { admins }) };
    const told = {
      issuer,
      clientId,
      scope,
      ...named,
      ...(tokenMinutes !== undefined && { tokenMinutes }),
      ...(logout !== undefined && { logout }),
    };
    return JSON.stringify({ api: new URL(url).origin, identity: told } satisfies Config);
  },
);

/** The console's files. Without an error page of its own, whatever path is no file's is answered with `index.html`: the page knows its routes. */
export const site = new sst.aws.StaticSite("Console", {
  // Not the package's folder: SST would write a file of types into its sources.
  path: ".",
  router: { instance: router },
  environment: {
    TETHER_CONSOLE_CONFIG: config,
    ...(setting.release !== undefined && { TETHER_RELEASE: setting.release, TETHER_INSTALL_BASE: $interpolate`${router.url}/install` }),
  },
  build: {
    command: `npm run build -w @tether/console${setting.release === undefined ? "" : " && node release/publish.ts"}`,
    output: "packages/console/dist",
  },
  dev: { command: "npm run dev -w @tether/console", url: "http://localhost:5173" },
  assets: {
    // A tab that was opened before a deploy fetches parts of its own age after it.
    purge: false,
    fileOptions: [
      { files: "**", ignore: ".vite/**", cacheControl: caching.other },
      { files: "assets/**", cacheControl: caching.assets },
      // Browsers show plain text, and store other kinds.
      { files: "documents/**/*.md", cacheControl: caching.other, contentType: "text/plain; charset=utf-8" },
    ],
  },
});
