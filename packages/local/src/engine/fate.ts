/** The fate of one request to the store. */
export type Fate =
  | "pass"
  /** The connection breaks before the store has heard of the request, as when the caller crashed just before it. */
  | "cut"
  /** The store does it, but its answer never arrives. */
  | "lose"
  | { status: number; body: object }
  | { delayMs: number }
  /** A read is answered by a copy that lags by so much at most. */
  | { lagMs: number };

/** Asked before each request, with its operation ("Query") and its parsed body. */
export type DecideFate = (operation: string, body: Record<string, unknown>) => Fate;

const types = "com.amazonaws.dynamodb.v20120810#";

function actions(body: Record<string, unknown>): unknown[] {
  return Array.isArray(body.TransactItems) ? body.TransactItems : [];
}

const ongoing = "Transaction is ongoing for the item";

const throttled: Fate = {
  status: 400,
  body: {
    __type: `${types}ProvisionedThroughputExceededException`,
    message: "The level of configured provisioned throughput for the table was exceeded.",
  },
};

/** A transaction that is cancelled, with a reason for each of its actions. */
export function canceled(codes: readonly string[]): Fate {
  const Message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes.join(", ")}]`;
  const CancellationReasons = codes.map((Code) => (Code === "TransactionConflict" ? { Code, Message: ongoing } : { Code }));
  return { status: 400, body: { __type: `${types}TransactionCanceledException`, Message, CancellationReasons } };
}

/** Faults of the store by name, as DynamoDB words them. */
export const storeFaults = {
  throttled: () => throttled,
  /** As a transaction tells of a throttle, which the SDK does not try again; of a batch everything stays unprocessed. */
  exhausted: (operation, body) => {
    if (operation === "BatchGetItem") return { status: 200, body: { Responses: {}, UnprocessedKeys: body.RequestItems } };
    if (operation === "BatchWriteItem") return { status: 200, body: { UnprocessedItems: body.RequestItems } };
    const isTransaction = actions(body).length > 0;
    return isTransaction ? canceled(actions(body).map((_, n) => (n === 0 ? "ThrottlingError" : "None"))) : throttled;
  },
  /** Another transaction is at one of the items. Reads but TransactGetItems do not mind. */
  conflict: (operation, body) => {
    if (actions(body).length > 0) return canceled(actions(body).map(() => "TransactionConflict"));
    if (!/^(Put|Update|Delete)Item$/.test(operation)) return "pass";
    return { status: 400, body: { __type: `${types}TransactionConflictException`, message: ongoing } };
  },
  failing: () => ({ status: 500, body: { __type: `${types}InternalServerError`, message: "Internal server error" } }),
  cut: () => "cut",
  lose: () => "lose",
} as const satisfies Record<string, DecideFate>;

export type StoreFault = keyof typeof storeFaults;

/** Lets a fault strike some requests only: those of `operations`, and of these the `nth` (from 1) to the `nth + times - 1`. */
export function strike(fault: StoreFault, on: { operations?: readonly string[]; nth?: number; times?: number } = {}): DecideFate {
  const { operations, nth = 1, times = 1 } = on;
  let seen = 0;
  return (operation, body) => {
    if (operations && !operations.includes(operation)) return "pass";
    seen++;
    return seen >= nth && seen < nth + times ? storeFaults[fault](operation, body) : "pass";
  };
}
