import { appendFileSync, readSync, writeSync } from "node:fs";
import { platform } from "@tether/sdk/platform";
import { locked } from "../src/lock.ts";
import { ways } from "./way.ts";

/**
 * A process that wants a lock, and takes it by one of the ways. `rounds`: takes it so often and writes down when it is inside. `block`: keeps it
 * with its event loop blocked.
 */
const [kind = "", way = "", lock = "", journal = "", rounds = "1"] = process.argv.slice(2);
const take = ways.find(({ name }) => name === way)?.take;
if (!take) throw new Error(`There is no way to lock of the name ${way}.`);
const files = { take };

if (kind === "block") {
  await locked({ files, clock: platform.clock }, lock, async () => {
    writeSync(1, "inside\n");
    readSync(0, Buffer.alloc(1));
  });
} else {
  for (let round = 0; round < Number(rounds); round++)
    await locked({ files, clock: { now: () => 0, after: (_, run) => platform.clock.after(0, run) } }, lock, async () => {
      appendFileSync(journal, `enters ${process.pid}\n`);
      await new Promise<void>((resolve) => platform.clock.after(1, resolve));
      appendFileSync(journal, `leaves ${process.pid}\n`);
    });
}
