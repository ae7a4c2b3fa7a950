import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { killAgent } from "../../src/supervisor/kill-agent.ts";
import { folder } from "../agent-process.ts";

test("an agent that hangs is dead only once the next start would read that it hung", () => {
  const path = join(folder(), "running.json");
  const read: string[] = [];
  killAgent({ path, text: "agent.hung" }, () => read.push(readFileSync(path, "utf8")));
  expect(read).toEqual(["agent.hung"]);
});

test("an agent that hangs is killed where nothing can be written, too", () => {
  let kills = 0;
  killAgent({ path: join(folder(), "no", "such", "folder"), text: "agent.hung" }, () => {
    kills += 1;
  });
  killAgent(undefined, () => {
    kills += 1;
  });
  expect(kills).toBe(2);
});
