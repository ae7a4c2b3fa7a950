import { createHmac } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { createVerifier } from "@tether/api/caller/verifier";
import { createHandler } from "@tether/api/handler";
import { createDynamo } from "@tether/aws/dynamo";
import { countClose, countPost, countStore, countThrottle, type Log, noteTransition } from "@tether/aws/invocation";
import { createOutbox } from "@tether/aws/outbox";
import type { Env } from "@tether/broker/env";
import { createHandlers } from "@tether/broker/handlers";
import { createSweep } from "@tether/broker/sweep";
import { type ControlKeys, parseControlKeys } from "@tether/core/control";
import { type IceProvider, staticIce } from "@tether/core/ice";
import { createIds, type Random } from "@tether/core/id";
import { createStore, type Store } from "@tether/core/store";
import type { KeyRing } from "@tether/core/ticket";
import type { SignIns } from "@tether/core/user";
import { limits } from "@tether/protocol/limits";
import { identitySources } from "../../../infra/identity-source.ts";
import type { Clock } from "./clock/clock.ts";
import { dialInside } from "./clock/inside.ts";
import type { Quiet } from "./clock/quiet.ts";
import { type Counting, startCounting } from "./engine/counting.ts";
import { type Engine, startEngine } from "./engine/engine.ts";
import type { Meter } from "./engine/meter.ts";
import { retryAtOnce } from "./engine/retry.ts";
import { createMortality } from "./fault/crash.ts";
import { createFaults, type Faults } from "./fault/faults.ts";
import { drawFrom, seededRandom } from "./fault/random.ts";
import { storeVerdict } from "./fault/store.ts";
import type { Cors } from "./gateway/cors.ts";
import { createGateway, type Gateway } from "./gateway/gateway.ts";
import { createHttpApi, type HttpResult } from "./gateway/http-api.ts";
import { createIdentity, type Identity } from "./identity/identity.ts";
import { startServer } from "./server.ts";
import { sweepEvery } from "./sweeping.ts";
import { anyone, createTable, tableName } from "./table.ts";
import { createThrottle, type Throttle } from "./throttle.ts";
import type { Turn } from "./turn.ts";

export type SystemOptions = {
  /** 0 takes a free one. */
  readonly port: number;
  /** Without it all is kept in memory. */
  readonly dataDir?: string;
  /** A DynamoDB endpoint to use in place of the engine that comes along. */
  readonly dynamodb?: string;
  /** Told what each request to the store costs. */
  readonly meter?: Meter;
  readonly clock: Clock;
  /** Runs the engine and what waits for the real world; the same as `clock` unless time is virtual. */
  readonly realClock: Clock;
  readonly random: Random;
  readonly ring: KeyRing;
  /** Without them a key is made for this run. */
  readonly controlKeys?: ControlKeys;
  readonly identityKeys?: { load(): Promise<unknown>; save(keys: unknown): Promise<void> };
  readonly ice?: IceProvider;
  /** In place of the identity provider's own. */
  readonly signIns?: SignIns;
  /** How long leases are, in ms. */
  readonly leaseMs?: number;
  /** Under which metrics are counted; they are left out without it. */
  readonly namespace?: string;
  readonly log: Log;
  /**
   * For faults and ids of the gateway: the same seed gives the same run, and the same ids. Without one both come of `random`, as
   * they must where the table outlives the process: an id that comes again belongs to a session that is not the new connection's.
   */
  readonly seed?: number;
  readonly faults?: Faults;
  readonly quiet?: Quiet;
  /** New connections a second; the account's quota unless told. The API throttles by it too. */
  readonly connectsPerSecond?: number;
  /** What requests and handshakes must show one of, as behind a deployment's edge; nothing unless told. */
  readonly edgeKeys?: readonly string[];
  /** A CORS configuration of the HTTP API; none is deployed. */
  readonly cors?: Cors;
  /** In which order what comes to the gateway, and what handlers ask of store and gateway, has its turn; as it comes unless told. */
  readonly turn?: Turn;
  /** Answers requests that are for neither of the parts. */
  readonly also?: { handle(request: IncomingMessage, response: ServerResponse): boolean };
};

/** Everything on one machine: API, broker, gateway, identity provider and engine, on one port. */
export interface System {
  readonly origin: string;
  readonly brokerUrl: string;
  readonly identity: Identity;
  readonly gateway: Gateway;
  readonly throttle: Throttle;
  /** A connection to this system that takes no port. */
  readonly dial: () => Duplex;
  readonly faults: Faults;
  readonly store: Store;
  /** The engine itself, for whoever looks at the table with more rights than the deployment's. */
  readonly engineUrl: string;
  /** What the handlers were handed. */
  readonly env: Env & { readonly leaseMs: number };
  /** What was asked of the engine, request by request. */
  readonly requests: Counting;
  /** Resolves, with what happened, when a part ends by itself that nothing works without. */
  readonly failed: Promise<string>;
  stop(): Promise<void>;
}

/** One process stands for a thousand Lambdas here: that its requests queue for a socket is no sign of anything. It has no time-outs, as the machine's time is not the system's. */
const requestHandler = { socketAcquisitionWarningTimeout: 2 ** 31 - 1 };

/** Where the gateway's API is mounted: API Gateway calls it the stage. */
const stage = "broker";

