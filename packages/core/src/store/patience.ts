import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { type Pacing, retry } from "../retry.ts";

type Table = { readonly [name: string]: unknown };
type Answer = {
  readonly Responses?: { readonly [table: string]: readonly unknown[] };
  readonly UnprocessedKeys?: Table;
  readonly UnprocessedItems?: Table;
};
type Command = {
  readonly input: { readonly RequestItems?: Table; readonly TransactItems?: unknown; readonly ClientRequestToken?: string };
};
type Send = (command: Command, ...more: unknown[]) => Promise<Answer>;

const waits = { leastMs: 5, mostMs: 400 } as const;

/** A request that meets more conflicts in a row than this is given up, after about a second: its subject is looked at again then. */
const conflicts = { attempts: 11, ...waits } as const;

/** DynamoDB leaves keys of a batch unprocessed when it throttles; more rounds than this would only add to its load. */
const rounds = { attempts: 7, ...waits } as const;

/**
 * The same client, which waits where DynamoDB asks its callers to. A transaction that is under way at an item refuses every other write
 * there, and the SDK does not try that again; a throttled batch answers a part of itself. Neither says anything about the items.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-conflict-handling
 */
export function patient(client: DynamoDBDocumentClient, pacing: Pacing): DynamoDBDocumentClient {
  const send = client.send.bind(client) as object as Send;

  /** A transaction has one token however often it is sent: one that was done and whose answer was lost is not refused for its own sake. */
  function tokened(command: Command): Command {
    const { input } = command;
    if (!input.TransactItems || input.ClientRequestToken) return command;
    const token = `${pacing.random()}${pacing.random()}`.replaceAll(".", "").slice(0, 36);
    return again(command, { ...input, ClientRequestToken: token });
  }

  async function unconflicted(untokened: Command, ...more: unknown[]): Promise<Answer> {
    const command = tokened(untokened);
    async function attempt(count: number): Promise<Answer | undefined> {
      try {
        return await send(count === 0 ? command : again(command, command.input), ...more);
      } catch (error) {
        if (!isConflict(error)) throw error;
        return undefined;
      }
    }
    const answer = await retry(pacing, conflicts, attempt, (answer) => answer === undefined);
    if (!answer) throw failure("contended", "an item was in use by other transactions all the time");
    return answer;
  }

  async function whole(command: Command, ...more: unknown[]): Promise<Answer> {
    let answer = await unconflicted(command, ...more);
    async function round(count: number): Promise<Table | undefined> {
      const left = leftOf(answer);
      if (count === 0 || left === undefined) return left;
      const next = await unconflicted(again(command, { ...command.input, RequestItems: left }), ...more);
      answer = { ...next, Responses: joined(answer.Responses, next.Responses) };
      return leftOf(answer);
    }
    const left = await retry(pacing, rounds, round, (left) => left !== undefined);
    if (left) throw failure("throttled", "a part of a batch stayed unprocessed");
    return answer;
  }

  return Object.create(client, { send: { value: whole } });
}

/** A new command of the same kind: one that was sent is used up. */
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

/** Whether a write was given up because its items were in use all the time. What it was about may have been settled meanwhile. */
export function isContended(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ("code" in error && error.code === "contended") || isContended(error.cause);
}

/** A failure of the store's: callers are told `unavailable`. */
export function failure(code: "contended" | "throttled", message: string): Error {
  return Object.assign(new Error(message), { code });
}
