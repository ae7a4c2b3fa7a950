import { text } from "node:stream/consumers";
import { platform } from "@tether/sdk/platform";
import { program } from "./program.ts";

process.exitCode = await program({
  argv: process.argv.slice(2),
  clock: platform.clock,
  input: () => text(process.stdin),
  streams: {
    out: (line) => void process.stdout.write(`${line}\n`),
    err: (line) => void process.stderr.write(`${line}\n`),
  },
});
