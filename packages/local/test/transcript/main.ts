import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { commandLine } from "../../../program/src/command-line.ts";
import { textOf } from "./entry.ts";
import { record } from "./stage.ts";
import { stories } from "./story.ts";

const usage = `Usage: npm run transcripts -- [NAME] [--write]

Plays the stories of packages/protocol/transcript, or one of them, on a virtual clock, and prints what their ends said. --write writes them there.`;
const { values, args } = commandLine({ usage, most: 1, options: { write: { type: "boolean" } } });
const folder = join(import.meta.dirname, "../../../protocol/transcript");
for (const story of stories.filter(({ name }) => args.length === 0 || args.includes(name))) {
  const text = textOf(await record(story));
  if (values.write) writeFileSync(join(folder, `${story.name}.json`), text);
  else process.stdout.write(text);
}
process.exit(0);
