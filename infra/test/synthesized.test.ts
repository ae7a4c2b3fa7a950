import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { filtered, metrics } from "../../packages/aws/src/metric.ts";
import { makeKey, publicPart } from "../../release/key.ts";
import { writeSigned } from "../../release/signed.ts";
import { checks } from "./check.ts";
import { edgeChecks } from "./edge.ts";
import { production, productionChecks } from "./production.ts";
import { all, list, one, statementsOf, types } from "./reading.ts";
import { directivesOf, siteChecks, uploaded, uploadedType } from "./site.ts";
import { cellKeys, type Deployed, deploy, edgeKeys, project, secrets } from "./stand-in/deploy.ts";

const stages: Record<string, Deployed> = {};
const of = (name: string): Deployed => {
  const deployed = stages[name];
  if (!deployed) throw new Error(`${name} was not deployed`);
  return deployed;
};

const release = mkdtempSync(join(tmpdir(), "tether-release-"));
const releaseKey = makeKey(join(release, "key.pem"));

beforeAll(async () => {
  const program = "a program";
  const sha256 = createHash("sha256").update(program).digest("hex");
  writeFileSync(join(release, "program.tar.gz"), program);
  const file = { kind: "program", platform: "linux-x64", version: "1.0.0", name: "program.tar.gz", bytes: program.length, sha256 } as const;
  writeSigned(release, { version: "1.0.0", glibc: "2.34", keys: [publicPart(releaseKey)], files: [file] }, releaseKey);
  stages.production = await deploy(production);
  stages.mine = await deploy({ stage: "mine" });
  stages.external = await deploy({
    stage: "external",
    env: {
      TETHER_OIDC_ISSUER: "https://id.example.com/tenant",
      TETHER_OIDC_CLIENT_IDS: "one, two",
      TETHER_OIDC_GROUPS_CLAIM: "realm_access.roles",
      TETHER_OIDC_ADMINS_GROUP: "robot-admins",
      TETHER_OIDC_EMAIL_VERIFIED: "always",
      TETHER_OIDC_ORIGINS: "https://token.example.com",
      TETHER_CORS_ORIGINS: "https://a.example",
      TETHER_FRAME_ANCESTORS: "https://a.example, https://b.example",
      TETHER_DOMAIN: "example.com",
      TETHER_CONNECTS_PER_SECOND: "2000",
      TETHER_CELLS: "b=https://api.b.example.com",
      TETHER_LEASE_MINUTES: "60",
      TETHER_RELEASE: release,
    },
  });
});

afterAll(() => {
  for (const deployed of Object.values(stages)) deployed.remove();
  rmSync(release, { recursive: true });
});

const everywhere = { ...checks, ...siteChecks };

test.each(Object.entries(everywhere))("on a personal stage, %s", (_, check) => check(of("mine").graph));

test.each(Object.entries(everywhere))("in production, %s", (_, check) => check(of("production").graph));

test.each(Object.entries(productionChecks))("%s", (_, check) => check(of("production").graph));

test.each(Object.entries(edgeChecks))("%s", (_, check) => check(of("production").graph));

test("a personal stage costs nothing while idle and leaves nothing behind", () => {
  const { graph } = of("mine");
  expect([types.alarm, types.dashboard, types.filter].flatMap((type) => all(graph, type))).toEqual([]);
  const table = one(graph, types.table);
  expect([table.inputs.deletionProtectionEnabled, table.inputs.billingMode, table.retainOnDelete]).toEqual([
    false,
    "PAY_PER_REQUEST",
    false,
  ]);
  expect(one(graph, types.userPool).retainOnDelete).toBe(false);
});

test("an issuer of one's own takes the user pool's place", () => {
  const { graph, bundle } = of("external");
  expect([types.userPool, types.client].flatMap((type) => all(graph, type))).toEqual([]);
  expect(bundle("ApiHandler").links.ApiSettings).toMatchObject({ issuer: "https://id.example.com/tenant", clientIds: "one,two" });
  expect(bundle("ApiHandler").links.ApiSettings).toMatchObject({
    groupsClaim: "realm_access.roles",
    adminsGroup: "robot-admins",
    emailVerified: "always",
  });
  expect(bundle("ApiHandler").links.ApiSettings?.corsOrigins).toContain("https://a.example");
  // The sign-ins of a foreign issuer are not ours to end.
  expect(bundle("ApiHandler").links.ApiSettings?.userPoolId).toBe("");
  expect(JSON.stringify(statementsOf(one(graph, types.role, "ApiHandlerRole")))).not.toContain("cognito");
});

