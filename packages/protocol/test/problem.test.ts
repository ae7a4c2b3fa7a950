import { limits } from "@tether/protocol/limits";
import { problems } from "@tether/protocol/problem";
import { describe, expect, test } from "vitest";

const sentence = /^[A-Z].*\.$/;
const known = new Set([400, 401, 403, 404, 409, 410, 413, 422, 429, 500, 503]);

describe.each(Object.entries(problems))("%s", (code, { status, says, remedy }) => {
  test("is a noun and its condition, or one word", () => {
    expect(code).toMatch(/^[a-z]+(\.[a-z]+(-[a-z]+)*)?$/);
  });

  test("has a status that HTTP knows", () => {
    expect(known).toContain(status);
  });

  test("states the fact and the first thing to do, in sentences", () => {
    expect(says).toMatch(sentence);
    expect(remedy).toMatch(sentence);
    expect(remedy).not.toBe(says);
  });
});

test("no two problems state the same fact", () => {
  const facts = Object.values(problems).map(({ says }) => says);
  expect(new Set(facts).size).toBe(facts.length);
});

test("the sizes and lives in the words are the limits", () => {
  const KB = 1_024;
  expect(problems["request.too-large"].says).toContain(`${limits.http.bodyBytes / KB} KB`);
  expect(problems["frame.too-large"].remedy).toContain(`${limits.signal.dataBytes / KB} KB`);
  expect(problems["assertion.lifetime"].remedy).toContain(`${limits.assertion.lifeMs / 1_000} seconds`);
});
