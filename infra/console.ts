import { router } from "./router.ts";

/** The console's place, with a page that says so until there is one. */
export const site = new sst.aws.StaticSite("Console", {
  path: "infra/page",
  router: { instance: router },
  errorPage: "index.html",
});
