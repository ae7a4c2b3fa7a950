import { fieldsOf } from "@tether/protocol/field";
import { expect, test } from "vitest";

const at = (...path: PropertyKey[]) => ({ path });

test("a path names fields and places in lists", () => {
  expect(fieldsOf([at("peers", 3, "user", "role")])).toEqual(["peers.3.user.role"]);
});

test("a path ends before the first key that could be the sender's", () => {
  expect(fieldsOf([at("data", "secret key"), at("a", "Capital", "b"), at("x".repeat(25)), at(Symbol("s"))])).toEqual([
    "data",
    "a",
    "(whole)",
  ]);
});

test("what a record holds is the sender's, whatever it looks like", () => {
  expect(fieldsOf([at("received", "hunter", "seq"), at("items", 0, "evidence", "hunter")])).toEqual(["received", "items.0.evidence"]);
});

test("a field is named once, and eight are enough", () => {
  expect(fieldsOf([at("a"), at("a"), at("b")])).toEqual(["a", "b"]);
  expect(fieldsOf([..."abcdefghij"].map((name) => at(name)))).toHaveLength(8);
});

test("what is wrong as a whole says so", () => {
  expect(fieldsOf([at()])).toEqual(["(whole)"]);
});
