import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { fieldsOf, markFields, markOf } from "../src/picture-mark.ts";

const mark = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const count = markFields.columns * markFields.rows;

test.prop([mark])("a mark is read as it was drawn [R34]", (drawn) => {
  expect(fieldsOf(drawn)).toHaveLength(count);
  expect(markOf(fieldsOf(drawn))).toBe(drawn);
});

test.prop([mark, fc.uniqueArray(fc.nat(count - 1), { minLength: 1, maxLength: 2 })])(
  "a mark of which one or two fields are wrong is none [R34]",
  (drawn, wrong) => {
    expect(markOf(fieldsOf(drawn).map((bit, at) => (wrong.includes(at) ? !bit : bit)))).toBeUndefined();
  },
);

test.each([true, false])("a lower edge that is all of one colour is no mark [R34]", (bit) => {
  expect(markOf(Array.from({ length: count }, () => bit))).toBeUndefined();
});
