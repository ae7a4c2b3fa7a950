import type { Log } from "@tether/aws/invocation";
import { tellStory } from "./story.ts";
import { inWords } from "./words.ts";

const json = process.argv.includes("--json");
const print = (line: string) => void process.stdout.write(`${line}\n`);
const quiet: Log = () => undefined;

const facts = await tellStory(json ? () => undefined : (line) => print(`• ${line}`), quiet);
if (json) print(JSON.stringify(facts, null, 2));
else print(inWords(facts));
// libwebrtc's threads would keep the process for a while.
process.exit(0);
