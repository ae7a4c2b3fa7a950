import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { createDynamo } from "@tether/aws/dynamo";
import { createOutbox } from "@tether/aws/outbox";
import { createUserPool } from "@tether/aws/user-pool";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

const account = { region: "us-east-1", credentials: { accessKeyId: "a", secretAccessKey: "a" } };

let asked: number;
let heard: () => void;
const server = createServer(() => {
  asked++;
  heard();
});

beforeEach(async () => {
  asked = 0;
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});

afterEach(async () => {
  vi.useRealTimers();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function silentEndpoint(): string {
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
}

const requests: Record<string, (endpoint: string) => Promise<unknown>> = {
  "the table": (endpoint) =>
    createDynamo({ ...account, endpoint, maxAttempts: 1 })
      .send(new GetCommand({ TableName: "t", Key: { pk: "a" } }))
      .catch(() => "failed"),
  "the gateway": (endpoint) => createOutbox({ ...account, endpoint, maxAttempts: 1 }).probe("c"),
  "the user pool": (endpoint) =>
    createUserPool({ ...account, endpoint, maxAttempts: 1 }, { userPoolId: "us-east-1_a", log: () => undefined }).end("sub"),
};

test.each(Object.entries(requests))("a request of %s that is never answered fails within 3 s", async (_, ask) => {
  const reached = new Promise<void>((resolve) => {
    heard = resolve;
  });
  let outcome: unknown = "waiting";
  const over = ask(silentEndpoint()).then((value) => {
    outcome = value;
  });
  await reached;
  expect([asked, outcome]).toEqual([1, "waiting"]);
  await vi.advanceTimersByTimeAsync(3_000);
  await over;
  expect(outcome).toBe("failed");
});

test("no client of AWS's is made without the time-outs", () => {
  const root = join(import.meta.dirname, "../..");
  const sources = ["aws", "core", "api", "broker"].flatMap((name) =>
    readdirSync(join(root, name, "src"), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8")),
  );
  const making = sources.filter((source) => /new \w+Client\(/.test(source));
  expect(making).toHaveLength(3);
  for (const source of making) expect(source).toMatch(/new \w+Client\(\{[^}]*\brequestHandler, \.\.\.config \}\)/);
});
