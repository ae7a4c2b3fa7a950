import { expect } from "vitest";
import type { Graph, Resource, Value } from "./stand-in/graph.ts";

/** All resources of a type that would be created. */
export function all({ resources }: Graph, type: string): Resource[] {
  return resources.filter((resource) => resource.type === type && !resource.read);
}

/** The one resource of a type, by its name if there are several. */
export function one(graph: Graph, type: string, name?: string): Resource {
  const found = all(graph, type).filter((resource) => name === undefined || resource.name === name);
  const [first] = found;
  expect(found, `${type} ${name ?? ""}`).toHaveLength(1);
  if (!first) throw new Error(`There is no ${type}.`);
  return first;
}

/** Our Lambdas, by the names they have in `infra/`. */
export const lambdas = ["ApiHandler", "Authorizer", "BrokerHandler", "Presence", "Sweeper"];

export const lambdaOf = (graph: Graph, name: string) => one(graph, types.fn, `${name}Function`);

type Statement = { Effect: string; Action: string | string[]; Resource: string | string[] };

/** The actions that a role's own policies allow. */
export function statementsOf({ inputs }: Resource): Statement[] {
  const policies = (inputs.inlinePolicies ?? []) as { policy: string }[];
  return policies.flatMap(({ policy }) => JSON.parse(policy).Statement as Statement[]);
}

export function variablesOf({ inputs }: Resource): Record<string, string> {
  return (inputs.environment as { variables: Record<string, string> }).variables;
}

export const types = {
  acl: "aws:wafv2/webAcl:WebAcl",
  alarm: "aws:cloudwatch/metricAlarm:MetricAlarm",
  authorizer: "aws:apigatewayv2/authorizer:Authorizer",
  certificate: "aws:acm/certificate:Certificate",
  client: "aws:cognito/userPoolClient:UserPoolClient",
  dashboard: "aws:cloudwatch/dashboard:Dashboard",
  distribution: "aws:cloudfront/distribution:Distribution",
  domain: "aws:apigatewayv2/domainName:DomainName",
  dynamic: "pulumi-nodejs:dynamic:Resource",
  filter: "aws:cloudwatch/logMetricFilter:LogMetricFilter",
  fn: "aws:lambda/function:Function",
  functionUrl: "aws:lambda/functionUrl:FunctionUrl",
  gateway: "aws:apigatewayv2/api:Api",
  headers: "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy",
  integration: "aws:apigatewayv2/integration:Integration",
  linkRef: "sst:sst:LinkRef",
  logGroup: "aws:cloudwatch/logGroup:LogGroup",
  retries: "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
  permission: "aws:lambda/permission:Permission",
  role: "aws:iam/role:Role",
  route: "aws:apigatewayv2/route:Route",
  schedule: "aws:cloudwatch/eventRule:EventRule",
  stage: "aws:apigatewayv2/stage:Stage",
  target: "aws:cloudwatch/eventTarget:EventTarget",
  subscription: "aws:sns/topicSubscription:TopicSubscription",
  table: "aws:dynamodb/table:Table",
  topic: "aws:sns/topic:Topic",
  userPool: "aws:cognito/userPool:UserPool",
} as const;

export const list = (value: Value) => (Array.isArray(value) ? value : []);
