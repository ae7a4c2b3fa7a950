import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { buildMutant, buildProgram } from "../../../../guard-c/test/build.ts";
import { python } from "../../python.ts";
import { compare } from "./differential.ts";

const decide = join(import.meta.dirname, "../../../../python/test/decide.py");

test("the guard in Python decides in every schedule as this one does", async () => {
  const { steps, differences } = await compare({ command: [python, "-B", decide], schedules: 1_000, seed: 1 });
  expect(differences).toEqual([]);
  // Schedules in which nothing happens would show nothing.
  expect(steps).toBeGreaterThan(100_000);
});

test("a guard that forgets what a resume names is told apart", async () => {
  const forgetful = [
    "import sys; sys.argv = ['decide']",
    `exec(open(${JSON.stringify(decide)}).read().replace('if __name__ == "__main__":', "if False:").replace("__file__", ${JSON.stringify(JSON.stringify(decide))}))`,
    "from tether_robot.guard import machine",
    "from dataclasses import replace",
    "from tether_robot.guard.command import resumed",
    "machine._table[on.Resumed] = (('armed',), lambda state, event: resumed(state, replace(event, seq=0)))",
    "main()",
  ].join("\n");
  const { differences } = await compare({ command: [python, "-B", "-c", forgetful], schedules: 60, seed: 1 });
  expect(differences.length).toBeGreaterThan(0);
});

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "tether-guard-c-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test("the guard in C decides in every schedule as this one does, and reads and writes nothing beyond its own", async () => {
  const command = [await buildProgram(temporaryFolder(), "decide")];
  const { steps, differences } = await compare({ command, schedules: 700, seed: 1 });
  expect(differences).toEqual([]);
  expect(steps).toBeGreaterThan(100_000);
});

test.each([
  ["forgets what a resume names", "command.c", "if (event->seq > state->fence.seq) state->fence.seq = event->seq;", ""],
  [
    "takes answers that nobody asked for",
    "command.c",
    "if (asked == holder->asked_count) return;",
    "if (asked == holder->asked_count) holder->asked_count += 1;",
  ],
  ["lets both holders of one epoch drive", "control.c", "notice->has_session && !is_known;", "notice->has_session;"],
  ["counts a press by its key alone", "order.c", "(press->ways & event->press.ways) == 0 && ", ""],
  ["slows nobody down", "command.c", "holder->blind_ms <= holder->terms.bounds.blind_ms ? 1", "holder->blind_ms > 0 ? 1"],
])("a guard in C that %s is told apart", async (_, file, was, becomes) => {
  const { differences } = await compare({ command: [await buildMutant(temporaryFolder(), file, was, becomes)], schedules: 60, seed: 1 });
  expect(differences.length).toBeGreaterThan(0);
});
