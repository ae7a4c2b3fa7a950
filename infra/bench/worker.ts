/** Runs a handler as fast as it goes in a process of its own, and prints how many events it did in a second of CPU. */
import { pathToFileURL } from "node:url";

type Handler = (event: unknown, context: object) => Promise<unknown>;

const [, , file = "", event = "", concurrency = "1", count = "1"] = process.argv;
const { handler }: { handler: Handler } = await import(pathToFileURL(file).href);
const parsed: unknown = JSON.parse(event);

// Each event comes a tenth of a second after the one before: the broker lets a connection say no more than it may.
const startedAt = Date.now();
let begun = 0;
Date.now = () => startedAt + begun * 100;

async function run(events: number): Promise<void> {
  let left = events;
  await Promise.all(
    Array.from({ length: Number(concurrency) }, async () => {
      while (left-- > 0) {
        begun++;
        await handler(parsed, {});
      }
    }),
  );
}

await run(Number(count) / 4);
const before = process.cpuUsage();
await run(Number(count));
const { user, system } = process.cpuUsage(before);
process.stderr.write(String((Number(count) / (user + system)) * 1_000_000));
process.exit(0);
