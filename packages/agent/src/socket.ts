import type { Platform, SocketLike } from "@tether/sdk/robot";
import { WebSocket } from "ws";

/** A WebSocket that can ping: a link that died without a word is noticed within 75 s. */
export const socket: Platform["socket"] = (url, protocols) => {
  const ws = Object.assign(new WebSocket(url, [...protocols]), { onpong: null as SocketLike["onpong"] });
  ws.on("pong", () => ws.onpong?.());
  // The SDK lets go of a socket that it gave up, and ws throws an error that nobody listens for.
  ws.on("error", () => {});
  return ws;
};
