import { expect } from "vitest";
import { all, lambdas, one, statementsOf, types } from "./reading.ts";
import type { Graph } from "./stand-in/graph.ts";

/** The one policy of AWS's that is used: with it the gateways of the whole account write their logs. */
const gatewayLogs = "arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs";

/** The permissions of each role. They must hold on every stage, as `check.ts` says. */
export const powerChecks = {
  "no role may do everything"(graph) {
    for (const role of all(graph, types.role))
      for (const { Action } of statementsOf(role)) for (const action of [Action].flat()) expect(action, role.name).not.toContain("*");
  },
  "no role may act on everything"(graph) {
    for (const role of all(graph, types.role))
      for (const { Resource } of statementsOf(role))
        for (const resource of [Resource].flat()) expect(resource, role.name).toMatch(/^arn:aws:[a-z0-9-]+:us-east-1:123456789012:[^*]/);
  },
  "no role leans on a policy that is not written here, but the gateways' own"(graph) {
    expect(all(graph, types.role).filter(({ name }) => lambdas.some((lambda) => name.startsWith(lambda)))).toHaveLength(lambdas.length);
    for (const { name, inputs } of all(graph, types.role))
      expect(inputs.managedPolicyArns ?? [], name).toEqual(name.startsWith("APIGateway") ? [gatewayLogs] : []);
  },
  "only Lambda takes on a Lambda's role"(graph) {
    for (const name of lambdas)
      expect(JSON.stringify(one(graph, types.role, `${name}Role`).inputs.assumeRolePolicy), name).not.toContain(":root");
  },
  "nobody but our gateways, and our schedules the sweeper and the presence checks, may call a Lambda"(graph) {
    const [scheduled, others] = [true, false].map((is) =>
      all(graph, types.permission).filter(({ name }) => /^(Minute|FiveMinutes)Permission$/.test(name) === is),
    );
    expect(scheduled?.map(({ inputs }) => inputs)).toMatchObject([
      {
        principal: "events.amazonaws.com",
        function: expect.stringContaining("Presence"),
        sourceArn: expect.stringMatching(/FiveMinutesRule-\w+$/),
      },
      {
        principal: "events.amazonaws.com",
        function: expect.stringContaining("Sweeper"),
        sourceArn: expect.stringMatching(/MinuteRule-\w+$/),
      },
    ]);
    for (const { name, inputs } of others ?? []) {
      expect(inputs.principal, name).toBe("apigateway.amazonaws.com");
      expect(inputs.sourceArn, name).toMatch(/^arn:aws:execute-api:us-east-1:123456789012:(ApiApi|BrokerApi)-id\//);
    }
  },
  "no Lambda has an address of its own"(graph) {
    expect(all(graph, types.functionUrl)).toEqual([]);
  },
  "the authorizer reaches nothing but its log"(graph) {
    const actions = statementsOf(one(graph, types.role, "AuthorizerRole")).flatMap(({ Action }) => Action);
    expect(actions.sort()).toEqual(["logs:CreateLogStream", "logs:PutLogEvents"]);
  },
  "only the API may sign users out, of its own pool, and do nothing else to them"(graph) {
    const pool = "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_UsersUserPool";
    const asked = lambdas.flatMap((name) =>
      statementsOf(one(graph, types.role, `${name}Role`))
        .filter(({ Action, Resource }) => /cognito|^\*/.test([Action, Resource].flat().join(" ")))
        .map(({ Action, Resource }) => ({ name, Action: [Action].flat(), Resource: [Resource].flat() })),
    );
    expect(asked).toEqual([{ name: "ApiHandler", Action: ["cognito-idp:AdminUserGlobalSignOut"], Resource: [pool] }]);
  },
} satisfies Record<string, (graph: Graph) => void>;
