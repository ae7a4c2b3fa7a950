import { spawn } from "node:child_process";
import { join } from "node:path";
import { one, types, variablesOf } from "../test/reading.ts";
import type { Deployed } from "../test/stand-in/deploy.ts";
import { type Lambda, relink, startLambda } from "../test/stand-in/lambda.ts";
import type { World } from "../test/stand-in/world.ts";
import { account, moduleOf } from "./bundle.ts";
import { type Compared, compare } from "./process.ts";

/** Signals in a second of CPU. */
export type Throughput = { readonly concurrency: number; readonly floor: Compared; readonly broker: Compared };

const ids = {
  robotId: "rob_01HZZZZZZZZZZZZZZZZZZZZZZZ",
  robot: "rse_01HZZZZZZZZZZZZZZZZZZZZZZZ",
  client: "cse_01HZZZZZZZZZZZZZZZZZZZZZZY",
};
const kid = "A".repeat(43);
const rounds = 9;
const events = 1_500;

const principals = {
  robot: { type: "robot", kid },
  client: { type: "user", id: "me", role: "operator", by: "sub:me", issuedAt: 0 },
} as const;

function claimsOf(kind: "robot" | "client"): string {
  const times = { graceMs: 60_000, authExpiresAt: Date.now() + 3_600_000, exp: Math.floor(Date.now() / 1_000) + 60 };
  const { robotId, [kind]: sessionId } = ids;
  return JSON.stringify({
    jti: `tkt_${kind}`,
    use: "connect",
    kind,
    robotId,
    sessionId,
    principal: principals[kind],
    epoch: 1,
    renewals: 0,
    ...times,
  });
}

function eventOf(kind: "robot" | "client", eventType: string, frame?: object): object {
  const requestContext = { connectionId: `${kind}=`, connectedAt: Date.now(), eventType, authorizer: { claims: claimsOf(kind) } };
  return { requestContext, isBase64Encoded: false, ...(frame && { body: JSON.stringify(frame) }) };
}

/** Puts a robot and a client online, as the broker that was deployed does it. */
async function populate({ store }: World, broker: Lambda): Promise<void> {
  const { robotId } = ids;
  const { robot, credential, grant } = store.entities;
  await robot.create({ robotId, name: "Rover", createdAt: 0, createdBy: "me" }).go();
  const publicKey = { kty: "OKP", crv: "Ed25519", x: "A".repeat(43) } as const;
  await credential.create({ robotId, kid, state: "active", publicKey, registeredAt: 0, registeredBy: "me" }).go();
  await grant.create({ robotId, to: "sub:me", role: "operator", givenAt: 0, givenBy: "me" }).go();
  for (const kind of ["robot", "client"] as const) {
    await broker.invoke(eventOf(kind, "CONNECT"));
    await broker.invoke(eventOf(kind, "MESSAGE", { type: "hello", protocol: 1, features: [], instance: "ins_aaaaaaaa", received: {} }));
  }
}

function rate(file: string, event: object, concurrency: number, env: Record<string, string>): Promise<number> {
  const args = [join(import.meta.dirname, "worker.ts"), file, JSON.stringify(event), String(concurrency), String(events)];
  const child = spawn(process.execPath, args, { env, stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  return new Promise((resolve, reject) => {
    child.once("exit", () => (Number(said) > 0 ? resolve(Number(said)) : reject(new Error(said))));
  });
}

/** Signals relayed in a second of CPU, by the broker and by the floor: one read and one post each, in turn. */
export async function measureThroughput(deployed: Deployed, world: World, floor: string): Promise<Throughput[]> {
  const bundle = deployed.bundle("BrokerHandler");
  relink(bundle, { Broker: { managementEndpoint: world.management } });
  const { file } = moduleOf(deployed, "BrokerHandler");
  const fn = one(deployed.graph, types.fn, "BrokerHandlerFunction");
  const env = { ...variablesOf(fn), ...account, AWS_ENDPOINT_URL_DYNAMODB: world.dynamodb, SST_KEY_FILE: join(bundle.dir, "resource.enc") };
  const broker = await startLambda(bundle, String(fn.inputs.handler), env);
  try {
    await populate(world, broker);
  } finally {
    broker.stop();
  }
  const signal = { type: "signal", to: ids.robot, stream: 1, seq: 1, data: { kind: "app", body: "x".repeat(200) } };
  const event = eventOf("client", "MESSAGE", signal);
  const table = String(one(deployed.graph, types.table).inputs.name);
  const partition = await partitionOf(world);
  const floorEnv = {
    ...account,
    AWS_ENDPOINT_URL_DYNAMODB: world.dynamodb,
    MANAGEMENT_ENDPOINT: world.management,
    TABLE: table,
    PARTITION: partition,
  };

  const measured: Throughput[] = [];
  for (const concurrency of [1, 16]) {
    const [floorRate, brokerRate] = await compare(
      [floor, file].map((path) => async () => ({ rate: await rate(path, event, concurrency, path === floor ? floorEnv : env) })),
      rounds,
    );
    if (floorRate && brokerRate) measured.push({ concurrency, floor: floorRate.rate, broker: brokerRate.rate });
  }
  const relayed = world.posted.filter(({ frame }) => frame.type === "signal" && frame.from === ids.client).length;
  // A quarter as many warm each process up.
  const wanted = measured.length * rounds * (events + events / 4);
  if (relayed < wanted) throw new Error(`The broker relayed ${relayed} of ${wanted} signals.`);
  return measured;
}

/** The partition key of the robot's live sessions, so that the floor reads what the broker reads. */
async function partitionOf({ store }: World): Promise<string> {
  const { data } = await store.entities.session.query.primary({ robotId: ids.robotId }).go({ data: "raw" });
  const { Items = [] } = data as unknown as { Items?: { pk: string }[] };
  return Items[0]?.pk ?? "";
}
