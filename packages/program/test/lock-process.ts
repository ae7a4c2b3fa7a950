import { appendFileSync, readSync, writeSync } from "node:fs";
import { platform } from "@tether/sdk/platform";
import { disk } from "../src/disk.ts";
import { locked } from "../src/lock.ts";

/** A process that wants a lock. `rounds`: takes it so often and writes down when it is inside. `block`: keeps it with its event loop blocked. */
const [kind = "", lock = "", journal = "", rounds = "1"] = process.argv.slice(2);

if (kind === "block") {
  await locked({ files: disk, clock: platform.clock }, lock, async () => {
    writeSync(1, "inside\n");
    readSync(0, Buffer.alloc(1));
  });
} else {
  for (let round = 0; round < Number(rounds); round++)
    await locked({ files: disk, clock: { now: () => 0, after: (_, run) => platform.clock.after(0, run) } }, lock, async () => {
      appendFileSync(journal, `enters ${process.pid}\n`);
      await new Promise<void>((resolve) => platform.clock.after(1, resolve));
      appendFileSync(journal, `leaves ${process.pid}\n`);
    });
}
