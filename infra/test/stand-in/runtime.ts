/** Lambda's part in the process of a handler: takes events from the parent, one message each, and answers what the handler did. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";

type Invocation = { id: number; event: unknown };

const [, , file = "", name = ""] = process.argv;
const module: Record<string, (event: unknown, context: object) => Promise<unknown>> = await import(
  pathToFileURL(join(process.cwd(), file)).href
);
const handler = module[name];
if (handler === undefined) throw new Error(`${file} exports no ${name}.`);

process.on("message", ({ id, event }: Invocation) => {
  const answer = (outcome: object) => process.send?.({ id, ...outcome, peakKB: process.resourceUsage().maxRSS });
  handler(event, {}).then(
    (result) => answer({ result }),
    (error: unknown) => answer({ error: error instanceof Error ? error.message : String(error) }),
  );
});
process.send?.({ ready: true });
