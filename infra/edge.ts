import { edgeHeader } from "../packages/aws/src/edge.ts";
import { api } from "./api.ts";
import { broker } from "./broker.ts";
import { hide, hostOf } from "./origin.ts";
import { edgeKeys } from "./secret.ts";
import { setting } from "./setting.ts";

/** CloudFront's managed policies: nothing is kept, and everything is handed on but `Host`, by which the gateways know themselves. */
const cachingDisabled = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";
const allViewerExceptHostHeader = "b689b0a8-53d0-40ab-baf2-38738e2966ac";

const visible = (metricName: string) => ({ metricName, cloudwatchMetricsEnabled: true, sampledRequestsEnabled: true });

/** A firewall for all that stands behind the edge. It cannot be put on the gateways themselves, and one for CloudFront is in this region only. */
const acl = new aws.wafv2.WebAcl("EdgeAcl", {
  region: "us-east-1",
  scope: "CLOUDFRONT",
  description: "Refuses an address that asks too often",
  defaultAction: { allow: {} },
  rules: [
    {
      name: "PerAddress",
      priority: 0,
      // Robots and clients take 429 for a refusal that passes, whoever's body it has.
      action: { block: { customResponse: { responseCode: 429, responseHeaders: [{ name: "retry-after", value: "30" }] } } },
      statement: { rateBasedStatement: { aggregateKeyType: "IP", limit: setting.requestsPerMinute, evaluationWindowSec: 60 } },
      visibilityConfig: visible("PerAddress"),
    },
  ],
  visibilityConfig: visible("Edge"),
});

const shown = edgeKeys?.value.apply((keys) => {
  const [first = ""] = keys.split(",").map((key) => key.trim());
  return first;
});

/** A distribution before a gateway; answers the host at which it is reached. */
function front(name: string, gateway: Parameters<typeof hostOf>[0], domain: string | undefined): $util.Output<string> {
  hide(name, gateway);
  const cdn = new sst.aws.Cdn(`${name}Edge`, {
    ...(domain && { domain }),
    comment: `${$app.name} ${$app.stage}: ${name}`,
    webAclArn: acl.arn,
    origins: [
      {
        originId: "gateway",
        domainName: hostOf(gateway),
        customHeaders: [{ name: edgeHeader, value: shown ?? "" }],
        customOriginConfig: { httpPort: 80, httpsPort: 443, originProtocolPolicy: "https-only", originSslProtocols: ["TLSv1.2"] },
      },
    ],
    defaultCacheBehavior: {
      targetOriginId: "gateway",
      viewerProtocolPolicy: "https-only",
      allowedMethods: ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"],
      cachedMethods: ["GET", "HEAD"],
      cachePolicyId: cachingDisabled,
      originRequestPolicyId: allViewerExceptHostHeader,
    },
  });
  return domain ? $output(domain) : cdn.nodes.distribution.domainName;
}

const under = (name: string) => setting.domain && `${name}.${setting.domain}`;

/** Without a domain the path is the gateway's stage, as at the gateway itself. */
export const edge = {
  api: $interpolate`https://${front("Api", api, under("api"))}`,
  broker: $interpolate`wss://${front("Broker", broker, under("broker"))}${setting.domain ? "" : "/$default"}`,
};
