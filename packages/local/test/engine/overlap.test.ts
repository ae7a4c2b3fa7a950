import { expect, it } from "vitest";
import { createOverlap } from "../../src/engine/overlap.ts";

const key = (sk: string) => ({ pk: { S: "robot" }, sk: { S: sk } });
const transaction = (...parts: object[]) => ({ TransactItems: parts });
const update = (sk: string) => ({ Update: { Key: key(sk) } });
const check = (sk: string) => ({ ConditionCheck: { Key: key(sk) } });

const transactWrite = (...parts: object[]) => ["TransactWriteItems", transaction(...parts)] as const;
const plain = (sk: string) => ["UpdateItem", { Key: key(sk) }] as const;

/** The answers to the second while the first is under way, and after it. */
function meeting(first: readonly [string, Record<string, unknown>], second: readonly [string, Record<string, unknown>]) {
  const { enter } = createOverlap();
  const leave = enter(...first);
  if (typeof leave !== "function") throw new Error("the first was refused");
  const answer = enter(...second);
  leave();
  if (typeof answer === "function") answer();
  const after = enter(...second);
  return [answer, after].map((one) => {
    if (typeof one === "function") return "in";
    const { __type, CancellationReasons } = (one as { body: { __type: string; CancellationReasons?: { Code: string }[] } }).body;
    return [__type.split("#")[1], ...(CancellationReasons ?? []).map(({ Code }) => Code)].join(" ");
  });
}

it.each([
  [
    "a transaction at another's item",
    transactWrite(update("a")),
    transactWrite(update("b"), update("a")),
    "TransactionCanceledException None TransactionConflict",
  ],
  [
    "a condition on an item that is being written",
    transactWrite(update("a")),
    transactWrite(check("a")),
    "TransactionCanceledException TransactionConflict",
  ],
  ["two conditions on one item", transactWrite(check("a")), transactWrite(check("a")), "TransactionCanceledException TransactionConflict"],
  ["a plain write at a transaction's item", transactWrite(update("a")), plain("a"), "TransactionConflictException"],
  ["a transaction at an item of a plain write", plain("a"), transactWrite(update("a")), "TransactionCanceledException TransactionConflict"],
  [
    "TransactGetItems at an item of a plain write",
    plain("a"),
    ["TransactGetItems", transaction({ Get: { Key: key("a") } })] as const,
    "TransactionCanceledException TransactionConflict",
  ],
] as const)("%s is refused, and goes in when the other is done", (_, first, second, refused) => {
  expect(meeting(first, second)).toEqual([refused, "in"]);
});

it.each([
  ["two transactions at different items", transactWrite(update("a")), transactWrite(update("b"))],
  ["two plain writes at one item", plain("a"), plain("a")],
  ["a read of one item during a transaction", transactWrite(update("a")), ["GetItem", { Key: key("a") }] as const],
  [
    "a batch of reads during a transaction",
    transactWrite(update("a")),
    ["BatchGetItem", { RequestItems: { t: { Keys: [key("a")] } } }] as const,
  ],
] as const)("%s meet nobody", (_, first, second) => {
  expect(meeting(first, second)).toEqual(["in", "in"]);
});
