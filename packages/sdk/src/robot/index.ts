import type { Account } from "@tether/protocol/account";
import { type InstanceId, type RobotId, RobotSessionId } from "@tether/protocol/id";
import type { Signer } from "../assertion/signer.ts";
import { createGuard, type Guard, type GuardOptions } from "../control/guard/guard.ts";
import type { KeyStore } from "../credential/key-store.ts";
import { rotatingTickets } from "../credential/rotating-tickets.ts";
import type { Log } from "../log.ts";
import { type Platform, worldOf } from "../platform.ts";
import { openSession } from "../session/open.ts";
import type { Session } from "../session/session.ts";
import { robotTickets } from "../ticket/robot.ts";

export type RobotSession = Session<RobotSessionId> & {
  /** Lets operators drive the robot, as long as each of their commands is one to obey. Make it before the first event. */
  guard(options: GuardOptions): Guard;
  /** Puts on the timeline what befell the robot while its session goes on. It is lost where the broker cannot be reached. */
  report(account: Account): void;
};

/** `signer`: the robot's one key, which others care for. `keys`: the keys it keeps; they are rotated unasked when due. */
type Proof = { readonly signer: Signer; readonly keys?: undefined } | { readonly keys: KeyStore; readonly signer?: undefined };

export type ServeOptions = Proof & {
  /** The API's address, e.g. `https://api.example.org`. */
  readonly api: string;
  readonly robot: RobotId;
  /** This run of the robot's program, from `makeInstance`. Give it where one run serves again after it was superseded: as a new instance it would take over. */
  readonly instance?: InstanceId;
  /** What differs from Node's own clock, randomness, fetch and WebSocket. A socket that can ping notices a dead link sooner. */
  readonly platform?: Partial<Platform>;
  /** What ended the run before this one, where that did not sign off: for the timeline. */
  readonly before?: Account | undefined;
  /** Ids and codes of what happens; nothing secret is among them. */
  readonly log?: Log;
};

/** Puts a robot online, and keeps it online until told otherwise. The broker knows which session goes on. */
export function serve(options: ServeOptions): RobotSession {
  const world = worldOf(options.platform);
  const { api, robot, log = () => {} } = options;
  const env = { ...world, api, robot, log };
  const { session, broker } = openSession<RobotSessionId>({
    platform: world,
    log,
    tickets: options.keys ? rotatingTickets({ ...env, keys: options.keys }) : robotTickets({ ...env, signer: options.signer }),
    idOf(id) {
      const parsed = RobotSessionId.safeParse(id);
      return parsed.success ? parsed.data : undefined;
    },
    resume: undefined,
    instance: options.instance,
    save: () => {},
    features: [],
    before: options.before,
  });
  return Object.assign(session, {
    guard: (hooks: GuardOptions) => createGuard({ robot, broker, clock: world.steady, log }, hooks),
    report: (account: Account) => broker.send({ type: "report", account }),
  });
}

export type { Account } from "@tether/protocol/account";
export { type PrivateKey, type Signer, signerFromJwk, thumbprint } from "../assertion/signer.ts";
export type { Guard, GuardOptions } from "../control/guard/guard.ts";
export { hashOfCode } from "../credential/code.ts";
export { type Algorithm, algorithms, makeKeyPair, publicKeyOf } from "../credential/key-pair.ts";
export type { KeyStore, Keys } from "../credential/key-store.ts";
export { redeem } from "../credential/redeem.ts";
export { type Rotated, rotate } from "../credential/rotate.ts";
export type { Platform } from "../platform.ts";
export type { Reason } from "../reason.ts";
export { makeInstance } from "../session/open.ts";
export type { Session, SessionEvents, Status } from "../session/session.ts";
export type { SocketLike } from "../socket.ts";