test("a stage with a release serves it beside the console, and names it to those who make a code; another stage does neither", () => {
  const { graph, bundle } = of("external");
  expect(bundle("ApiHandler").links.ApiSettings?.install).toBe("https://example.com/install/robot.sh");
  const script = uploaded(graph, "install/robot.sh");
  expect(script).toContain("base='https://example.com/install'\napi='https://api.example.com'");
  for (const name of ["program.tar.gz", "manifest.json"])
    expect(uploaded(graph, `install/${name}`)).toBe(readFileSync(join(release, name), "utf8"));
  expect(of("mine").bundle("ApiHandler").links.ApiSettings?.install).toBe("");
  expect(() => uploaded(of("mine").graph, "install/robot.sh")).toThrow("is not uploaded");
});

test("every stage serves what a robot in any language is written from, as text that a browser shows", () => {
  const { graph } = of("mine");
  const source = (path: string) => readFileSync(new URL(`../../packages/protocol/${path}`, import.meta.url), "utf8");
  for (const path of ["SPEC.md", "schema/to-broker.schema.json", "golden/to-broker/hello.good.json", "vectors/proof.json"])
    expect(uploaded(graph, `documents/${path}`)).toBe(source(path));
  expect(uploadedType(graph, "documents/driver.md")).toBe("text/plain; charset=utf-8");
  expect(uploaded(graph, "documents/index.html")).toContain('href="/documents/SPEC.md"');
});

test("the console is shown in a frame by the pages that are named, and by none unless told", () => {
  expect(directivesOf(of("external").graph).get("frame-ancestors")).toEqual(["https://a.example", "https://b.example"]);
  expect(directivesOf(of("production").graph).get("frame-ancestors")).toEqual(["'none'"]);
});

test("the console signs in at an issuer of one's own, as the first of its clients", () => {
  const { graph } = of("external");
  expect(JSON.parse(uploaded(graph, "config.json")).identity).toEqual({
    issuer: "https://id.example.com/tenant",
    clientId: "one",
    scope: "openid email profile",
    admins: "robot-admins",
    groups: "realm_access.roles",
  });
  expect(directivesOf(graph).get("connect-src")).toEqual(expect.arrayContaining(["https://id.example.com", "https://token.example.com"]));
});

test("with a domain the console, the API and the broker have their places under it", () => {
  expect(of("production").graph.outputs).toMatchObject({
    console: "https://tether.example",
    api: "https://api.tether.example",
    broker: "wss://broker.tether.example",
  });
});

test("a domain of one's own is what robots' assertions name, where tickets lead, and whose pages may call", () => {
  const { graph, bundle } = of("external");
  const names = all(graph, types.domain).map(({ inputs }) => inputs.domainName);
  expect(names.sort()).toEqual(["api.example.com", "broker.example.com"]);
  const { origin, brokerUrl, corsOrigins } = bundle("ApiHandler").links.ApiSettings ?? {};
  expect([origin, brokerUrl]).toEqual(["https://api.example.com", "wss://broker.example.com"]);
  expect(String(corsOrigins).split(",")).toContain("https://example.com");
});

test("without an edge the gateways have their domains alone, and the broker is commanded there", () => {
  const { graph, bundle } = of("external");
  for (const name of ["ApiApi", "BrokerApi"])
    expect(String(one(graph, types.gateway, name).inputs.disableExecuteApiEndpoint), name).toBe("true");
  expect(bundle("BrokerHandler").links.Broker?.managementEndpoint).toBe("https://broker.example.com");
  expect([bundle("ApiHandler").links.Edge, all(graph, types.acl)]).toEqual([{ keys: "", type: "sst.sst.Linkable" }, []]);
});

test("behind the edge the broker is commanded past it, and ends are told the edge's addresses", () => {
  const { bundle } = of("production");
  expect(bundle("BrokerHandler").links.Broker?.managementEndpoint).toBe("https://BrokerApi-id.origin.tether.example");
  const { origin, brokerUrl } = bundle("ApiHandler").links.ApiSettings ?? {};
  expect([origin, brokerUrl]).toEqual(["https://api.tether.example", "wss://broker.tether.example"]);
  for (const name of ["ApiHandler", "Authorizer"]) expect(bundle(name).links.Edge?.keys, name).toBe(edgeKeys);
});

test("the edge stands without a domain as well, at addresses of CloudFront's, and before a cell whose ends sign for home", async () => {
  const env = { TETHER_EDGE: "yes", TETHER_REQUESTS_PER_MINUTE: "500", TETHER_HOME: "https://api.example.com" };
  const { graph, bundle, remove } = await deploy({ stage: "edged", env });
  const { ApiSettings, Cells } = bundle("ApiHandler").links;
  expect([ApiSettings?.origin, Cells]).toMatchObject(["https://api.example.com", { origins: "", home: env.TETHER_HOME, keys: cellKeys }]);
  expect(bundle("Sweeper").links.Cells).toEqual(Cells);
  expect(bundle("Sweeper").links.PublicApi?.origin).toBe("https://apiedgedistribution.cloudfront.net");
  expect(graph.outputs).toMatchObject({
    api: "https://apiedgedistribution.cloudfront.net",
    broker: "wss://brokeredgedistribution.cloudfront.net/$default",
    edge: "on: 500 requests a minute from one address",
  });
  const [origin] = list(one(graph, types.distribution, "BrokerEdgeDistribution").inputs.origins) as { domainName: string }[];
  // A host in a URL is in small letters.
  expect(origin?.domainName).toBe("brokerapi-id.execute-api.us-east-1.amazonaws.com");
  remove();
});

