import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readCells } from "../../src/move/cells.ts";
import { tableName } from "../../src/table.ts";
import { createCells } from "../world/cells.ts";

const main = join(import.meta.dirname, "../../src/move/main.ts");

/** Runs the command; answers its exit code and the first line it said. */
function run(args: readonly string[]): Promise<{ code: number; said: string }> {
  const env = { ...process.env, AWS_ACCESS_KEY_ID: "local", AWS_SECRET_ACCESS_KEY: "local", AWS_EC2_METADATA_DISABLED: "true" };
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === "number" ? error.code : 0, said: (stdout + stderr).split("\n")[0] ?? "" }),
    );
  });
}

test("the command moves a robot between two tables, says so, and says what it cannot do [C2]", { timeout: 60_000 }, async () => {
  const { world, other } = await createCells();
  const robot = await world.createRobot();
  const folder = mkdtempSync(join(tmpdir(), "tether-move-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const cellOf = ({ engineUrl, origin }: typeof other) => ({
    table: tableName,
    shards: 4,
    management: `${origin}/broker`,
    region: "local",
    endpoint: engineUrl,
  });
  const file = join(folder, "cells.json");
  writeFileSync(file, JSON.stringify({ home: cellOf(world.system), b: cellOf(other) }));
  const moving = (id: string, to: string) => run(["--robot", id, "--to", to, "--cells", file]);
  expect(await moving(robot.id, "b")).toEqual({ code: 0, said: expect.stringMatching(/^Moved from home to b, with \d+ items\.$/) });
  expect((await world.ticketFor.robot(robot)).body.url).toBe(other.brokerUrl);
  expect(await moving(robot.id, "b")).toEqual({ code: 0, said: "The robot is in b, with all that is its." });
  expect(await moving(robot.id, "c")).toMatchObject({ code: 1, said: expect.stringMatching(/no such cell/) });
  expect(await moving("rob_1", "b")).toMatchObject({ code: 2, said: "--robot is to be a robot's id." });
});

test.each([
  ["{", /no JSON/],
  ["[]", /wrong in/],
  ["{}", /wrong in home/],
  [JSON.stringify({ home: { table: "t", shards: 0, management: "x", region: "r" } }), /wrong in home\.shards, home\.management/],
])("a file of cells that cannot work is refused by where it is wrong: %s", (text, says) => {
  expect(readCells(text)).toMatch(says);
});
