import { createHmac } from "node:crypto";
import type { Duplex } from "node:stream";
import { createVerifier } from "@tether/api/caller/verifier";
import { createHandler } from "@tether/api/handler";
import { createCells } from "@tether/aws/cell";
import { createDynamo } from "@tether/aws/dynamo";
import { countClose, countFailure, countPost, countStore, countThrottle, noteTransition } from "@tether/aws/invocation";
import { createOutbox } from "@tether/aws/outbox";
import type { Env } from "@tether/broker/env";
import { createHandlers } from "@tether/broker/handlers";
import { createPresence, createSweep } from "@tether/broker/sweep";
import { parseControlKeys } from "@tether/core/control";
import { staticIce } from "@tether/core/ice";
import { createIds } from "@tether/core/id";
import { createStore, type Store } from "@tether/core/store";
import { foreign } from "@tether/core/user";
import { limits } from "@tether/protocol/limits";
import { identitySources } from "../../../infra/identity-source.ts";
import { trackedFetch } from "./clock/fetch.ts";
import { dialInside } from "./clock/inside.ts";
import { type RequestTime, requestTimeOf } from "./clock/request-time.ts";
import { createDeployment, type Rings } from "./deployment.ts";
import { sweepWhereDue } from "./due-sweep.ts";
import type { Counting } from "./engine/counting.ts";
import { retryAtOnce } from "./engine/retry.ts";
import { createMortality } from "./fault/crash.ts";
import { createFaults, type Faults } from "./fault/faults.ts";
import { permanentFaults } from "./fault/permanent.ts";
import { drawFrom, seededRandom } from "./fault/random.ts";
import { createAccount } from "./gateway/account.ts";
import { createGateway, type Gateway } from "./gateway/gateway.ts";
import { createHttpApi, type HttpResult } from "./gateway/http-api.ts";
import { createIdentity, type Identity } from "./identity/identity.ts";
import { signInsAt } from "./identity/sign-ins.ts";
import { startServer } from "./server.ts";
import { sweepEvery } from "./sweeping.ts";
import type { SystemOptions } from "./system-options.ts";
import { anyone, tableName } from "./table.ts";
import { createThrottle, type Throttle } from "./throttle.ts";
import { startUnkindEngine } from "./unkind-engine.ts";

/** Everything on one machine: API, broker, gateway, identity provider and engine, on one port. */
export interface System {
  readonly origin: string;
  readonly brokerUrl: string;
  readonly identity: Identity;
  readonly gateway: Gateway;
  readonly throttle: Throttle;
  /** How often the sweeper and the presence checks ran. */
  readonly sweeps: () => { readonly sweeps: number; readonly presences: number };
  /** A connection to this system that takes no port. */
  readonly dial: () => Duplex;
  readonly faults: Faults;
  /** The time that requests to the cloud take. */
  readonly time: RequestTime;
  readonly store: Store;
  /** The engine itself, for whoever looks at the table with more rights than the deployment's. */
  readonly engineUrl: string;
  /** The environment that the handlers were handed. */
  readonly env: Env & { readonly leaseMs: number };
  /** The requests that the engine had, one by one. */
  readonly requests: Counting;
  /** Deploys API, broker and sweeper anew, with other keys where they are given. */
  deploy(rings?: Partial<Rings>): void;
  /** Resolves, with what happened, when a part ends by itself that nothing works without. */
  readonly failed: Promise<string>;
  stop(): Promise<void>;
}

/** This process stands for a thousand Lambdas: requests that queue for a socket are no sign of anything. There are no time-outs, as the machine's time is not the system's. */
const requestHandler = { socketAcquisitionWarningTimeout: 2 ** 31 - 1 };

/** Where the gateway's API is mounted: API Gateway calls it the stage. */
const stage = "broker";

