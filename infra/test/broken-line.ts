import { checks } from "./check.ts";
import { edgeChecks } from "./edge.ts";
import { productionChecks } from "./production.ts";
import { siteChecks } from "./site.ts";
import type { Graph } from "./stand-in/graph.ts";

/** Every check of the synthesized graph. */
export const all: Record<string, (graph: Graph) => void> = { ...checks, ...siteChecks, ...productionChecks, ...edgeChecks };

/** For each check a line which, when it is broken, makes the check fail; and what the failure says, so that it fails for that. */
export const mutations: readonly (readonly [
  check: keyof typeof all,
  edit: readonly [file: string, from: string, to: string],
  says: RegExp,
])[] = [
  ["access tokens live for 240 minutes", ["lifetime.ts", "accessToken: { minutes: 240 }", "accessToken: { minutes: 60 }"], /60/],
  ["ID tokens live for 240 minutes", ["lifetime.ts", "idToken: { minutes: 240 }", "idToken: { minutes: 61 }"], /61/],
  ["refresh tokens are exchanged, not kept", ["client.ts", "args.refreshTokenRotation = {", "void {"], /refreshTokenRotation/],
  ["the web client has no secret and takes the code flow only", ["client.ts", '["code"]', '["code", "implicit"]'], /implicit/],
  ["a refresh token lives for 30 days", ["lifetime.ts", "refreshToken: { days: 30 }", "refreshToken: { days: 365 }"], /365/],
  [
    "signing in does not tell who is a user",
    ["client.ts", 'args.preventUserExistenceErrors = "ENABLED";', ""],
    /preventUserExistenceErrors/,
  ],
  ["passwords have 12 characters at least", ["identity.ts", "minimumLength: 12", "minimumLength: 6"], /6/],
  ["users can have a second factor, by an app", ["identity.ts", 'mfa: "optional"', 'mfa: "off"'], /OFF/],
  ["nobody signs themselves up", ["identity.ts", "allowAdminCreateUserOnly: true", "allowAdminCreateUserOnly: false"], /false/],
  ["$connect is let through by our authorizer", ["broker.ts", "{ auth: { lambda: authorizer.id } }", "{}"], /NONE/],
  [
    "the authorizer is asked about every handshake, however a client spells its headers",
    ["broker.ts", "[...identitySources]", '["route.request.header.Sec-WebSocket-Protocol"]'],
    /header\.Sec-WebSocket-Protocol/,
  ],
  [
    "frames are routed by their type, and only pings have a route of their own",
    ["broker.ts", "$request.body.type", "$request.body.kind"],
    /kind/,
  ],
  ["a ping runs no Lambda", ["broker.ts", '"MOCK"', '"AWS_PROXY"'], /AWS_PROXY/],
  ["the table frees space by the attribute the entities set", ["table.ts", "ttl: shape.ttl,", ""], /undefined/],
  ["the table can be put back to any second", ["table.ts", "{ enabled: true }", "{ enabled: false }"], /false/],
  ["the table's keys and indexes are those of the entities", ["table.ts", "rangeKey: range,", 'rangeKey: "pk",'], /gsi1pk pk/],
  ["no role may do everything", ["link.ts", "permitted.map(", '["*"].map('], /dynamodb:\*/],
  ["no role may act on everything", ["link.ts", "resources: [table.arn,", 'resources: ["*",'], /"\*"/],
  [
    "no role leans on a policy that is not written here, but the gateways' own",
    ["lambda.ts", "role.managedPolicyArns = []", 'role.managedPolicyArns = ["arn:aws:iam::aws:policy/AdministratorAccess"]'],
    /AdministratorAccess/,
  ],
  ["only Lambda takes on a Lambda's role", ["lambda.ts", "if (!$dev)", "if ($dev)"], /:root/],
  [
    "nobody but our gateways, and our schedules the sweeper and the presence checks, may call a Lambda",
    [
      "output.ts",
      "if (isProduction)",
      `new aws.lambda.Permission("Open", { action: "lambda:InvokeFunction", function: "any", principal: "*" });\nif (isProduction)`,
    ],
    /"\*"/,
  ],
  [
    "no Lambda has an address of its own",
    ["api-handler.ts", 'timeout: "10 seconds",', 'timeout: "10 seconds", url: true,'],
    /authorizationType/,
  ],
  [
    "the authorizer reaches nothing but its log",
    ["broker.ts", "link: [ticketKeys, shownAtEdge],", "link: [ticketKeys, shownAtEdge, broker],"],
    /ManageConnections/,
  ],
  [
    "only the API may sign users out, of its own pool, and do nothing else to them",
    ["api-handler.ts", '["cognito-idp:AdminUserGlobalSignOut"]', '["cognito-idp:AdminUserGlobalSignOut", "cognito-idp:AdminDeleteUser"]'],
    /AdminDeleteUser/,
  ],
  [
    "secrets reach a Lambda only encrypted",
    ["sweeper.ts", "retries: 0,", 'retries: 0, environment: { KEYS: (await import("./secret.ts")).ticketKeys.value },'],
    /true/,
  ],
  ["the API answers preflights itself", ["api.ts", "delete args.corsConfiguration;", ""], /corsConfiguration: {}/],
  ["tickets are given out a little slower than connections are let in", ["api.ts", "* limits.admission.share", ""], /500/],
  ["robots' and clients' tickets have routes of their own", ["api-handler.ts", '"POST /v1/tickets/robot"', '"GET /v1/tickets"'], /GET/],
  ["the broker throttles", ["broker.ts", "throttlingRateLimit: 2_000,", ""], /"throttlingBurstLimit":4000}/],
  ["the broker's access log cannot hold a ticket", ["broker.ts", '"identity.sourceIp"', '"authorizer.claims"'], /authorizer\.claims/],
  ["the API's access log cannot hold a ticket", ["api.ts", '"$context.path"', '"$context.authorizer.jwt"'], /authorizer\.jwt/],
  ["every log ends", ["lambda.ts", "retentionInDays: logRetention.days,", ""], /undefined/],
  ["the gateways' access logs end", ["broker.ts", "accessLog: { retention: logRetention.name },", ""], /30/],
  ["a Lambda's log holds our lines only", ["lambda.ts", 'systemLogLevel: "WARN",', ""], /"logFormat":"JSON","logGroup":"[^"]*"}/],
  ["Lambdas run Node 24 on arm64", ["lambda.ts", '"arm64"', '"x86_64"'], /x86_64/],
  ["the sweeper runs every minute", ["sweeper.ts", "rate(1 minute)", "rate(5 minutes)"], /rate\(5 minutes\)/],
  [
    "presence checks run by themselves, and do a round in each run",
    ["sweeper.ts", '"FiveMinutes", { schedule: "rate(5 minutes)"', '"FiveMinutes", { schedule: "rate(10 minutes)"'],
    /rate\(10 minutes\)/,
  ],
  ["the index of presence holds keys alone", ["table.ts", "projection: holds", 'projection: "all"'], /gsi3","ALL/],
  ["a run of the sweeper ends before the next", ["sweeper.ts", "55 seconds", "65 seconds"], /65/],
  ["a run of the sweeper is not tried again", ["sweeper.ts", "retries: 0,", "retries: 2,"], /2/],
  [
    "a run of the sweeper that did not begin within its minute is dropped",
    ["lambda.ts", "maximumEventAgeInSeconds = 60", "maximumEventAgeInSeconds = 61"],
    /61/,
  ],
  ["no Lambda runs on when its gateway has given up", ["broker.ts", "20 seconds", "31 seconds"], /31000/],
  ["production's table cannot be deleted", ["table.ts", "deletionProtection: isProduction,", ""], /true/],
  ["production's table outlives the deployment", ["table.ts", "retainOnDelete = isProduction", "retainOnDelete = false"], /false/],
  ["production's users cannot be deleted", ["identity.ts", '"ACTIVE"', '"INACTIVE"'], /INACTIVE/],
  ["production's users outlive the deployment", ["identity.ts", "options.retainOnDelete = isProduction", "void options"], /false/],
  ["production is not removed by mistake", ["../sst.config.ts", 'protect: stage === "production"', "protect: false"], /false/],
  [
    "production takes no page of a developer's machine",
    ["client.ts", '...(isProduction ? [] : ["http://localhost:5173/"])', '"http://localhost:5173/"'],
    /5173/,
  ],
  [
    "the console may run no script and no style but its own files'",
    ["../packages/console/src/serving.ts", "script-src 'self'", "script-src 'self' 'unsafe-inline'"],
    /unsafe-inline/,
  ],
  [
    "everything the console's address answers carries its security headers, over TLS alone",
    ["router.ts", "responseHeadersPolicyId: headers.id", "originRequestPolicyId: headers.id"],
    /"originRequestPolicyId":"ConsoleHeaders-id"/,
  ],
  [
    "the console calls its own stage's API, broker and user pool, and nothing else",
    ["headers.ts", "...calls]", '...calls, "https://elsewhere.example"]'],
    /elsewhere\.example/,
  ],
  [
    "the console is told its own stage's API, client and lifetimes",
    ["console.ts", "api: new URL(url).origin", 'api: "https://other.example"'],
    /other\.example/,
  ],
  [
    "people come back to the console when they signed in or out, and it may call the API",
    ["client.ts", "args.logoutUrls = urls;", ""],
    /null/,
  ],
  [
    "browsers keep the console's assets and ask for its page anew",
    ["console.ts", 'ignore: ".vite/**", cacheControl: caching.other', 'ignore: ".vite/**", cacheControl: caching.assets'],
    /config\.json|index\.html/,
  ],
  [
    "a path that is no file's is answered with the console's page",
    ["console.ts", "router: { instance: router },", 'router: { instance: router }, errorPage: "index.html",'],
    /404/,
  ],
  ["production's API answers at its domain alone", ["api.ts", "args.disableExecuteApiEndpoint = true", "void args"], /undefined/],
  [
    "an address that asks too often is refused before the API and the broker, for a while",
    ["edge.ts", "responseCode: 429", "responseCode: 403"],
    /403/,
  ],
  ["WAF stands before the API and the broker", ["edge.ts", "webAclArn: acl.arn,", ""], /undefined/],
  [
    "CloudFront shows the gateways the newest key, which stands in no state in the clear",
    ["edge.ts", 'const [first = ""] = keys', 'const [, first = ""] = keys'],
    /older-key/,
  ],
  [
    "CloudFront keeps nothing, and hands on every header but Host",
    ["edge.ts", "cachePolicyId: cachingDisabled", "cachePolicyId: allViewerExceptHostHeader"],
    /b689b0a8-[^}]*cachePolicyId|cachePolicyId[^}]*b689b0a8/,
  ],
  [
    "the gateways answer at hidden names alone",
    ["broker.ts", "if (setting.domain) args.disableExecuteApiEndpoint = true;", ""],
    /undefined/,
  ],
  [
    "the edge's keys reach the API and the authorizer only encrypted, and no other Lambda",
    ["broker.ts", 'timeout: "5 seconds",', 'timeout: "5 seconds", environment: { EDGE: shownAtEdge.properties.keys },'],
    /newest-key/,
  ],
  ["one sweeper at a time", ["sweeper.ts", "reserved: groups", "reserved: groups + 1"], /2/],
  ["every alarm reaches the topic", ["alarm.ts", "alarmActions: [alerts.arn],", ""], /undefined/],
  ["so does the end of every alarm", ["alarm.ts", "okActions: [alerts.arn],", "okActions: [],"], /\[\]/],
  ["who is to be told of alarms is told", ["alarm.ts", 'protocol: "email"', 'protocol: "sms"'], /sms/],
  ["a sweeper that does not run is noticed", ["alarm.ts", '"breaching"', '"notBreaching"'], /notBreaching/],
  [
    "throttles of the indexes are seen as well as the table's, and errors of every operation",
    ["alarm.ts", "if (row.acrossTable) return", "if (row.acrossTable && row.minutes === 0) return"],
    /undefined/,
  ],
  ["every Lambda's errors raise an alarm", ["alarm.ts", "[...lambdas].map(", "[...lambdas].slice(1).map("], /ApiHandler/],
  [
    "conflicts, dropped runs and used-up concurrency raise an alarm",
    ["alarm.ts", '"TransactionConflict"', '"ConditionalCheckFailedRequests"'],
    /ConditionalCheck/,
  ],
  ["a flood at the API or the broker raises an alarm", ["alarm.ts", 'metric: "ClientError"', 'metric: "ConnectCount"'], /ConnectCount/],
  [
    "alarms cost two dollars a month at most",
    [
      "alarm.ts",
      "  ...failingRows,",
      '  ...failingRows,\n  ...Object.fromEntries(Object.entries(failingRows).map(([name, row]) => [name + "Twice", row])),',
    ],
    /2\.\d/,
  ],
  [
    "the table and the sweeper's index take what they are set to from the first second",
    ["table.ts", "index.name === shape.due", 'index.name === "gsi1"'],
    /gsi2/,
  ],
  [
    "what every Lambda's log says of failures is counted",
    ["metric.ts", "for (const of of lambdas.keys())", "for (const of of [...lambdas.keys()].slice(1))"],
    /ApiHandler","[^"]*BrokerHandler"/,
  ],
  ["new connections are watched at four fifths of the quota", ["alarm.ts", "0.8 * 60 *", "60 *"], /500/],
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
    ["alarm.ts", "  RevocationSlow: {", "  RevocationLate: {"],
    /RevocationLate/,
  ],
];