export async function startSystem(options: SystemOptions): Promise<System> {
  const { clock, realClock, log, random, ring, quiet, ice = staticIce([]) } = options;
  const { connectsPerSecond = limits.gateway.connectsPerSecond, edgeKeys = [] } = options;
  const server = await startServer(options.port, { log, clock });
  const { origin } = server;
  const engine: Pick<Engine, "url" | "stop" | "died"> = options.dynamodb
    ? { url: options.dynamodb, stop: async () => undefined, died: new Promise<never>(() => undefined) }
    : await startEngine({ clock: realClock, ...(options.dataDir && { dataDir: options.dataDir }) });
  const draw = options.seed === undefined ? drawFrom(random) : seededRandom(options.seed);
  const faults = options.faults ?? createFaults({ random: draw });
  const mortality = createMortality({ faults, turn: options.turn });
  const lagging = { clock, inForce: () => faults.list().some(({ name }) => name === "store.stale") };
  const requests = await startCounting({
    clock: realClock,
    target: engine.url,
    faultsInForce: storeVerdict(faults),
    lagging,
    overlap: { holdMs: faults.holdMs },
    meter: options.meter,
  });
  await createTable(engine.url);
  const identity = await createIdentity({
    issuer: `${origin}/identity`,
    clock,
    redirectUris: [`${origin}/`],
    nativeRedirectUri: limits.signIn.redirectUri,
    ...(options.identityKeys && { keep: options.identityKeys }),
    log,
  });
  const retrying = clock === realClock ? {} : { retryStrategy: retryAtOnce };
  const dynamo = createDynamo({ ...anyone, endpoint: requests.url, requestHandler, ...retrying }, countStore, countThrottle);
  mortality.watch(dynamo);
  // Where each request waits for its turn, an order that hung on real time would be another in each run.
  const pause = (ms: number) => new Promise<void>((resolve) => void (options.turn ? resolve() : realClock.after(ms, resolve)));
  const store = createStore(dynamo, tableName, { pause, random: seededRandom((options.seed ?? 1) + 1) });
  const atOnce = async () => undefined;
  // As with the SDK's own retries: where time is virtual nothing is gained by waiting for real time.
  const pacing = { pause: clock === realClock ? pause : atOnce, random: seededRandom((options.seed ?? 1) + 2) };
  const credentials = { accessKeyId: "broker", secretAccessKey: createHmac("sha256", ring[0].secret).update("@connections").digest("hex") };
  const outbox = mortality.within(
    createOutbox(
      { region: "local", credentials, endpoint: `${origin}/${stage}`, requestHandler, ...retrying },
      { onPost: countPost, onClose: countClose(clock) },
    ),
  );
  const { controlKeys = parseControlKeys(`run:${Buffer.from(random.bytes(32)).toString("base64url")}`) } = options;
  const { leaseMs = limits.auth.leaseMs } = options;
  const env: System["env"] = {
    store,
    clock,
    ids: createIds(clock, random),
    outbox,
    pacing,
    ring,
    controlKeys,
    ice,
    log,
    leaseMs,
    onTransition: noteTransition(clock),
    namespace: options.namespace,
  };
  const brokerUrl = `${origin.replace("http", "ws")}/${stage}`;
  const gateway = createGateway({
    clock,
    random: draw,
    log,
    handlers: mortality.handlers(createHandlers({ ...env, edgeKeys })),
    credentials,
    stage,
    publicUrl: brokerUrl,
    connectsPerSecond,
    identitySources,
    faults,
    ...(quiet && { quiet }),
    ...(options.turn && { turn: options.turn }),
  });
  const verifier = createVerifier(
    { issuer: identity.issuer, clientIds: [identity.clientId], jwksUri: identity.jwksUri, allowHttp: true },
    { clock },
  );
  const { issuer, clientId } = identity;
  const settings = { origin, brokerUrl, corsOrigins: [origin], edgeKeys, signIn: { issuer, clientId } };
  const { signIns = signInsAt(identity) } = options;
  const answer = createHandler({ ...env, random, verifier, signIns, settings });
  const api = createHttpApi({
    clock,
    // Of its own, so that requests do not change what a seed makes of the faults.
    random: options.seed === undefined ? drawFrom(random) : seededRandom(options.seed),
    // The adapter's types want what it does not read.
    handler: (event) => mortality.live(async () => (await answer(event as never)) as HttpResult),
    cors: options.cors,
  });
  const throttle = createThrottle({ clock, connectsPerSecond });
  server.answer({
    request(request, response) {
      if (gateway.handleRequest(request, response) || identity.handle(request, response) || options.also?.handle(request, response)) return;
      if (!throttle.handle(request, response)) api.handle(request, response);
    },
    upgrade: gateway.handleUpgrade,
  });
  const sweep = createSweep(env);
  const sweeping = sweepEvery({ clock, quiet, faults, sweep: () => mortality.live(sweep) });
  return {
    origin,
    brokerUrl,
    identity,
    gateway,
    throttle,
    dial: dialInside(server.server),
    faults,
    store,
    engineUrl: engine.url,
    env,
    requests,
    failed: engine.died,
    async stop() {
      sweeping.stop();
      gateway.close();
      await server.stop();
      await requests.stop();
      await engine.stop();
    },
  };
}

function signInsAt(identity: Identity): SignIns {
  return {
    async end(sub) {
      identity.endSignIns(sub);
      return "ended";
    },
  };
}
