import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checks } from "./check.ts";
import { productionChecks } from "./production.ts";
import { all, one, types } from "./reading.ts";
import { type Deployed, deploy, project, secrets } from "./stand-in/deploy.ts";

const stages: Record<string, Deployed> = {};
const of = (name: string): Deployed => {
  const deployed = stages[name];
  if (!deployed) throw new Error(`${name} was not deployed`);
  return deployed;
};

beforeAll(async () => {
  stages.production = await deploy({ stage: "production", env: { TETHER_ALERT_EMAIL: "ops@example.com" } });
  stages.mine = await deploy({ stage: "mine" });
  stages.external = await deploy({
    stage: "external",
    env: { TETHER_OIDC_ISSUER: "https://id.example.com", TETHER_OIDC_CLIENT_IDS: "one, two", TETHER_CORS_ORIGINS: "https://a.example" },
  });
}, 300_000);

afterAll(() => {
  for (const deployed of Object.values(stages)) deployed.remove();
});

test.each(Object.entries(checks))("on a personal stage, %s", (_, check) => check(of("mine").graph));

test.each(Object.entries(checks))("in production, %s", (_, check) => check(of("production").graph));

test.each(Object.entries(productionChecks))("%s", (_, check) => check(of("production").graph));

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
  expect(bundle("ApiHandler").links.ApiSettings).toMatchObject({ issuer: "https://id.example.com", clientIds: "one,two" });
  expect(bundle("ApiHandler").links.ApiSettings?.corsOrigins).toContain("https://a.example");
});

test("each Lambda is handed what it uses, and no more", () => {
  const { bundle } = of("mine");
  const linked = (name: string) => Object.keys(bundle(name).links).sort();
  expect(linked("Authorizer")).toEqual(["TicketKeys"]);
  expect(linked("BrokerHandler")).toEqual(["Broker", "ControlKeys", "IceServers", "Table", "TicketKeys"]);
  expect(linked("ApiHandler")).toEqual(["ApiSettings", "Broker", "IceServers", "Table", "TicketKeys"]);
  expect(linked("Sweeper")).toEqual(["Broker", "Table"]);
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
