import { lookup } from "node:dns/promises";
import http from "node:http";
import https from "node:https";
import { isIP } from "node:net";
import { TLSSocket } from "node:tls";
import { proxyOf, type Variables } from "./proxy.ts";

/** The certificate of a server and its clock, before anything was asked of it. Instants in ms since the Unix epoch. */
export type Server = {
  /** Undefined where the connection is not encrypted. */
  readonly certificate?: { readonly from: number; readonly until: number; readonly issuer: string } | undefined;
  /** The `Date` of its answer; undefined where it sent none. */
  readonly date?: number | undefined;
};

/** The steps of a request, each for itself. All reject with Node's error, for `whyUnreachable`. */
export type Reach = {
  /** Whether requests to an address go by way of a proxy. */
  isProxied(url: string): boolean;
  /** The addresses of a name; a name that is an address already has only itself. */
  resolve(host: string): Promise<readonly string[]>;
  /** Has the environment's proxy connect to the address's host. Answers the status that the proxy gave; undefined: there is no proxy for it. */
  tunnel(url: string): Promise<number | undefined>;
  /** Connects to the server of an address and asks for its root, without any secret. `unverified`: whatever its certificate is. */
  greet(url: string, how: { readonly unverified: boolean }): Promise<Server>;
};

/** A step that takes longer than this, in ms, has failed. */
const patienceMs = 10_000;

export function createReach(variables: Variables): Reach {
  return {
    isProxied: (url) => proxyOf(variables, url) !== undefined,
    async resolve(host) {
      const name = host.replace(/^\[|\]$/g, "");
      return isIP(name) ? [name] : (await lookup(name, { all: true })).map(({ address }) => address);
    },
    async tunnel(url) {
      const proxy = proxyOf(variables, url);
      return proxy === undefined ? undefined : statusOf(new URL(proxy), new URL(url));
    },
    greet: (url, { unverified }) => greet(variables, new URL("/", url), unverified),
  };
}

/** RFC 9110 §9.3.6. The tunnel is closed as soon as it stands. */
function statusOf(proxy: URL, { hostname, port, protocol }: URL): Promise<number> {
  const path = `${hostname}:${port || (protocol === "https:" ? 443 : 80)}`;
  const user = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  const headers = { host: path, ...(user !== ":" && { "proxy-authorization": `Basic ${Buffer.from(user).toString("base64")}` }) };
  const { request } = proxy.protocol === "https:" ? https : http;
  return new Promise((resolve, reject) => {
    const asked = request({ method: "CONNECT", host: proxy.hostname, port: proxy.port, path, headers, agent: false, timeout: patienceMs });
    asked.once("connect", ({ statusCode = 0 }, socket) => {
      socket.destroy();
      resolve(statusCode);
    });
    asked.once("timeout", () => asked.destroy(timedOut()));
    asked.once("error", reject);
    asked.end();
  });
}

function greet(variables: Variables, url: URL, unverified: boolean): Promise<Server> {
  const isEncrypted = url.protocol === "https:";
  const agent = isEncrypted
    ? new https.Agent({ proxyEnv: { ...variables }, rejectUnauthorized: !unverified })
    : new http.Agent({ proxyEnv: { ...variables } });
  return new Promise((resolve, reject) => {
    const asked = (isEncrypted ? https : http).request(url, { method: "HEAD", agent, timeout: patienceMs }, (answer) => {
      const date = Date.parse(answer.headers.date ?? "");
      resolve({ certificate: certificateOf(answer.socket), date: Number.isFinite(date) ? date : undefined });
      answer.resume();
      asked.destroy();
    });
    asked.once("timeout", () => asked.destroy(timedOut()));
    asked.once("error", reject);
    asked.once("close", () => agent.destroy());
    asked.end();
  });
}

function certificateOf(socket: unknown): Server["certificate"] {
  if (!(socket instanceof TLSSocket)) return undefined;
  const { valid_from, valid_to, issuer } = socket.getPeerCertificate();
  return {
    from: Date.parse(valid_from),
    until: Date.parse(valid_to),
    issuer: String(issuer.O ?? issuer.CN ?? "an authority without a name"),
  };
}

function timedOut(): Error {
  return Object.assign(new Error("No answer came in time."), { code: "ETIMEDOUT" });
}
