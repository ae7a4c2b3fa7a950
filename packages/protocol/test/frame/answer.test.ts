import { type Cause, causes } from "@tether/protocol/cause";
import { Bye, bye } from "@tether/protocol/frame/bye";
import { ProblemFrame, problemFrame } from "@tether/protocol/frame/problem";
import { isProblem, type ProblemCode, problem, problems } from "@tether/protocol/problem";
import { describe, expect, test } from "vitest";

const actor = { type: "system" } as const;

describe.each(Object.keys(causes) as Cause[])("bye for %s", (cause) => {
  test("is a frame whose close code and retry agree [F5]", () => {
    const frame = bye({ cause, actor, inferred: false });
    expect(Bye.parse(frame)).toEqual(frame);
    expect(frame.close < 4500).toBe(frame.retry.policy !== "never");
    expect(frame).toMatchObject({
      cause,
      says: causes[cause].says,
      remedy: causes[cause].remedy,
      actor,
      inferred: false,
      retry: { afterMs: 0 },
    });
  });

  test("bounds the wait by what the broker says [F5]", () => {
    expect(bye({ cause, actor, inferred: false }, 5_000).retry).toEqual({ policy: causes[cause].retry, afterMs: 5_000 });
  });
});

describe.each(Object.keys(problems) as ProblemCode[])("the problem frame for %s", (code) => {
  test("has the row's words, and the fields and id only where there are some [F4]", () => {
    const { says, remedy } = problems[code];
    const bare = problemFrame(problem(code));
    expect(bare).toStrictEqual({ type: "problem", code, says, remedy });
    const full = problemFrame(problem(code, ["seq"]), "s-1");
    expect(full).toStrictEqual({ ...bare, fields: ["seq"], id: "s-1" });
    expect(ProblemFrame.parse(full)).toEqual(full);
  });
});

test("a problem is told from other values", () => {
  expect(isProblem(problem("internal"))).toBe(true);
  for (const value of [undefined, null, "problem", 0, {}, { code: "internal" }]) expect(isProblem(value)).toBe(false);
});
