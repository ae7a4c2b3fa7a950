import { expect, it } from "vitest";
import { createCapacity, type Quota } from "../../src/engine/capacity.ts";

function rig(quota: Partial<Quota> = {}) {
  let now = 0;
  let throttled = 0;
  const of = { writes: 10, reads: 10, burstS: 1, ...quota };
  const capacity = createCapacity(
    { now: () => now },
    () => of,
    () => throttled++,
  );
  /** Asks, and uses so many units where it may; answers what becomes of it. */
  function request([operation, body]: readonly [string, Record<string, unknown>], consumed: object): string {
    const fate = capacity.ask(operation, body);
    if (fate !== "pass") {
      const { status, body: told } = fate as { status: number; body: { __type?: string; CancellationReasons?: { Code: string }[] } };
      return `${status} ${[told.__type?.split("#")[1] ?? Object.keys(told).at(-1), ...(told.CancellationReasons ?? []).map(({ Code }) => Code)].join(" ")}`;
    }
    capacity.use(operation, body, Buffer.from(JSON.stringify({ ConsumedCapacity: consumed })));
    return "pass";
  }
  return { request, throttled: () => throttled, pass: (ms: number) => (now += ms) };
}

const put = (pk: string, more: object = {}) => ["PutItem", { Item: { pk: { S: pk }, ...more } }] as const;
const due = (shard: string) => ({ gsi2pk: { S: shard } });
const throttle = "400 ProvisionedThroughputExceededException";

it("throttles a partition once its second's units are used up, and no other; a tenth of a second gives a tenth of them", () => {
  const { request, pass, throttled } = rig();
  expect(request(put("a"), { CapacityUnits: 10 })).toBe("pass");
  expect(request(put("a"), { CapacityUnits: 1 })).toBe(throttle);
  expect(request(put("b"), { CapacityUnits: 1 })).toBe("pass");
  pass(100);
  expect(request(put("a"), { CapacityUnits: 1 })).toBe("pass");
  expect(request(put("a"), { CapacityUnits: 1 })).toBe(throttle);
  expect(throttled()).toBe(2);
});

it("keeps what was not used for as long as it says", () => {
  const { request } = rig({ burstS: 300 });
  expect(request(put("a"), { CapacityUnits: 2_999 })).toBe("pass");
  expect(request(put("a"), { CapacityUnits: 1 })).toBe("pass");
  expect(request(put("a"), { CapacityUnits: 1 })).toBe(throttle);
});

it("throttles the table where its partitions together used up four times a partition's", () => {
  const { request } = rig();
  for (const pk of ["a", "b", "c", "d"]) expect(request(put(pk), { CapacityUnits: 10 })).toBe("pass");
  expect(request(put("e"), { CapacityUnits: 1 })).toBe(throttle);
});

it("throttles writes of the table whose partition of an index takes no more", () => {
  const { request } = rig();
  const consumed = { CapacityUnits: 11, Table: { CapacityUnits: 1 }, GlobalSecondaryIndexes: { gsi2: { CapacityUnits: 10 } } };
  expect(request(put("a", due("shard_0")), consumed)).toBe("pass");
  expect(request(put("b", due("shard_0")), consumed)).toBe(throttle);
  expect(request(put("b", due("shard_1")), consumed)).toBe("pass");
  const moved = ["UpdateItem", { Key: { pk: { S: "c" } }, ExpressionAttributeValues: { ":gsi2pk_u0": { S: "shard_0" } } }] as const;
  expect(request(moved, consumed)).toBe(throttle);
  expect(request(["UpdateItem", { Key: { pk: { S: "c" } } }], { CapacityUnits: 1 })).toBe("pass");
});

it("tells a transaction by the reason for its being cancelled, and a batch by what it leaves undone", () => {
  const { request } = rig();
  const transaction = ["TransactWriteItems", { TransactItems: [{ Put: put("a")[1] }, { Delete: { Key: { pk: { S: "b" } } } }] }] as const;
  expect(request(transaction, [{ CapacityUnits: 22 }])).toBe("pass");
  expect(request(transaction, [])).toBe("400 TransactionCanceledException ThrottlingError None");
  const batch = ["BatchGetItem", { RequestItems: { t: { Keys: [{ pk: { S: "a" } }] } } }] as const;
  expect(request(batch, [{ CapacityUnits: 10 }])).toBe("pass");
  expect(request(batch, [])).toBe("200 UnprocessedKeys");
});

it("counts reads of an index as the index's own", () => {
  const { request } = rig();
  const query = ["Query", { IndexName: "gsi2", ExpressionAttributeValues: { ":pk": { S: "shard_0" } } }] as const;
  expect(request(query, { CapacityUnits: 10, GlobalSecondaryIndexes: { gsi2: { CapacityUnits: 10 } } })).toBe("pass");
  expect(request(query, {})).toBe(throttle);
  expect(request(["GetItem", { Key: { pk: { S: "shard_0" } } }], { CapacityUnits: 1 })).toBe("pass");
});
