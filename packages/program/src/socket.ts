import type { Platform } from "@tether/sdk/platform";
import type { SocketLike } from "@tether/sdk/robot";
import { WebSocket } from "ws";
import { proxyAgent, type Variables } from "./proxy.ts";

/** Opens WebSockets that can ping: a link that died without a word is noticed within 75 s. They go by way of the environment's proxy. */
export function createSocket(variables: Variables): Platform["socket"] {
  return (url, protocols) => {
    const agent = proxyAgent(url, variables);
    const ws = Object.assign(new WebSocket(url, [...protocols], agent && { agent }), { onpong: null as SocketLike["onpong"] });
    ws.on("pong", () => ws.onpong?.());
    // The SDK lets go of a socket that it gave up, and ws throws an error that nobody listens for.
    ws.on("error", () => {});
    return ws;
  };
}
