import { security, securityPolicy } from "../packages/console/src/serving.ts";
import { address } from "./address.ts";
import { identity } from "./identity.ts";
import { setting } from "./setting.ts";

const { "referrer-policy": referrerPolicy, "x-content-type-options": _, ...others } = security;

/** The headers that CloudFront adds to every answer at the console's address: the same as the console is served with on one machine, and HTTPS only. */
export const headers = new aws.cloudfront.ResponseHeadersPolicy("ConsoleHeaders", {
  comment: "The console's security headers",
  securityHeadersConfig: {
    contentSecurityPolicy: {
      contentSecurityPolicy: $resolve([address.api, address.broker, identity.calls]).apply(([apiUrl, brokerUrl, calls]) =>
        securityPolicy([new URL(apiUrl).origin, new URL(brokerUrl).origin, ...calls], setting.frameAncestors),
      ),
      override: true,
    },
    contentTypeOptions: { override: true },
    referrerPolicy: { referrerPolicy, override: true },
    strictTransportSecurity: { accessControlMaxAgeSec: 365 * 24 * 60 * 60, includeSubdomains: false, override: true },
  },
  customHeadersConfig: { items: Object.entries(others).map(([header, value]) => ({ header, value, override: true })) },
});
