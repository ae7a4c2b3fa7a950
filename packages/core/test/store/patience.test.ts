import { BatchGetCommand, type DynamoDBDocumentClient, PutCommand, TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import { expect, test } from "vitest";
import { patient } from "../../src/store/patience.ts";

type Sent = { readonly constructor: unknown; readonly input: object };

/** A client that answers each request with the next of `answers`, the last one for ever; an Error is thrown. */
function createClient(answers: readonly object[], random = () => 1) {
  const sent: Sent[] = [];
  const waits: number[] = [];
  const send = async (command: Sent) => {
    const answer = answers[Math.min(sent.push(command), answers.length) - 1];
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const pause = async (ms: number) => void waits.push(ms);
  const client = patient({ send } as object as DynamoDBDocumentClient, { pause, random });
  return { client, sent, waits };
}

const put = () => new PutCommand({ TableName: "t", Item: { pk: "a" } });
const get = (...keys: string[]) => new BatchGetCommand({ RequestItems: { t: { Keys: keys.map((pk) => ({ pk })), ConsistentRead: true } } });
const thrown = (name: string, more: object = {}) => Object.assign(new Error(name), { name, ...more });
const canceled = (...codes: string[]) => thrown("TransactionCanceledException", { CancellationReasons: codes.map((Code) => ({ Code })) });

test("a write that meets a transaction is sent again, after waits that grow from 5 to 400 ms", async () => {
  const conflict = thrown("TransactionConflictException");
  const { client, sent, waits } = createClient([...Array(8).fill(conflict), { done: true }]);
  expect(await client.send(put())).toEqual({ done: true });
  expect(sent.map((command) => [command.constructor, command.input])).toEqual(Array(9).fill([PutCommand, put().input]));
  expect(new Set(sent).size).toBe(9);
  expect(waits).toEqual([10, 20, 40, 80, 160, 320, 400, 400]);
});

test("a transaction is sent again where one of its items is in use, whatever its other parts met", async () => {
  const { client, sent } = createClient([canceled("ConditionalCheckFailed", "TransactionConflict"), { done: true }]);
  expect(await client.send(put())).toEqual({ done: true });
  expect(sent).toHaveLength(2);
});

test("a transaction has one token for all times that it is sent, and each transaction another", async () => {
  const conflict = canceled("TransactionConflict");
  const chances = [0.125, 0.25, 0.5, 0.375, 0.625, 0.75].values();
  const { client, sent } = createClient([conflict, { done: true }, conflict, { done: true }], () => chances.next().value ?? 0);
  const transaction = () => new TransactWriteCommand({ TransactItems: [{ Put: { TableName: "t", Item: { pk: "a" } } }] });
  await client.send(transaction());
  await client.send(transaction());
  const tokens = sent.map(({ input }) => (input as { ClientRequestToken?: string }).ClientRequestToken);
  expect(tokens).toEqual(["0125025", "0125025", "03750625", "03750625"]);
  const own = new TransactWriteCommand({ TransactItems: [], ClientRequestToken: "own" });
  await client.send(own);
  expect(sent.at(-1)).toBe(own);
});

test("an item that is in use all the time is a failure of the store's, and says nothing of the item", async () => {
  const { client, sent } = createClient([canceled("TransactionConflict")]);
  await expect(client.send(put())).rejects.toMatchObject({ code: "contended" });
  expect(sent).toHaveLength(11);
});

for (const error of [canceled("ConditionalCheckFailed"), canceled("ThrottlingError"), thrown("ConditionalCheckFailedException")])
  test(`what is no conflict is not tried again: ${error.name} ${JSON.stringify(error)}`, async () => {
    const { client, sent } = createClient([error]);
    await expect(client.send(put())).rejects.toBe(error);
    expect(sent).toHaveLength(1);
  });

test("what a batch leaves unprocessed is asked for again, in the same way, and joined", async () => {
  const left = { t: { Keys: [{ pk: "b" }], ConsistentRead: true } };
  const { client, sent, waits } = createClient([
    { Responses: { t: [{ pk: "a" }] }, UnprocessedKeys: left },
    { Responses: { t: [{ pk: "b" }] }, UnprocessedKeys: {} },
  ]);
  expect(await client.send(get("a", "b"))).toEqual({ Responses: { t: [{ pk: "a" }, { pk: "b" }] }, UnprocessedKeys: {} });
  expect(sent.map(({ input }) => input)).toEqual([get("a", "b").input, { RequestItems: left }]);
  expect(waits).toEqual([10]);
});

test("writes of a batch that stay unprocessed are a failure of the store's, not items that are written", async () => {
  const { client, sent } = createClient([{ UnprocessedItems: { t: [{ DeleteRequest: { Key: { pk: "a" } } }] } }]);
  await expect(client.send(put())).rejects.toMatchObject({ code: "throttled" });
  expect(sent).toHaveLength(7);
});
