import { expect, test } from "vitest";
import { doc, page } from "../doc.ts";

const problems = { "a.broken": { status: 400, says: "It broke.", remedy: "Mend `a|b`." } };
const causes = {
  late: { close: 4500, retry: "never", says: "It was late.", remedy: "Come earlier." },
  early: { close: 4000, retry: "now", says: "It was early.", remedy: "Come again." },
};

test("the page has a row for each problem and each cause, causes by close code", () => {
  const text = page(problems, causes);
  expect(text).toContain("| `a.broken` | 400 | yes | It broke. | Mend `a\\|b`. |");
  expect(text.indexOf("| `early` | 4000 | now | It was early. | Come again. |")).toBeGreaterThan(0);
  expect(text.indexOf("`late`")).toBeGreaterThan(text.indexOf("`early`"));
});

test("a committed page is good only as generated", () => {
  expect(doc(page())).toEqual([]);
  expect(doc(page(problems, causes))).toEqual([expect.stringContaining("stale")]);
  expect(doc(undefined)).toEqual([expect.stringContaining("stale")]);
});
