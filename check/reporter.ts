import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { JsonReporter } from "vitest/node";
import { unhandledOf } from "./unhandled.ts";

type Ended = Parameters<JsonReporter["onTestRunEnd"]>[0];

/** Vitest's JSON report, with the errors outside of tests, which that leaves out. It is written to `--outputFile.json`. */
export default class extends JsonReporter {
  override async onTestRunEnd(modules: Ended, errors: readonly object[] = []): Promise<void> {
    await super.onTestRunEnd(modules);
    const { outputFile, root } = this.ctx.config;
    if (typeof outputFile !== "object" || outputFile.json === undefined) return;
    const path = resolve(root, outputFile.json);
    const report: object = JSON.parse(readFileSync(path, "utf8"));
    writeFileSync(path, JSON.stringify({ ...report, unhandled: errors.map(unhandledOf) }));
  }
}
