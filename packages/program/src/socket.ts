import { type Platform, platform } from "@tether/sdk/platform";
import type { SocketLike } from "@tether/sdk/robot";
import { WebSocket } from "ws";
import { whyUnreachable } from "./network.ts";
import { isProxied, proxyAgent, type Variables } from "./proxy.ts";

/**
 * Opens WebSockets that can ping: a link that died without a word is noticed within 75 s. They go by way of the environment's proxy. The
 * error of one that does not open bears its `reason`.
 */
export function createSocket(variables: Variables, { clock }: Pick<Platform, "clock"> = platform): Platform["socket"] {
  return (url, protocols) => {
    const agent = proxyAgent(url, variables);
    const ws = Object.assign(new WebSocket(url, [...protocols], agent && { agent }), { onpong: null as SocketLike["onpong"] });
    ws.on("pong", () => ws.onpong?.());
    // This handler comes before the SDK's own, and stays where the SDK has let go of the socket: ws throws an error that nobody listens for.
    ws.on("error", (error) => {
      Object.assign(error, { reason: whyUnreachable(error, { url, now: clock.now(), proxied: isProxied(variables, url) }) });
    });
    return ws;
  };
}
