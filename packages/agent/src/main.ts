import { homedir } from "node:os";
import { text } from "node:stream/consumers";
import { disk } from "@tether/program/disk";
import { standardStreams } from "@tether/program/streams";
import { platform } from "@tether/sdk/platform";
import { onlooker } from "./attend.ts";
import { openDriver } from "./driver/open.ts";
import { program } from "./program.ts";
import { socket } from "./socket.ts";

const stopped = new AbortController();
// Again and again without effect: leaving is bounded, and a launcher may hand the same Ctrl-C on.
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => stopped.abort());

const code = await program({
  argv: process.argv.slice(2),
  variables: process.env,
  home: homedir(),
  // A robot stays online though nobody reads what it says.
  streams: standardStreams(() => {}),
  platform: { ...platform, socket },
  files: disk,
  process: { id: process.pid },
  attend: onlooker,
  openDriver,
  input: () => text(process.stdin),
  stopped: stopped.signal,
});
// A socket that nobody answers any more would keep the process for another half a minute.
process.exit(code);
