import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { compile } from "./build.ts";

const readme = readFileSync(join(import.meta.dirname, "../README.md"), "utf8");

test("what README calls is there, and is called with what it takes", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tether-guard-c-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const blocks = [...readme.matchAll(/```c\n(.*?)```/gs)].map(([, code = ""]) => code);
  expect(blocks).toHaveLength(1);
  const given = "struct tether_text frame, struct tether_text text, const char *client_session, uint32_t pair";
  await compile(
    folder,
    `#include "guard.h"\ndouble now_ms(void);\nextern struct tether_guard guard;\nextern struct tether_hooks hooks;\nvoid uses(${given});\nvoid uses(${given}) {\n${blocks.join("")}}\n`,
  );
});