export async function startSystem(options: SystemOptions): Promise<System> {
  const { clock, realClock, log, random, ring, quiet, ice = staticIce([]) } = options;
  const { connectsPerSecond = limits.gateway.connectsPerSecond, edgeKeys = [], leaseMs = limits.auth.leaseMs } = options;
  const server = await startServer(options.port, { log, clock });
  const { origin } = server;
  const giveUp = async (error: unknown): Promise<never> => {
    await server.stop();
    throw error;
  };
  const chance = (nth: number) => (options.seed === undefined ? drawFrom(random) : seededRandom(options.seed + nth));
  const draw = chance(0);
  const time = requestTimeOf({ clock, realClock, quiet, turned: options.turn !== undefined });
  const faults = options.faults ?? createFaults({ random: draw, permanent: options.permanent ?? permanentFaults(clock !== realClock) });
  const account = createAccount({ time, faults });
  const mortality = createMortality({ faults, turn: options.turn });
  const identity = await createIdentity({
    issuer: `${origin}/identity`,
    clock,
    redirectUris: [`${origin}/`],
    nativeRedirectUri: limits.signIn.redirectUri,
    ...(options.identityKeys && { keep: options.identityKeys }),
    log,
  }).catch(giveUp);
  const engine = await startUnkindEngine({ ...options, time, faults }).catch(giveUp);
  const retrying = clock === realClock ? {} : { retryStrategy: retryAtOnce };
  const dynamo = createDynamo(
    { ...anyone, endpoint: engine.url, requestHandler: engine.requests.requestHandler, ...retrying },
    countStore,
    countThrottle,
  );
  mortality.watch(dynamo);
  const store = createStore(dynamo, tableName, { pause: time.wait, random: chance(1) });
  const credentials = { accessKeyId: "broker", secretAccessKey: createHmac("sha256", ring[0].secret).update("@connections").digest("hex") };
  const outbox = mortality.within(
    createOutbox(
      { region: "local", credentials, endpoint: `${origin}/${stage}`, requestHandler, ...retrying },
      { onPost: countPost, onClose: countClose(clock), onFailed: countFailure },
    ),
  );
  const { controlKeys = parseControlKeys(`run:${Buffer.from(random.bytes(32)).toString("base64url")}`) } = options;
  const env: System["env"] = {
    store,
    clock,
    ids: createIds(clock, random),
    outbox,
    pacing: { pause: time.wait, random: chance(2) },
    ring,
    controlKeys,
    ice,
    log,
    leaseMs,
    onTransition: noteTransition(clock),
    namespace: options.namespace,
  };
  const { publicOrigin = origin } = options;
  const brokerUrl = `${publicOrigin.replace("http", "ws")}/${stage}`;
  const { home } = options;
  const users = home?.identity ?? identity;
  const [{ issuer, clientId }, { signIns = home ? foreign : signInsAt(identity) }] = [users, options];
  const asked = quiet ? trackedFetch(quiet, fetch) : fetch;
  const cells = options.cells && createCells(options.cells.origins, options.cells.keys, asked);
  const shared = {
    origin: home?.origin ?? publicOrigin,
    brokerUrl,
    corsOrigins: [publicOrigin, ...(options.origins ?? [])],
    edgeKeys,
    homeKeys: home?.keys ?? [],
    signIn: { issuer, clientId },
  };
  const throttle = createThrottle({ clock, connectsPerSecond });
  // The deployed sweeper asks the API; a request of its own would be in everybody's counts here.
  const sweeper = { admits: async () => throttle.admits(), ...(options.mutesIdle && { mutesIdle: true }) };
  const { functions, deploy } = createDeployment(
    (rings) => {
      const handed = { ...env, ...rings };
      const verifier = createVerifier(
        { issuer, clientIds: [clientId], jwksUri: users.jwksUri, allowHttp: true },
        quiet ? { clock, fetch: (uri) => quiet.track("connect to the issuer", fetch(uri)) } : { clock },
      );
      return {
        handlers: mortality.handlers(createHandlers({ ...handed, edgeKeys })),
        answer: createHandler({
          ...handed,
          random,
          verifier,
          signIns,
          cells,
          settings: { ...shared, install: `${origin}/install/robot.sh` },
        }),
        sweep: createSweep({ ...handed, ...sweeper }),
        presence: createPresence({ ...handed, ...sweeper }),
      };
    },
    { ring, controlKeys },
  );
  const gateway = createGateway({
    clock,
    random: draw,
    log,
    handlers: functions.handlers,
    credentials,
    stage,
    publicUrl: brokerUrl,
    connectsPerSecond,
    identitySources,
    faults,
    account,
    time,
    ...(quiet && { quiet }),
    ...(options.turn && { turn: options.turn }),
  });
  const api = createHttpApi({
    clock,
    random: chance(0), // Of its own, so that requests do not change what a seed makes of the faults.
    // The adapter's types want what it does not read.
    handler: (event) => mortality.live(async () => (await functions.answer(event as never)) as HttpResult),
    account,
    coldStart: () => time.wait(faults.coldMs()),
    cors: options.cors,
  });
  server.answer({
    request(request, response) {
      if (gateway.handleRequest(request, response) || identity.handle(request, response) || options.also?.handle(request, response)) return;
      if (!throttle.handle(request, response)) api.handle(request, response);
    },
    upgrade: gateway.handleUpgrade,
  });
  const sweep = sweepWhereDue({ store, clock, requests: engine.requests, isOn: options.sweepsWhereDue }, functions.sweep);
  const sweeping = sweepEvery({ clock, quiet, faults, time, sweep: () => account.run(() => mortality.live(sweep)) });
  const presence = () => account.run(() => mortality.live(functions.presence));
  const looking = sweepEvery({ clock, quiet, faults, time, sweep: presence, everyMs: limits.presence.everyMs });
  return {
    origin,
    brokerUrl,
    identity,
    gateway,
    throttle,
    sweeps: () => ({ sweeps: sweeping.runs(), presences: looking.runs() }),
    dial: dialInside(server.server),
    faults,
    time,
    store,
    engineUrl: engine.url,
    env,
    requests: engine.requests,
    deploy,
    failed: engine.died,
    async stop() {
      sweeping.stop();
      looking.stop();
      gateway.close();
      await server.stop();
      await engine.stop();
    },
  };
}
