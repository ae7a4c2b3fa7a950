import { createServer, type ServerResponse } from "node:http";
import { afterEach, beforeEach, expect, it } from "vitest";
import { trackedFetch } from "../../src/clock/fetch.ts";
import { createQuiet } from "../../src/clock/quiet.ts";
import { nextTurn, realClock } from "../../src/clock/real.ts";

const waiting: ((response: ServerResponse) => void)[] = [];
const server = createServer((_request, response) => waiting.shift()?.(response));
let url = "";

beforeEach(async () => {
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  url = typeof address === "object" && address ? `http://127.0.0.1:${address.port}/v1/health?secret=1` : "";
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const arrived = () => new Promise<ServerResponse>((resolve) => waiting.push(resolve));

it("is under way until the whole body is here, and hands it on", async () => {
  const quiet = createQuiet({ clock: realClock, turn: nextTurn });
  const request = arrived();
  const answer = trackedFetch(quiet, fetch)(url, { method: "PUT", body: "x" });
  const response = await request;
  response.writeHead(207, { "x-a": "b" });
  response.write("half ");
  await nextTurn();
  expect(quiet.open()).toEqual(["PUT /v1/health"]);
  response.end("and half");
  await quiet.idle();
  const got = await answer;
  expect([got.status, got.headers.get("x-a"), await got.text()]).toEqual([207, "b", "half and half"]);
});

it("hands on an answer that can have no body", async () => {
  const quiet = createQuiet({ clock: realClock, turn: nextTurn });
  const request = arrived();
  const answer = trackedFetch(quiet, fetch)(url);
  (await request).writeHead(204).end();
  expect((await answer).status).toBe(204);
});

it("is over when it fails", async () => {
  const quiet = createQuiet({ clock: realClock, turn: nextTurn });
  const request = arrived();
  const answer = trackedFetch(quiet, fetch)(url);
  (await request).destroy();
  await expect(answer).rejects.toThrow();
  expect(quiet.open()).toEqual([]);
});
