import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateTableCommand, DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { realClock } from "../../src/clock/real.ts";
import { engineBinary } from "../../src/engine/binary.ts";
import { type Engine, startEngine } from "../../src/engine/engine.ts";

const running: Engine[] = [];
let dataDir = "";

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "tether-engine-"));
});
afterEach(async () => {
  for (const engine of running.splice(0)) await engine.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function start(
  options: { dataDir?: string } = {},
): Promise<{ engine: Engine; tables: () => Promise<string[] | undefined>; create: () => Promise<unknown> }> {
  const engine = await startEngine({ clock: realClock, ...options });
  running.push(engine);
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const client = new DynamoDBClient({ endpoint: engine.url, region: "local", credentials, maxAttempts: 1 });
  return {
    engine,
    tables: async () => (await client.send(new ListTablesCommand({}))).TableNames,
    create: () =>
      client.send(
        new CreateTableCommand({
          TableName: "tether",
          BillingMode: "PAY_PER_REQUEST",
          AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
          KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
        }),
      ),
  };
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe("the engine", () => {
  it("answers once started and is gone once stopped", async () => {
    const { engine, tables } = await start();
    expect(await tables()).toEqual([]);
    await engine.stop();
    expect(alive(engine.pid)).toBe(false);
    await expect(tables()).rejects.toThrow();
  });

  it("keeps what was written in its data directory, made if need be", async () => {
    const inner = join(dataDir, "made");
    const first = await start({ dataDir: inner });
    await first.create();
    await first.engine.stop();
    const second = await start({ dataDir: inner });
    expect(await second.tables()).toEqual(["tether"]);
  });

  it("ends the engine that an earlier run left on the same data", async () => {
    const left = await start({ dataDir });
    await left.create();
    expect(readFileSync(join(dataDir, "engine.pid"), "utf8")).toBe(`${left.engine.pid}\n`);
    const next = await start({ dataDir });
    expect(await next.tables()).toEqual(["tether"]);
    await expect(left.tables()).rejects.toThrow();
  });

  it("does not end another program that has the number now", async () => {
    writeFileSync(join(dataDir, "engine.pid"), `${process.pid}\n`);
    const { engine } = await start({ dataDir });
    expect(engine.pid).not.toBe(process.pid);
  });

  it("says why it did not start", async () => {
    writeFileSync(join(dataDir, "dynamodb.sqlite"), "this is no database, and long enough to be seen as none ".repeat(100));
    await expect(startEngine({ clock: realClock, dataDir })).rejects.toThrow(/did not start: it ended with code \d+, saying “.+”/s);
  });

  it("tells that it ended by itself, and of no end that was ordered", async () => {
    const [{ engine }, other] = [await start(), await start()];
    const told: string[] = [];
    void other.engine.died.then((what) => told.push(what));
    await other.engine.stop();
    process.kill(engine.pid, "SIGKILL");
    expect(await engine.died).toMatch(/^The DynamoDB engine is gone: it ended by SIGKILL/);
    expect(told).toEqual([]);
  });

  it("names --dynamodb where there is no binary", () => {
    expect(() => engineBinary("sunos", "sparc")).toThrow(/no DynamoDB engine for sunos-sparc .*Start DynamoDB Local .* --dynamodb http/);
  });
});
