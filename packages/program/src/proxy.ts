import http from "node:http";
import https from "node:https";

export type Variables = { readonly [name: string]: string | undefined };

/** The variables, in either spelling, that name a proxy. */
const names = ["HTTPS_PROXY", "HTTP_PROXY", "https_proxy", "http_proxy"];

/** Sends this process's requests by way of the proxy that the environment names (HTTPS_PROXY, HTTP_PROXY, NO_PROXY), if it does. */
export function useProxy(variables: Variables): void {
  if (names.some((name) => variables[name])) http.setGlobalProxyFromEnv({ ...variables });
}

/**
 * The agent that the handshake of an encrypted WebSocket goes by: `ws` takes no global one. One that is not encrypted stays on this
 * machine and needs none; few proxies would pass it on.
 */
export function proxyAgent(url: string, variables: Variables): https.Agent | undefined {
  if (!url.startsWith("wss:") || !names.some((name) => variables[name])) return undefined;
  return new https.Agent({ proxyEnv: { ...variables } });
}
