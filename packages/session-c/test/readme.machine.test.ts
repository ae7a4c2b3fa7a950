import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { compile } from "./build.ts";

const readme = readFileSync(join(import.meta.dirname, "../README.md"), "utf8");

test("what README calls is there, and is called with what it takes", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tether-session-c-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const blocks = [...readme.matchAll(/```c\n(.*?)```/gs)].map(([, code = ""]) => code);
  expect(blocks).toHaveLength(1);
  const given = "struct tether_session_hooks hooks, struct tether_failure failure, struct tether_session *session";
  const uses = `int uses(${given}, const char *code, const char *client)`;
  await compile(folder, `#include "session.h"\n${uses};\n${uses} {\n${blocks.join("")}return 0;\n}\n`);
});
