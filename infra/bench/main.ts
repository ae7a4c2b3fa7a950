import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { cpus } from "node:os";
import { dirname } from "node:path";
import { table } from "../../packages/local/src/measure/markdown.ts";
import { timeReconnects } from "../../packages/local/src/measure/reconnect.ts";
import { commandLine } from "../../packages/program/src/command-line.ts";
import { deploy } from "../test/stand-in/deploy.ts";
import { startWorld } from "../test/stand-in/world.ts";
import { buildFloor, measureBundles } from "./bundle.ts";
import { type Compared, median } from "./process.ts";
import { measureThroughput } from "./throughput.ts";

const usage = `Usage: npm run bench -- [--json]

Measures the bundles, the broker's throughput and the SDK's reconnect, each against its floor. --json: values, not Markdown.`;
const { json = false } = commandLine({ usage, options: { json: { type: "boolean" } } }).values;

function ratio({ ratio, spread }: Compared): string[] {
  return [ratio.toFixed(2), spread.map((end) => end.toFixed(2)).join("–")];
}

const deployed = await deploy({ stage: "bench" });
const world = await startWorld(deployed.graph);
const floor = buildFloor();
try {
  const bundles = await measureBundles(deployed, floor);
  const rates = await measureThroughput(deployed, world, floor);
  const random = { bytes: (length: number) => new Uint8Array(randomBytes(length)) };
  const rounds = await timeReconnects({ random, now: () => performance.now() });
  const reconnects = {
    sdkMs: median(rounds.map(({ sdk }) => sdk)),
    bareMs: median(rounds.map(({ bare }) => bare)),
    ratio: median(rounds.map(({ sdk, bare }) => sdk / bare)),
  };
  const text = [
    `Node ${process.version}, ${cpus()[0]?.model ?? "unknown CPU"} (${cpus().length}); made by \`npm run bench\`.`,
    table(
      ["bundle", "KB", "import, ms", "of the floor's", "half of the runs", "CPU, ms", "of the floor's", "half of the runs"],
      bundles.map(({ name, kilobytes, wallMs, cpuMs }) => [
        name,
        kilobytes.toFixed(0),
        ...[wallMs, cpuMs].flatMap((compared) => [compared.median.toFixed(1), ...ratio(compared)]),
      ]),
    ),
    table(
      ["signals at once", "floor, a CPU-second", "broker, a CPU-second", "of the floor's", "half of the runs"],
      rates.map(({ concurrency, floor, broker }) => [concurrency, floor.median.toFixed(0), broker.median.toFixed(0), ...ratio(broker)]),
    ),
    table(
      ["from a cut socket to", "ms", "of the bare socket's"],
      [
        ["an open socket of `ws`, with a ticket at hand", reconnects.bareMs.toFixed(1), "1.00"],
        [
          "the SDK online: ticket, socket, hello, welcome; without the random wait",
          reconnects.sdkMs.toFixed(1),
          reconnects.ratio.toFixed(2),
        ],
      ],
    ),
  ].join("\n\n");
  process.stdout.write(json ? `${JSON.stringify({ bundles, rates, reconnects }, undefined, 2)}\n` : `${text}\n`);
} finally {
  await world.stop();
  deployed.remove();
  rmSync(dirname(floor), { recursive: true });
}
