import { clock, pacing, random } from "@tether/aws/ambient";
import { createDynamo } from "@tether/aws/dynamo";
import { createOutbox } from "@tether/aws/outbox";
import { home, type MoveEnv } from "@tether/core/cell";
import { createIds } from "@tether/core/id";
import { createStore } from "@tether/core/store";
import { fieldsOf } from "@tether/protocol/field";
import * as z from "zod/mini";

const Word = z.string().check(z.minLength(1));

/** A cell as its deployment prints it, and by which profile of AWS's files it is reached. */
const Cell = z.strictObject({
  table: Word,
  shards: z.int().check(z.positive()),
  management: z.url(),
  region: Word,
  profile: z.optional(Word),
  /** In place of AWS's own endpoint of DynamoDB. */
  endpoint: z.optional(z.url()),
});

const Cells = z.record(Word, Cell).check(z.refine((cells) => home in cells, { path: [home] }));

/** Reads the cells of a deployment from JSON. What cannot be read is a sentence that says where it is wrong. */
export function readCells(text: string): MoveEnv["cells"] | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return "The file of the cells is no JSON.";
  }
  const read = Cells.safeParse(value);
  if (!read.success) return `The file of the cells is wrong in ${fieldsOf(read.error.issues).join(", ")}.`;
  return new Map(Object.entries(read.data).map(([name, cell]) => [name, envOf(cell)]));
}

function envOf({ table, shards, management, region, profile, endpoint }: z.infer<typeof Cell>) {
  const config = { region, ...(profile !== undefined && { profile }) };
  return {
    store: createStore(createDynamo({ ...config, ...(endpoint !== undefined && { endpoint }) }), table, pacing, shards),
    clock,
    ids: createIds(clock, random),
    outbox: createOutbox({ ...config, endpoint: management }),
    pacing,
  };
}
