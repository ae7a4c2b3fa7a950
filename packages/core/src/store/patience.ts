import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";

/** How the store waits: for some milliseconds, of which chance in [0, 1) decides a part. */
export type Pacing = { readonly pause: (ms: number) => Promise<void>; readonly random: () => number };

type Table = { readonly [name: string]: unknown };
type Answer = {
  readonly Responses?: { readonly [table: string]: readonly unknown[] };
  readonly UnprocessedKeys?: Table;
  readonly UnprocessedItems?: Table;
};
type Command = { readonly input: { readonly RequestItems?: Table } };
type Send = (command: Command, ...more: unknown[]) => Promise<Answer>;

/** A request that meets more conflicts in a row than this is given up: at 5 to 50 ms each they are about half a second. */
const conflicts = 20;

/** DynamoDB leaves keys of a batch unprocessed when it throttles; more rounds than this would only add to its load. */
const rounds = 6;

const leastMs = 5;
const mostMs = 50;

/**
 * The same client, which waits where DynamoDB asks its callers to. A transaction that is under way at an item refuses every other write
 * there, and the SDK does not try that again; a throttled batch answers a part of itself. Neither says anything about the items.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-conflict-handling
 */
export function patient(client: DynamoDBDocumentClient, { pause, random }: Pacing): DynamoDBDocumentClient {
  const send = client.send.bind(client) as object as Send;
  const wait = (attempt: number) => pause(leastMs + random() * (Math.min(mostMs, 2 * leastMs * 2 ** attempt) - leastMs));

  async function unconflicted(command: Command, ...more: unknown[]): Promise<Answer> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await send(attempt === 0 ? command : again(command, command.input), ...more);
      } catch (error) {
        if (!isConflict(error)) throw error;
        if (attempt === conflicts) throw failure("contended", "an item was in use by other transactions all the time");
        await wait(attempt);
      }
    }
  }

  async function whole(command: Command, ...more: unknown[]): Promise<Answer> {
    let answer = await unconflicted(command, ...more);
    for (let round = 0; leftOf(answer); round++) {
      if (round === rounds) throw failure("throttled", "a part of a batch stayed unprocessed");
      await wait(round);
      const next = await unconflicted(again(command, { ...command.input, RequestItems: leftOf(answer) }), ...more);
      answer = { ...next, Responses: joined(answer.Responses, next.Responses) };
    }
    return answer;
  }

  return Object.create(client, { send: { value: whole } });
}

/** A new command of the same kind: the SDK gives each its own idempotency token. */
function again(command: Command, input: Command["input"]): Command {
  return new (command.constructor as new (input: Command["input"]) => Command)(input);
}

function leftOf({ UnprocessedKeys, UnprocessedItems }: Answer): Table | undefined {
  return [UnprocessedKeys, UnprocessedItems].find((left) => left !== undefined && Object.keys(left).length > 0);
}

function joined(first: Answer["Responses"] = {}, second: Answer["Responses"] = {}): NonNullable<Answer["Responses"]> {
  const tables = new Set([...Object.keys(first), ...Object.keys(second)]);
  return Object.fromEntries([...tables].map((table) => [table, [...(first[table] ?? []), ...(second[table] ?? [])]]));
}

function isConflict(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === "TransactionConflictException") return true;
  const { CancellationReasons = [] } = error as { CancellationReasons?: readonly { Code?: string }[] };
  return CancellationReasons.some(({ Code }) => Code === "TransactionConflict");
}

/** A failure of the store's: callers are told `unavailable`. */
export function failure(code: "contended" | "throttled", message: string): Error {
  return Object.assign(new Error(message), { code });
}
