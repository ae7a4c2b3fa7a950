import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";

const streams = new URL("../src/streams.ts", import.meta.url).href;

/** A program that prints without end, until it notices that nobody reads. */
const chatty = `
import { createStreams } from ${JSON.stringify(streams)};
const { out } = createStreams({ gone: () => process.exit(0) });
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

/** A program that prints 8 MB at once, and then says on standard error how much waits to be read. */
const stalled = `
import { createStreams } from ${JSON.stringify(streams)};
const { out } = createStreams({ maxWaiting: 1000 });
for (let at = 0; at < 8000; at++) out("x".repeat(1000));
process.stderr.write(String(process.stdout.writableLength) + "\\n", () => process.exit(0));
`;

test("with a limit, a reader that has stalled does not fill the program's memory", async () => {
  const child = spawn(process.execPath, ["--input-type=module", "--eval", stalled], { stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [waiting] = await once(child.stderr, "data");
  expect(Number(waiting)).toBeLessThan(3000);
});
