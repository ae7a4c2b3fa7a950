import { expect } from "vitest";
import { edgeHeader } from "../../packages/aws/src/edge.ts";
import { all, lambdaOf, list, one, types } from "./reading.ts";
import { edgeKeys } from "./stand-in/deploy.ts";
import type { Graph } from "./stand-in/graph.ts";

type Origin = { domainName: string; customHeaders: { name: string; value: string }[]; customOriginConfig: object };

const fronts = ["Api", "Broker"] as const;
const frontOf = (graph: Graph, name: (typeof fronts)[number]) => one(graph, types.distribution, `${name}EdgeDistribution`);

/** The checks of the edge, where there is one and a domain. */
export const edgeChecks = {
  "an address that asks too often is refused before the API and the broker, for a while"(graph) {
    const acl = one(graph, types.acl).inputs;
    expect(acl).toMatchObject({ scope: "CLOUDFRONT", region: "us-east-1", defaultAction: { allow: {} } });
    expect(list(acl.rules)).toEqual([
      expect.objectContaining({
        statement: { rateBasedStatement: { aggregateKeyType: "IP", limit: 2_000, evaluationWindowSec: 60 } },
        action: { block: { customResponse: { responseCode: 429, responseHeaders: [{ name: "retry-after", value: "30" }] } } },
      }),
    ]);
  },
  "WAF stands before the API and the broker"(graph) {
    for (const name of fronts) expect(frontOf(graph, name).inputs.webAclId, name).toContain("wafv2");
  },
  "CloudFront shows the gateways the newest key, which stands in no state in the clear"(graph) {
    for (const name of fronts) {
      const { inputs, secrets } = frontOf(graph, name);
      const [origin] = list(inputs.origins) as unknown as Origin[];
      expect(origin?.customHeaders, name).toEqual([{ name: edgeHeader, value: edgeKeys.split(",")[0] }]);
      expect(secrets, name).toEqual([expect.stringMatching(/^origins/)]);
    }
  },
  "CloudFront keeps nothing, and hands on every header but Host"(graph) {
    for (const name of fronts) {
      const behavior = frontOf(graph, name).inputs.defaultCacheBehavior;
      expect(behavior, name).toMatchObject({
        cachePolicyId: "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
        originRequestPolicyId: "b689b0a8-53d0-40ab-baf2-38738e2966ac",
        viewerProtocolPolicy: "https-only",
        allowedMethods: expect.arrayContaining(["POST", "DELETE", "OPTIONS"]),
      });
    }
  },
  "the gateways answer at hidden names alone"(graph) {
    for (const name of fronts) {
      expect(String(one(graph, types.gateway, `${name}Api`).inputs.disableExecuteApiEndpoint), name).toBe("true");
      const [origin] = list(frontOf(graph, name).inputs.origins) as unknown as Origin[];
      const hidden = `${name}Api-id.origin.tether.example`;
      expect([origin?.domainName, one(graph, types.domain, `${name}Origin`).inputs.domainName]).toEqual([hidden, hidden]);
      expect(origin?.customOriginConfig, name).toMatchObject({ originProtocolPolicy: "https-only" });
    }
    expect(all(graph, types.domain)).toHaveLength(2);
    expect(all(graph, types.certificate).map(({ inputs }) => inputs.domainName)).toContain("*.origin.tether.example");
  },
  "the edge's keys reach the API and the authorizer only encrypted, and no other Lambda"(graph) {
    for (const { name, inputs } of all(graph, types.fn))
      for (const key of edgeKeys.split(",")) expect(JSON.stringify(inputs), name).not.toContain(key);
    expect(lambdaOf(graph, "Authorizer").secrets).toContain("environment.variables");
  },
} satisfies Record<string, (graph: Graph) => void>;
