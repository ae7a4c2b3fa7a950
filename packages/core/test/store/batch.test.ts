import { expect, test } from "vitest";
import { getAll } from "../../src/store/batch.ts";

/** A store that gives so many items a request. */
function createStore(each: number) {
  const asked: string[][] = [];
  const get = async (keys: string[]) => {
    asked.push(keys);
    return { data: keys.slice(0, each).map((key) => ({ key })), unprocessed: keys.slice(each) };
  };
  return { asked, get };
}

test("what the store left for another time is asked for again", async () => {
  const { asked, get } = createStore(2);
  expect(await getAll(["a", "b", "c"], get)).toEqual([{ key: "a" }, { key: "b" }, { key: "c" }]);
  expect(asked).toEqual([["a", "b", "c"], ["c"]]);
});

test("without keys nothing is asked", async () => {
  const { asked, get } = createStore(1);
  expect([await getAll([], get), asked]).toEqual([[], []]);
});

test("what stays unread is a failure of the store's, not an item that is not there", async () => {
  const { get } = createStore(1);
  expect(await getAll(["a", "b", "c"], get)).toHaveLength(3);
  await expect(getAll(["a", "b", "c", "d"], get)).rejects.toMatchObject({ code: "unprocessed" });
});
