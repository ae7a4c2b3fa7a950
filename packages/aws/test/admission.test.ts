import { createServer } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import { createWorld } from "../../local/test/world/world.ts";
import { createAdmission } from "../src/admission.ts";

async function serving(status: number): Promise<{ origin: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(status).end("{}");
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  return { origin: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`, asked };
}

test.each([
  ["its own refusal of an empty request", 422, true],
  ["the throttle's", 429, false],
  ["the gateway's, where its Lambda failed", 500, false],
  ["the gateway's, where its Lambda did not answer", 503, false],
  ["the edge's", 403, false],
])("tickets are given where the answer is %s: %i", async (_, status, gives) => {
  const { origin, asked } = await serving(status);
  expect(await createAdmission(origin)()).toBe(gives);
  expect(asked).toEqual(["POST /v1/tickets/robot"]);
});

test("where nothing answers no tickets are given", async () => {
  expect(await createAdmission("http://127.0.0.1:9")()).toBe(false);
});

test("the API itself answers as one that gives tickets, until its throttle refuses all [L5.1]", async () => {
  const { system } = await createWorld();
  const admits = createAdmission(system.origin);
  expect(await admits()).toBe(true);
  system.throttle.shut(true);
  expect(await admits()).toBe(false);
  system.throttle.shut(false);
  expect(await admits()).toBe(true);
});
