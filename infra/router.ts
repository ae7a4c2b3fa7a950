import { headers } from "./headers.ts";
import { setting } from "./setting.ts";

/** Where the console is, known before what refers to it. */
export const router = new sst.aws.Router("Router", {
  ...(setting.domain && { domain: setting.domain }),
  transform: {
    cdn(args) {
      args.defaultCacheBehavior = $output(args.defaultCacheBehavior).apply((behavior) => ({
        ...behavior,
        responseHeadersPolicyId: headers.id,
      }));
    },
  },
});