test("production says loudly that it has no edge", async () => {
  const { graph, remove } = await deploy({ ...production, env: { ...production.env, TETHER_EDGE: "no" } });
  expect(graph.outputs.edge).toMatch(/^OFF\..*TETHER_EDGE=yes/);
  expect(all(graph, types.acl)).toEqual([]);
  remove();
});

test("where the account lets more connections in, more tickets are given out, and a home cell gives those of each cell", () => {
  const { graph, bundle } = of("external");
  const { inputs } = one(graph, types.stage, "ApiStage");
  expect(inputs.defaultRouteSettings).toEqual({ throttlingRateLimit: 3_600, throttlingBurstLimit: 3_600 });
  expect(bundle("ApiHandler").links.Cells).toMatchObject({ origins: "b=https://api.b.example.com", home: "", keys: cellKeys });
  expect(of("production").bundle("ApiHandler").links.Cells).toMatchObject({ origins: "", home: "", keys: "" });
});

test("where more connections are let in, the sweeper's index has more partitions, and each part of them its own run", () => {
  const { graph, bundle } = of("external");
  for (const name of ["ApiHandler", "BrokerHandler", "Sweeper"]) expect(bundle(name).links.Table?.shards, name).toBe(16);
  const parts = all(graph, types.target).map(({ inputs }) => String(inputs.input));
  expect(parts.sort()).toEqual(['{"group":0,"groups":2}', '{"group":1,"groups":2}', "{}"]);
  expect(of("production").bundle("ApiHandler").links.Table?.shards).toBe(4);
});

test("docs/operating.md explains every metric of ours", () => {
  const text = readFileSync(join(project, "docs/operating.md"), "utf8");
  const explained = new Set([...text.matchAll(/^\| `([\w.<>]+)` \|/gm)].map(([, name = ""]) => name));
  const families = [...Object.keys(metrics), ...Object.keys(filtered)].map((name) => name.replace(/^(Away|Ended)\..*/, "$1.<cause>"));
  expect([...new Set(families)].sort()).toEqual([...explained].sort());
});

test("metrics are counted in production, under its own name, and nowhere else", () => {
  const namespaceOf = (stage: string) => of(stage).bundle("BrokerHandler").links.Metrics?.namespace;
  expect([namespaceOf("production"), namespaceOf("mine")]).toEqual(["tether/production", ""]);
});

test("leases last for four hours, or as long as they are set to", () => {
  const leaseOf = (stage: string) => of(stage).bundle("ApiHandler").links.ApiSettings?.leaseMs;
  expect([leaseOf("production"), leaseOf("external")]).toEqual([4 * 3_600_000, 3_600_000]);
});

test("each Lambda is handed what it uses, and no more", () => {
  const { bundle } = of("mine");
  const linked = (name: string) => Object.keys(bundle(name).links).sort();
  expect(linked("Authorizer")).toEqual(["Edge", "TicketKeys"]);
  expect(linked("BrokerHandler")).toEqual(["Broker", "ControlKeys", "IceServers", "Metrics", "Table", "TicketKeys"]);
  expect(linked("ApiHandler")).toEqual(["ApiSettings", "Broker", "Cells", "Edge", "IceServers", "Metrics", "Table", "TicketKeys"]);
  for (const name of ["Sweeper", "Presence"]) expect(linked(name), name).toEqual(["Broker", "Cells", "Metrics", "PublicApi", "Table"]);
  expect(bundle("Authorizer").links.TicketKeys?.value).toBe(secrets.TicketKeys);
});

test.each([
  ["Authorizer", 30],
  ["BrokerHandler", 700],
])("%s is uploaded as one file of at most %d KB", (name, kilobytes) => {
  const { dir } = of("mine").bundle(name);
  expect(readdirSync(dir).sort()).toEqual(["bundle.cjs", "resource.enc"]);
  expect(statSync(join(dir, "bundle.cjs")).size / 1024).toBeLessThanOrEqual(kilobytes);
});

test("the committed sst-env.d.ts is what SST writes", () => {
  expect(readFileSync(join(project, "sst-env.d.ts"), "utf8")).toBe(of("mine").types);
});
