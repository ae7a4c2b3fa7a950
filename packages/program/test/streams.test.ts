import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";

const streams = new URL("../src/streams.ts", import.meta.url).href;

/** A program that prints without end, until it notices that nobody reads. */
const chatty = `
import { standardStreams } from ${JSON.stringify(streams)};
const { out } = standardStreams(() => process.exit(0));
const print = () => { out("a line"); setImmediate(print); };
print();
`;

test("a program whose reader has left, as after `| head`, ends without a word", async () => {
  const child = spawn(process.execPath, ["--input-type=module", "--eval", chatty], { stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  let err = "";
  child.stderr.on("data", (chunk) => {
    err += chunk;
  });
  await once(child.stdout, "data");
  child.stdout.destroy();
  const [code] = await once(child, "close");
  expect([code, err]).toEqual([0, ""]);
});
