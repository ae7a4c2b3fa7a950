import { readFileSync } from "node:fs";
import { expect } from "vitest";
import { security } from "../../packages/console/src/serving.ts";
import { list, one, types } from "./reading.ts";
import type { Graph } from "./stand-in/graph.ts";

type Uploaded = { key: string; source: string; cacheControl: string; contentType: string };

/** The files that are put into the console's bucket: its build really made them. */
function uploads(graph: Graph): Uploaded[] {
  return list(one(graph, types.dynamic, "ConsoleAssetFiles.sst.aws.BucketFiles").inputs.files) as Uploaded[];
}

function fileOf(graph: Graph, key: string): Uploaded {
  const found = uploads(graph).find((file) => file.key === key);
  if (!found) throw new Error(`${key} is not uploaded.`);
  return found;
}

export const uploaded = (graph: Graph, key: string): string => readFileSync(fileOf(graph, key).source, "utf8");

export const uploadedType = (graph: Graph, key: string): string => fileOf(graph, key).contentType;

type Header<Fields = object> = Fields & { override: boolean };
type Headers = {
  securityHeadersConfig: {
    contentSecurityPolicy: Header<{ contentSecurityPolicy: string }>;
    contentTypeOptions: Header;
    referrerPolicy: Header<{ referrerPolicy: string }>;
    strictTransportSecurity: Header<{ accessControlMaxAgeSec: number }>;
  };
  customHeadersConfig: { items: Header<{ header: string; value: string }>[] };
};

const headersOf = (graph: Graph) => one(graph, types.headers).inputs as unknown as Headers;

/** The policy's directives by name. */
export function directivesOf(graph: Graph): Map<string, string[]> {
  const { contentSecurityPolicy } = headersOf(graph).securityHeadersConfig.contentSecurityPolicy;
  return new Map(contentSecurityPolicy.split("; ").map((part) => [part.split(" ")[0] ?? "", part.split(" ").slice(1)]));
}

const originOf = (url: unknown) => new URL(String(url)).origin;

/** The rules that must hold of the console on every stage with a user pool. Each throws if it does not, and mutation.test.ts breaks the line that makes it hold. */
export const siteChecks = {
  "the console may run no script and no style but its own files'"(graph) {
    const directives = directivesOf(graph);
    for (const name of ["script-src", "style-src"]) expect(directives.get(name), name).toEqual(["'self'"]);
    expect(directives.get("default-src")).toEqual(["'none'"]);
    expect([...directives.values()].flat().join(" ")).not.toMatch(/unsafe|\*|data:/);
    expect(uploaded(graph, "index.html").match(/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=/g)).toBeNull();
  },
  "everything the console's address answers carries its security headers, over TLS alone"(graph) {
    const { name } = one(graph, types.headers);
    const { defaultCacheBehavior, orderedCacheBehaviors } = one(graph, types.distribution, "RouterCdnDistribution").inputs;
    expect([defaultCacheBehavior, orderedCacheBehaviors]).toEqual([
      expect.objectContaining({ responseHeadersPolicyId: `${name}-id`, viewerProtocolPolicy: "redirect-to-https" }),
      undefined,
    ]);
    const { securityHeadersConfig, customHeadersConfig } = headersOf(graph);
    const custom = customHeadersConfig.items.map(({ header, value }) => [header, value]);
    const said = { ...Object.fromEntries(custom), "referrer-policy": securityHeadersConfig.referrerPolicy.referrerPolicy };
    expect({ ...said, "x-content-type-options": "nosniff" }).toEqual(security);
    for (const one of [...Object.values(securityHeadersConfig), ...customHeadersConfig.items]) expect(one.override).toBe(true);
    expect(securityHeadersConfig).toHaveProperty("contentTypeOptions");
    expect(securityHeadersConfig.strictTransportSecurity.accessControlMaxAgeSec).toBeGreaterThan(30_000_000);
  },
  "the console calls its own stage's API, broker and user pool, and nothing else"(graph) {
    const { api, broker, signIn } = graph.outputs;
    const pool = "https://cognito-idp.us-east-1.amazonaws.com";
    expect(directivesOf(graph).get("connect-src")?.sort()).toEqual(["'self'", ...[api, broker, signIn, pool].map(originOf)].sort());
  },
  "the console is told its own stage's API, client and lifetimes"(graph) {
    const { api, signIn } = graph.outputs;
    expect(JSON.parse(uploaded(graph, "config.json"))).toEqual({
      api: originOf(api),
      identity: {
        issuer: "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_UsersUserPool",
        clientId: `${one(graph, types.client).name}-id`,
        scope: "openid email profile",
        tokenMinutes: 240,
        logout: `${signIn}/logout`,
      },
    });
  },
  "people come back to the console when they signed in or out, and it may call the API"(graph) {
    const { console: url } = graph.outputs;
    const { callbackUrls, logoutUrls } = one(graph, types.client).inputs;
    const { corsOrigins } = one(graph, types.linkRef, "ApiSettingsLinkRef").inputs.properties as { corsOrigins: string };
    expect([callbackUrls, logoutUrls]).toEqual([expect.arrayContaining([`${url}/`]), expect.arrayContaining([`${url}/`])]);
    expect(corsOrigins.split(",")).toContain(url);
    const local = [list(callbackUrls), list(logoutUrls), corsOrigins].flat().filter((text) => String(text).includes("localhost:5173"));
    expect(local, "its development server").toHaveLength(graph.stage === "production" ? 0 : 3);
  },
  "browsers keep the console's assets and ask for its page anew"(graph) {
    const files = uploads(graph);
    const kept = files.filter(({ cacheControl }) => cacheControl.includes("immutable")).map(({ key }) => key);
    expect(kept.length).toBeGreaterThan(5);
    for (const key of kept) expect(key).toMatch(/^assets\/[\w-]+-[\w-]{8}\.\w+$/);
    const anew = files.filter(({ cacheControl }) => cacheControl === "no-store").map(({ key }) => key);
    expect(anew.filter((key) => !/^(problems|documents)\//.test(key)).sort()).toEqual(["config.json", "index.html"]);
    expect(kept.length + anew.length).toBe(files.length);
  },
  "a path that is no file's is answered with the console's page"(graph) {
    const { entries } = one(graph, types.dynamic, "ConsoleKvKeys.sst.aws.KvKeys").inputs as { entries: Record<string, string> };
    const metadata = JSON.parse(entries.metadata ?? "");
    expect([metadata.custom404, metadata.errorResponseCode]).toEqual(["/index.html", undefined]);
  },
} satisfies Record<string, (graph: Graph) => void>;
