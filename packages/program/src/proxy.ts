import http from "node:http";
import https from "node:https";

export type Variables = { readonly [name: string]: string | undefined };

/** The variables, in either spelling, that name a proxy. */
const names = ["HTTPS_PROXY", "HTTP_PROXY", "https_proxy", "http_proxy"];

/**
 * Sends this process's requests by way of the proxy that the environment names (HTTPS_PROXY, HTTP_PROXY, NO_PROXY), if it does. Node before 24.14
 * cannot: then `warn` is told so. Returns the environment as it is followed, without a proxy that is not.
 */
export function useProxy(variables: Variables, warn: (line: string) => void): Variables {
  const [named] = names.filter((name) => variables[name]);
  if (named === undefined) return variables;
  if (typeof http.setGlobalProxyFromEnv === "function") {
    http.setGlobalProxyFromEnv({ ...variables });
    return variables;
  }
  warn(
    `${named} is not followed, because Node ${process.versions.node} sends nothing by way of a proxy; Node 24.14 and newer do. Everything goes straight to the service.`,
  );
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !names.includes(name)));
}

/** Whether requests to an address go by way of a proxy, so that a failure is the proxy's and not the address's. */
export function isProxied(variables: Variables, address: string): boolean {
  return proxyOf(variables, address) !== undefined;
}

/** The proxy by which requests to an address go, as the environment names it; undefined: none. */
export function proxyOf(variables: Variables, address: string): string | undefined {
  const { protocol, hostname, port } = new URL(address);
  const scheme = protocol === "https:" || protocol === "wss:" ? "https" : "http";
  const proxy = variables[`${scheme}_proxy`] || variables[`${scheme.toUpperCase()}_PROXY`];
  if (!proxy) return undefined;
  const host = hostname.replace(/^\[|\]$/g, "");
  const exempt = (variables.no_proxy ?? variables.NO_PROXY ?? "").split(/[\s,]+/).filter((entry) => entry !== "");
  const isExempt = exempt.some((entry) => {
    const [, name = entry, only] = /^(.+?)(?::(\d+))?$/.exec(entry) ?? [];
    if (only !== undefined && only !== (port || (scheme === "https" ? "443" : "80"))) return false;
    const domain = name.toLowerCase().replace(/^\*/, "");
    return domain === "" || domain === host || (domain.startsWith(".") && (host.endsWith(domain) || host === domain.slice(1)));
  });
  return isExempt ? undefined : proxy;
}

/**
 * The agent that the handshake of an encrypted WebSocket goes by: `ws` takes no global one. One that is not encrypted stays on this
 * machine and needs none; few proxies would pass it on.
 */
export function proxyAgent(url: string, variables: Variables): https.Agent | undefined {
  if (!url.startsWith("wss:") || !names.some((name) => variables[name])) return undefined;
  return new https.Agent({ proxyEnv: { ...variables } });
}
