import { afterAll, beforeAll, expect, test } from "vitest";
import { checks } from "./check.ts";
import { productionChecks } from "./production.ts";
import { type Deployed, deploy, type Edit } from "./stand-in/deploy.ts";
import type { Graph } from "./stand-in/graph.ts";

const all: Record<string, (graph: Graph) => void> = { ...checks, ...productionChecks };

/** For each check a line which, when it is broken, makes the check fail; and what the failure says, so that it fails for that. */
const mutations: readonly (readonly [check: keyof typeof all, edit: readonly [file: string, from: string, to: string], says: RegExp])[] = [
  ["access and ID tokens live for 240 minutes", ["lifetime.ts", "accessToken: { minutes: 240 }", "accessToken: { minutes: 60 }"], /60/],
  ["refresh tokens are exchanged, not kept", ["identity.ts", "args.refreshTokenRotation = {", "void {"], /refreshTokenRotation/],
  ["the web client has no secret and takes the code flow only", ["identity.ts", '["code"]', '["code", "implicit"]'], /implicit/],
  ["nobody signs themselves up", ["identity.ts", "allowAdminCreateUserOnly: true", "allowAdminCreateUserOnly: false"], /false/],
  [
    "$connect is let through by our authorizer, by the subprotocol header",
    ["broker.ts", "{ auth: { lambda: authorizer.id } }", "{}"],
    /NONE/,
  ],
  [
    "frames are routed by their type, and only pings have a route of their own",
    ["broker.ts", "$request.body.type", "$request.body.kind"],
    /kind/,
  ],
  ["a ping runs no Lambda", ["broker.ts", '"MOCK"', '"AWS_PROXY"'], /AWS_PROXY/],
  ["the table frees space by the attribute the entities set", ["table.ts", "ttl: shape.ttl,", ""], /undefined/],
  ["the table can be put back to any second", ["table.ts", "{ enabled: true }", "{ enabled: false }"], /false/],
  ["the table's keys and indexes are those of the entities", ["table.ts", "rangeKey: range }", 'rangeKey: "pk" }'], /gsi1pk pk/],
  ["no Lambda may do everything, or anything with everything", ["link.ts", '"dynamodb:GetItem",', '"dynamodb:*",'], /dynamodb:\*/],
  ["only Lambda takes on a Lambda's role", ["lambda.ts", "if (!$dev)", "if ($dev)"], /:root/],
  ["the authorizer reaches nothing but its log", ["broker.ts", "link: [ticketKeys],", "link: [ticketKeys, broker],"], /ManageConnections/],
  [
    "secrets reach a Lambda only encrypted",
    ["sweeper.ts", "retries: 0,", 'retries: 0, environment: { KEYS: (await import("./secret.ts")).ticketKeys.value },'],
    /true/,
  ],
  ["both gateways throttle", ["api.ts", "args.defaultRouteSettings =", "void"], /undefined/],
  ["access logs cannot hold a ticket", ["broker.ts", '"identity.sourceIp"', '"authorizer.claims"'], /authorizer\.claims/],
  ["every log ends", ["lambda.ts", "retentionInDays: logRetention.days,", ""], /undefined/],
  ["a Lambda's log holds our lines only", ["lambda.ts", 'systemLogLevel: "WARN",', ""], /"logFormat":"JSON","logGroup":"[^"]*"}/],
  ["Lambdas run Node 24 on arm64", ["lambda.ts", '"arm64"', '"x86_64"'], /x86_64/],
  ["no Lambda has an address of its own", ["api.ts", 'timeout: "10 seconds",', 'timeout: "10 seconds", url: true,'], /authorizationType/],
  [
    "the sweeper runs every minute, ends before the next and is not tried again",
    ["sweeper.ts", "rate(1 minute)", "rate(5 minutes)"],
    /rate\(5 minutes\)/,
  ],
  ["production keeps its data", ["table.ts", "deletionProtection: isProduction,", ""], /true/],
  ["one sweeper at a time", ["sweeper.ts", "reserved: 1", "reserved: 2"], /2/],
  ["every alarm reaches the topic, and so does its end", ["alarm.ts", "alarmActions: [alerts.arn],", ""], /undefined/],
  ["a sweeper that does not run is noticed", ["alarm.ts", '"breaching"', '"notBreaching"'], /notBreaching/],
  [
    "what every Lambda's log says of failures is counted",
    ["metric.ts", "for (const of of lambdas.keys())", "for (const of of [...lambdas.keys()].slice(1))"],
    /ApiHandler","[^"]*BrokerHandler"/,
  ],
  [
    "signals are counted by outcome and misused keys by how, over the lines that say so",
    ["metric.ts", '"$.outcome"', '"$.sessionId"'],
    /\$\.sessionId/,
  ],
  [
    "the dashboard shows every metric of ours, and it and the alarms name no other",
    ["dashboard.ts", 'own("Maximum", "SweepLag")', 'own("Maximum", "SweepDelay" as never)'],
    /SweepDelay/,
  ],
  [
    "docs/operating.md says what to do about every alarm, and the dashboard shows it",
    ["alarm.ts", "  ReadsThrottled: {", "  ReadsRefused: {"],
    /ReadsRefused/,
  ],
];

/** Breaking all at once takes one deployment; `MUTATE=apart` takes one for each, to see that no line fails another's check. */
const apart = process.env.MUTATE === "apart";
const editOf = ([file, from, to]: (typeof mutations)[number][1]): Edit => ({ file: `infra/${file}`, from, to });
const deployBroken = (edits: Edit[]) => deploy({ stage: "production", edits });

let broken: Deployed | undefined;

beforeAll(async () => {
  if (!apart) broken = await deployBroken(mutations.map(([, edit]) => editOf(edit)));
}, 300_000);

afterAll(() => broken?.remove());

/** What a check found amiss: the message leaves out most of it. */
function failureOf(check: () => void): string {
  try {
    check();
  } catch (error) {
    const { message, actual } = error as Error & { actual?: unknown };
    return `${message}\n${JSON.stringify(actual)}`;
  }
  return "nothing is amiss";
}

test("every check has a line that is broken for it", () => {
  expect(mutations.map(([check]) => check).sort()).toEqual(Object.keys(all).sort());
});

test.each(mutations)("a broken line is noticed: %s", async (name, edit, says) => {
  const deployed = broken ?? (await deployBroken([editOf(edit)]));
  expect(failureOf(() => all[name]?.(deployed.graph))).toMatch(says);
  if (apart) deployed.remove();
});
