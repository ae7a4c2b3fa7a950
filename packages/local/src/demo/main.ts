import type { Log } from "@tether/aws/invocation";
import { commandLine } from "@tether/program/command-line";
import { tellStory } from "./story.ts";
import { inWords } from "./words.ts";

const usage = `Usage: npm run demo -- [--json]

Tells the story of a robot, an operator and an outage as it happens. --json: only its facts, at the end.`;
const { json = false } = commandLine({ usage, options: { json: { type: "boolean" } } }).values;
const print = (line: string) => void process.stdout.write(`${line}\n`);
const quiet: Log = () => undefined;

const facts = await tellStory(json ? () => undefined : (line) => print(`• ${line}`), quiet);
if (json) print(JSON.stringify(facts, null, 2));
else print(inWords(facts));
// libwebrtc's threads would keep the process for a while.
process.exit(0);
