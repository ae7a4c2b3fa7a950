import { log } from "@tether/aws/ambient";
import { expect, onTestFinished, test, vi } from "vitest";

test("a line in the log begins with its time by RFC 3339, so that Lambda adds none of its own", () => {
  const written: string[] = [];
  const write = vi.spyOn(process.stdout, "write").mockImplementation((text) => Boolean(written.push(String(text))));
  onTestFinished(() => write.mockRestore());
  log({ level: "info", event: "request" });
  write.mockRestore();
  const [line = ""] = written;
  expect(line).toMatch(/^\{"timestamp":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z","level":"info","event":"request"\}\n$/);
});
