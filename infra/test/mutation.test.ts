import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { all, mutations } from "./broken-line.ts";
import { production } from "./production.ts";
import { type Deployed, deploy, type Edit, project } from "./stand-in/deploy.ts";

/** Breaking all at once takes one deployment; `MUTATE=apart` takes one for each, to see that no line fails another's check. */
const apart = process.env.MUTATE === "apart";
const editOf = ([file, from, to]: (typeof mutations)[number][1]): Edit => ({ file: `infra/${file}`, from, to });
const deployBroken = (edits: Edit[]) => deploy({ ...production, edits });

let broken: Deployed | undefined;

beforeAll(async () => {
  if (!apart) broken = await deployBroken(mutations.map(([, edit]) => editOf(edit)));
});

afterAll(() => broken?.remove());

/** The findings of a check: the message leaves out most of them. */
function failureOf(check: () => void): string {
  try {
    check();
  } catch (error) {
    const { message, actual } = error as Error & { actual?: unknown };
    return `${message}\n${JSON.stringify(actual)}`;
  }
  return "nothing is amiss";
}

test("a link that the committed sst-env.d.ts does not know is noticed", async () => {
  const edit: Edit = { file: "infra/secret.ts", from: '"IceServers"', to: '"TurnServers"' };
  const deployed = await deployBroken([edit]);
  expect(deployed.types).not.toBe(readFileSync(join(project, "sst-env.d.ts"), "utf8"));
  deployed.remove();
});

test("every check has a line that is broken for it", () => {
  expect(mutations.map(([check]) => check).sort()).toEqual(Object.keys(all).sort());
});

test.each(mutations)("a broken line is noticed: %s", async (name, edit, says) => {
  const deployed = broken ?? (await deployBroken([editOf(edit)]));
  expect(failureOf(() => all[name]?.(deployed.graph))).toMatch(says);
  if (apart) deployed.remove();
});
