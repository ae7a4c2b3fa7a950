import { table } from "@tether/core/store/table";

/** The requests that the engine got. */
export type Metered = {
  readonly requests: number;
  readonly readUnits: number;
  readonly writeUnits: number;
  /** Of these, those of the sweeper's index. */
  readonly dueWriteUnits: number;
  /** Requests one after the other, as a caller waits for them. */
  readonly depth: number;
};

/** Adds up the capacity units that the engine reports, as DynamoDB does. */
export interface Meter {
  /** A request came in. What is returned is called with the engine's answer when it is done with, or with nothing if there was none. */
  begin(operation: string): (answer?: Buffer) => void;
  read(): Metered;
  reset(): void;
}

type Capacity = { CapacityUnits?: number; GlobalSecondaryIndexes?: Record<string, { CapacityUnits?: number }> };

const [, due] = table.indexes;
const writes = /^(Put|Update|Delete|TransactWrite|BatchWrite)/;

export function createMeter(): Meter {
  let [requests, readUnits, writeUnits, dueWriteUnits, depth] = [0, 0, 0, 0, 0];
  let inFlight = 0;

  function note(operation: string, answer: Buffer): void {
    const { ConsumedCapacity = [] } = JSON.parse(answer.toString() || "{}") as { ConsumedCapacity?: Capacity | Capacity[] };
    for (const { CapacityUnits = 0, GlobalSecondaryIndexes = {} } of [ConsumedCapacity].flat()) {
      if (!writes.test(operation)) readUnits += CapacityUnits;
      else {
        writeUnits += CapacityUnits;
        dueWriteUnits += GlobalSecondaryIndexes[due.name]?.CapacityUnits ?? 0;
      }
    }
  }

  return {
    begin(operation) {
      requests++;
      // A request that is made while no other is under way was waited for.
      if (inFlight++ === 0) depth++;
      return (answer) => {
        inFlight--;
        if (answer) note(operation, answer);
      };
    },
    read: () => ({ requests, readUnits, writeUnits, dueWriteUnits, depth }),
    reset() {
      [requests, readUnits, writeUnits, dueWriteUnits, depth] = [0, 0, 0, 0, 0];
    },
  };
}
