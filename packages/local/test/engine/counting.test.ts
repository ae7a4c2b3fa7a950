import {
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { realClock } from "../../src/clock/real.ts";
import { createVirtualClock } from "../../src/clock/virtual.ts";
import { type Counting, createCounting } from "../../src/engine/counting.ts";
import { type Engine, startEngine } from "../../src/engine/engine.ts";
import { strike } from "../../src/engine/fate.ts";

const TableName = "counted";
const clock = createVirtualClock({ startAt: 0, idle: async () => {} });
let engine: Engine;
let counting: Counting;
let client: DynamoDBClient;

beforeAll(async () => {
  engine = await startEngine({ clock: realClock });
  counting = createCounting({ clock, target: engine.url });
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const { requestHandler } = counting;
  client = new DynamoDBClient({ endpoint: engine.url, requestHandler, region: "local", credentials, maxAttempts: 1 });
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
    }),
  );
});
afterAll(async () => {
  client.destroy();
  counting.stop();
  await engine.stop();
});
beforeEach(() => {
  counting.reset();
  counting.before(undefined);
});

const put = (pk: string) => client.send(new PutItemCommand({ TableName, Item: { pk: { S: pk } } }));
const get = async (pk: string) => (await client.send(new GetItemCommand({ TableName, Key: { pk: { S: pk } } }))).Item;
const transact = (...pks: string[]) =>
  client.send(new TransactWriteItemsCommand({ TransactItems: pks.map((pk) => ({ Put: { TableName, Item: { pk: { S: pk } } } })) }));

describe("what stands before the engine", () => {
  it("hands everything on and counts it by operation", async () => {
    await put("a");
    await transact("b", "c");
    await client.send(
      new QueryCommand({ TableName, KeyConditionExpression: "pk = :pk", ExpressionAttributeValues: { ":pk": { S: "a" } } }),
    );
    expect(await get("b")).toEqual({ pk: { S: "b" } });
    expect(counting.counts()).toEqual({ PutItem: 1, TransactWriteItems: 1, Query: 1, GetItem: 1 });
    counting.reset();
    expect(counting.counts()).toEqual({});
  });

  it("asks the hook with the operation and its body", async () => {
    const asked: unknown[] = [];
    counting.before((operation, body) => {
      asked.push([operation, body.TableName]);
      return "pass";
    });
    await put("a");
    expect(asked).toEqual([["PutItem", TableName]]);
  });
});

describe("a fault of the store", () => {
  it("throttles the operations it names, as often as it says", async () => {
    counting.before(strike("throttled", { operations: ["PutItem"], times: 2 }));
    expect(await get("nothing")).toBeUndefined();
    for (const pk of ["t1", "t2"]) await expect(put(pk)).rejects.toMatchObject({ name: "ProvisionedThroughputExceededException" });
    await put("t3");
    counting.before(undefined);
    expect([await get("t1"), await get("t3")]).toEqual([undefined, { pk: { S: "t3" } }]);
  });

  it("cancels a transaction by conflict, with a reason for each action", async () => {
    counting.before(strike("conflict", { operations: ["TransactWriteItems"] }));
    const error = await transact("x1", "x2").catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TransactionCanceledException);
    expect(error).toMatchObject({ CancellationReasons: [{ Code: "TransactionConflict" }, { Code: "TransactionConflict" }] });
    expect(await get("x1")).toBeUndefined();
    await transact("x1", "x2");
  });

  it("fails", async () => {
    counting.before(strike("failing"));
    await expect(put("f")).rejects.toMatchObject({ name: "InternalServerError", $metadata: { httpStatusCode: 500 } });
  });

  it("breaks off before the nth request, so that only those before it are done", async () => {
    counting.before(strike("cut", { nth: 2 }));
    await put("c1");
    await expect(put("c2")).rejects.toThrow();
    expect([await get("c1"), await get("c2")]).toEqual([{ pk: { S: "c1" } }, undefined]);
  });

  it("loses the answer to a request that was done", async () => {
    counting.before(strike("lose"));
    await expect(put("lost")).rejects.toThrow();
    expect(await get("lost")).toEqual({ pk: { S: "lost" } });
  });

  it("delays by the clock it was given", async () => {
    const asked = new Promise<void>((resolve) =>
      counting.before(() => {
        resolve();
        return { delayMs: 500 };
      }),
    );
    let done = false;
    const slow = put("slow").then(() => {
      done = true;
    });
    await asked;
    await clock.advance(499);
    expect(done).toBe(false);
    await clock.advance(1);
    await slow;
  });
});
