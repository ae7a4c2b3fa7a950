import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { textOf } from "./entry.ts";
import { record } from "./stage.ts";
import { stories } from "./story.ts";

const folder = join(import.meta.dirname, "../../../protocol/transcript");

// After a change of what is said: npm run transcripts -- --write
test.each(stories)("the story $name is told as its transcript says, word by word", async (story) => {
  expect(textOf(await record(story))).toBe(readFileSync(join(folder, `${story.name}.json`), "utf8"));
});

test("no transcript is of a story that is told no more", () => {
  expect(readdirSync(folder).toSorted()).toEqual(stories.map(({ name }) => `${name}.json`).toSorted());
});
