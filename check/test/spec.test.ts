import { describe, expect, test } from "vitest";
import { spec, testNames } from "../spec.ts";

const clauses = "# Spec\n\n- **S1** One.\n- **S2** Two.\n- **S3** Three.\n";
const file = (text: string) => [{ path: "packages/a/test/a.test.ts", text }];

describe("coverage of clauses", () => {
  test("holds when each is cited in a test's name", () => {
    expect(spec(clauses, file(`test("one [S1]", () => {}); it.each([1])("two and three %s [S2, S3]", () => {});`))).toEqual([]);
  });

  test("names the clauses that nobody cites", () => {
    expect(spec(clauses, file(`test("one [S1]", () => {});`))).toEqual(["2 of 3 clauses are cited by no test: S2, S3."]);
  });

  test("refuses citations of clauses that are not there", () => {
    const findings = spec(clauses, file(`\ntest("all [S1, S2, S3, S4]", () => {});`));
    expect(findings).toEqual(["packages/a/test/a.test.ts:2 cites [S4], which SPEC.md does not have."]);
  });

  test("does not count comments, describe blocks, other strings, nor tests that do not run", () => {
    const text = `// test("[S1]")\ndescribe("[S1]", () => {}); const a = "[S1]"; test.skip("[S1]", f); test.todo("[S1]"); x.test("[S1]");`;
    expect(spec("- **S1** One.", file(text))).toEqual(["1 of 1 clauses are cited by no test: S1."]);
  });

  test("takes a part of a clause for a rule of its own", () => {
    const parts = "- **S1** One.\n- **S1.1** Its part.\n";
    expect(spec(parts, file(`test("one [S1]", f)`))).toEqual(["1 of 2 clauses are cited by no test: S1.1."]);
    expect(spec(parts, file(`test("both [S1, S1.1]", f)`))).toEqual([]);
  });

  test("refuses a clause that is there twice", () => {
    expect(spec("- **S1** One.\n- **S1** Again.", file(`test("one [S1]", f)`))).toEqual(["SPEC.md has two clauses S1."]);
  });
});

describe("names of tests", () => {
  test.each([
    [`test("plain", f)`, "plain"],
    [`it('quoted "within"', f)`, 'quoted "within"'],
    [`test(\`of \${ { a: \`b\` }.a } kinds\`, f)`, `of \${ { a: \`b\` }.a } kinds`],
    [`test.concurrent("modified", f)`, "modified"],
    [`test.each<[string, () => Record<string, number>]>([["a", f]])("typed", f)`, "typed"],
    [`test.each([[1, f(")")], [2]])("from a table", f)`, "from a table"],
    [`test.each\`a | b\n\${1} | \${2}\`('from a template', f)`, "from a template"],
    [`test.prop([fc.string({ maxLength: 4 })], { seed: 1 })("for all", f)`, "for all"],
    [`test(\n  "on its own line",\n  f,\n)`, "on its own line"],
  ])("are read from %s", (text, name) => {
    expect(testNames(text).map((found) => found.name)).toEqual([name]);
  });
});
