import { asking } from "@tether/sdk/connection/silence";
import type { Page, Request, WebSocket } from "playwright-core";

/** Frames after which an end waits to hear something: those of the answer watch, and the greeting. */
const awaits = new Set<unknown>(["hello", ...asking]);

/** Counts what a page asked of the system that is not answered yet: requests, and sockets on which something is waited for. */
export function watchUnanswered(page: Page): () => number {
  const waiting = new Set<Request | WebSocket>();
  const done = (what: Request | WebSocket) => void waiting.delete(what);
  page.on("request", (request) => {
    // Requests of a document that is left are never answered.
    if (request.isNavigationRequest() && request.frame() === page.mainFrame()) waiting.clear();
    if (request.resourceType() === "fetch") waiting.add(request);
  });
  page.on("requestfinished", done);
  page.on("requestfailed", done);
  page.on("websocket", (socket) => {
    waiting.add(socket);
    socket.on("framesent", ({ payload }) => awaits.has(JSON.parse(String(payload)).type) && waiting.add(socket));
    socket.on("framereceived", () => done(socket));
    socket.on("socketerror", () => done(socket));
    socket.on("close", () => done(socket));
  });
  return () => waiting.size;
}
