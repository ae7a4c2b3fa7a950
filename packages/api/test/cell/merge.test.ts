import { fc, test } from "@fast-check/vitest";
import type { Robot } from "@tether/protocol/http";
import { expect } from "vitest";
import { mergePages, type Page } from "../../src/cell/merge.ts";

const idOf = (n: number) => `rob_${String(n).padStart(26, "0")}`;

/** A page of a cell's list, which looks at a few robots a request and leaves out those that do not pass. */
function pageOf(
  ids: readonly number[],
  passes: (n: number) => boolean,
  cursor: string | undefined,
  { looks, limit }: { looks: number; limit: number },
): Page {
  const behind = ids.filter((n) => cursor === undefined || idOf(n) > cursor);
  const looked = behind.slice(0, looks);
  const passed = looked.filter(passes);
  const items = passed.slice(0, limit).map((n) => ({ id: idOf(n) }) as Robot);
  if (passed.length > limit) return { items, cursor: items.at(-1)?.id };
  return { items, cursor: behind.length > looks ? idOf(looked.at(-1) ?? 0) : undefined };
}

test.prop([
  fc.array(fc.uniqueArray(fc.nat(60), { maxLength: 30 }), { minLength: 1, maxLength: 4 }),
  fc.integer({ min: 1, max: 6 }),
  fc.integer({ min: 1, max: 9 }),
])("the pages of several lists have each robot that passes once, in order, and come to an end [C5]", (lists, limit, looks) => {
  const cells = lists.map((ids) => ids.toSorted((a, b) => a - b));
  const passes = (n: number) => n % 3 !== 0;
  const found: string[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages < 300; pages++) {
    const page = mergePages(
      cells.map((ids) => pageOf(ids, passes, cursor, { looks, limit })),
      limit,
    );
    found.push(...page.items.map(({ id }) => id));
    cursor = page.cursor;
    if (cursor === undefined) break;
  }
  expect(cursor).toBe(undefined);
  expect(found).toEqual([...new Set(cells.flat())].filter(passes).map(idOf).sort());
});
