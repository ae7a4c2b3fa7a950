import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { createOutbox } from "../src/outbox.ts";

const credentials = { accessKeyId: "a", secretAccessKey: "b" };

/** A gateway whose every answer is this; a status of 0 breaks the connection. */
async function outboxAt(status: number, onFailed?: (error: string) => void) {
  const server = createServer((request, response) => {
    request.resume();
    if (status === 0) request.socket.destroy();
    else response.writeHead(status, { "content-type": "application/json" }).end("{}");
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  server.unref();
  const { port } = server.address() as AddressInfo;
  return createOutbox(
    { region: "local", credentials, endpoint: `http://127.0.0.1:${port}/x`, maxAttempts: 1 },
    onFailed ? { onFailed } : {},
  );
}

test.each([
  [410, "gone"],
  [429, "failed"],
  [403, "failed"],
  [404, "failed"],
  [500, "failed"],
  [503, "failed"],
  [0, "failed"],
] as const)(
  "an answer of %i to a post, a probe or a close means %s: only 410 says that there is no connection",
  async (status, outcome) => {
    const outbox = await outboxAt(status);
    expect(await outbox.post("c=", { type: "monitor.ended" })).toBe(outcome);
    expect(await outbox.probe("c=")).toBe(outcome);
    expect(await outbox.close("c=")).toBe(outcome === "gone" ? "closed" : "failed");
  },
);

test("a gateway that nobody listens at says nothing about a connection", async () => {
  const outbox = createOutbox({ region: "local", credentials, endpoint: "http://127.0.0.1:1/x", maxAttempts: 1 });
  const answers = [await outbox.post("c=", { type: "monitor.ended" }), await outbox.probe("c="), await outbox.close("c=")];
  expect(answers).toEqual(["failed", "failed", "failed"]);
});

test("what failed at the gateway is named, so that a missing permission can be told from a throttle; a connection that is gone did not fail", async () => {
  const names: string[] = [];
  const forbidden = await outboxAt(403, (name) => names.push(name));
  await forbidden.post("c=", { type: "monitor.ended" });
  await forbidden.probe("c=");
  await forbidden.close("c=");
  expect(names).toEqual([expect.any(String), expect.any(String), expect.any(String)]);
  const gone = await outboxAt(410, (name) => names.push(name));
  await gone.post("c=", { type: "monitor.ended" });
  expect(names).toHaveLength(3);
});
