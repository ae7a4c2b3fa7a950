import { countFailure, invoke, type Line, observe } from "@tether/aws/invocation";
import { alarmed, type Metric } from "@tether/aws/metric";
import { expect, test } from "vitest";

async function countedOf(counted?: ReadonlySet<Metric>): Promise<string[]> {
  const lines: Line[] = [];
  const env = {
    clock: { now: () => 0 },
    log: (line: Line) => void lines.push(line),
    namespace: "tether/test",
    ...(counted && { counted }),
  };
  await invoke(env, "sweep", async () => {
    observe("SweepBacklog", 3);
    observe("SweepLag", 5);
  });
  return Object.keys(lines[0] ?? {}).filter((name) => name.startsWith("Sweep"));
}

test("all metrics are counted, or those that an alarm watches alone", async () => {
  expect(await countedOf()).toEqual(["SweepBacklog", "SweepLag"]);
  expect(await countedOf(alarmed)).toEqual(["SweepBacklog"]);
});

test("a line says how many requests to the gateway failed, and how the last one did; nothing where none did", async () => {
  const lines: Line[] = [];
  const env = { clock: { now: () => 0 }, log: (line: Line) => void lines.push(line) };
  await invoke(env, "frame", async () => {
    countFailure("TimeoutError");
    countFailure("ForbiddenException");
  });
  await invoke(env, "frame", async () => undefined);
  expect(lines[0]).toMatchObject({ gatewayFailed: 2, gatewayError: "ForbiddenException" });
  expect(Object.keys(lines[1] ?? {}).filter((name) => name.startsWith("gateway"))).toEqual([]);
});
