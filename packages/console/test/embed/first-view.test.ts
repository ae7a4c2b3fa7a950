import { expect, test } from "vitest";
import { addView } from "../../src/embed/first-view.ts";

test("of several drive views on a page the first one drives, and the next once that is gone", () => {
  const page = {};
  let changes = 0;
  const changed = () => {
    changes += 1;
  };
  const [first, second, third] = [addView(page, changed), addView(page, changed), addView(page, changed)];
  expect([first, second, third].map((view) => view.isFirst())).toEqual([true, false, false]);
  second.remove();
  expect([first.isFirst(), third.isFirst(), changes]).toEqual([true, false, 2]);
  first.remove();
  expect([third.isFirst(), changes]).toEqual([true, 3]);
  expect(addView(page, changed).isFirst()).toBe(false);
  expect(addView({}, changed).isFirst()).toBe(true);
});
