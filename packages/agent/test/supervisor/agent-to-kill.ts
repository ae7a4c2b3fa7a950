import { platform } from "@tether/sdk/platform";
import { startDriver } from "../../src/command/start-driver.ts";
import { openDriver } from "../../src/driver/open.ts";
import { createMemoryDisk } from "../memory-disk.ts";

/** Starts a driver whose peer connections are in the media process, as `run` does, and goes on until it is killed. */
const driver = `while read -r line; do echo '{"type":"done","id":1}'; done`;
const ready = await startDriver(
  {
    platform,
    say: { progress() {}, event() {}, result() {}, trouble() {} },
    stopped: new AbortController().signal,
    openDriver,
    files: createMemoryDisk(),
    config: { state: process.argv[2] ?? "" },
  },
  driver,
  { path: "", textFor: () => "" },
);
process.stdout.write(ready !== "done" && "handleSession" in ready ? "ready\n" : "not ready\n");
