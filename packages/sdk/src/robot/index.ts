import type { Account } from "@tether/protocol/account";
import { type InstanceId, RobotSessionId } from "@tether/protocol/id";
import type { Signer } from "../assertion/signer.ts";
import { createGuard, type Guard, type GuardOptions } from "../control/guard/guard.ts";
import { createManoeuvreReporter, type Manoeuvred } from "../control/guard/manoeuvre-reporter.ts";
import type { KeyStore } from "../credential/key-store.ts";
import { rotatingTickets } from "../credential/rotating-tickets.ts";
import type { Log } from "../log.ts";
import { type Platform, platformWith } from "../platform.ts";
import { openSession } from "../session/open.ts";
import type { Session } from "../session/session.ts";
import { robotTickets } from "../ticket/robot.ts";

/** A robot's session, with the guard of its driver and what it reports to its timeline. */
export type RobotSession = Session<RobotSessionId> & {
  /**
   * Makes the guard, which hands the driver only commands that are safe to obey. Call it once, in the same turn as `serve`: a guard made later misses events.
   *
   * @example
   * const guard = session.guard({ onCommand: (command) => wheels.set(command), stop: () => wheels.stop() });
   * follow({ session, polite: false, connect, control: guard });
   */
  guard(options: GuardOptions): Guard;
  /** Puts an event of the robot on its timeline while the session goes on. Without a live connection the report is lost. */
  report(account: Account): void;
  /**
   * Puts on the timeline how the stages of a stop went that no guard of this session saw, `agoMs` after it began. What comes without a live
   * connection is told with the next one.
   */
  reportManoeuvre(done: Manoeuvred, agoMs: number): void;
};

/** The robot's proof of identity. `signer`: one key, whose rotation is the caller's. `keys`: kept keys, which are rotated unasked 30 days after they were made. */
type Proof = { readonly signer: Signer; readonly keys?: undefined } | { readonly keys: KeyStore; readonly signer?: undefined };

/** The options of `serve`: where, which robot, and the proof that it is this robot. */
export type ServeOptions = Proof & {
  /** The API's address, e.g. `https://api.example.org`. */
  readonly api: string;
  /** The robot's id, `rob_` and a ULID, as its enrollment answered it. */
  readonly robot: string;
  /** The instance of this run, from `makeInstance`. Default: a new one, which takes over from any other. A run that serves again after it was superseded must give its own. */
  readonly instance?: InstanceId;
  /** Replacements for Node's own clock, randomness, fetch and WebSocket. Default: none. A socket that can ping notices a dead network within a minute. */
  readonly platform?: Partial<Platform>;
  /** The end of the run before this one, where that run did not sign off: for the timeline. */
  readonly before?: Account | undefined;
  /** The kinds of the tracks that each peer connection is given, in their order: clients offer a place for each. Default: not told. SPEC W1.2 */
  readonly tracks?: readonly ("video" | "audio")[] | undefined;
  /** Takes one line per step: ids, codes and numbers, nothing secret. Default: no log. */
  readonly log?: Log;
};

/**
 * Puts a robot online, and reconnects until `leave`, `close`, or an answer of the service that is final; the broker knows which session goes
 * on. Returns at once and never throws: every failure comes as `state` with its reason.
 *
 * @example
 * const session = serve({ api: "https://api.example.org", robot: "rob_01J00000000000000000000000", signer: await signerFromJwk(key) });
 * session.on("state", ({ status, why }) => console.log(status, why?.says, why?.remedy));
 */
export function serve(options: ServeOptions): RobotSession {
  const world = platformWith(options.platform);
  const { api, robot, tracks, before, log = () => {} } = options;
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
    hello: (isFirst) => ({
      ...(tracks && { tracks: [...tracks] }),
      ...(isFirst && before && { before }),
    }),
  });
  const reporter = createManoeuvreReporter(broker, world.steady);
  return Object.assign(session, {
    guard: (hooks: GuardOptions) => createGuard({ robot, broker, clock: world.steady, log }, hooks),
    report: (account: Account) => broker.send({ type: "report", account }),
    reportManoeuvre: reporter.add,
  });
}

export type { Account } from "@tether/protocol/account";
export type { Actor } from "@tether/protocol/actor";
export type { Cause } from "@tether/protocol/cause";
export type { StageResult, StopReason } from "@tether/protocol/control";
export type { Axis, Button, Declaration, TelemetryField } from "@tether/protocol/declaration";
export type { PeerAway } from "@tether/protocol/frame/peer";
export type { SignalData, Undelivered } from "@tether/protocol/frame/signal";
export type { Welcome } from "@tether/protocol/frame/welcome";
export type { Enrolled, PublicKey } from "@tether/protocol/http";
export type { IceServer } from "@tether/protocol/ice-server";
export type { ClientSessionId, InstanceId, KeyId, RobotSessionId, SessionId } from "@tether/protocol/id";
export type { ManoeuvreReport } from "@tether/protocol/manoeuvre-report";
export type { OpenCode } from "@tether/protocol/open-code";
export type { Peer } from "@tether/protocol/peer";
export type { Problem, ProblemCode } from "@tether/protocol/problem";
export type { Evidence } from "@tether/protocol/timeline";
export { type PrivateKey, type Signer, signerFromJwk, thumbprint } from "../assertion/signer.ts";
export type { Clock } from "../clock.ts";
export type { Channels, Joins } from "../control/channel.ts";
export { type CommandOf, declareRobot } from "../control/guard/declare-robot.ts";
export type { Obeyed } from "../control/guard/event.ts";
export type { Guard, GuardOptions } from "../control/guard/guard.ts";
export type { Manoeuvre, Stage } from "../control/guard/manoeuvre.ts";
export type { Manoeuvred } from "../control/guard/manoeuvre-reporter.ts";
export { hashOfCode } from "../credential/code.ts";
export { type Algorithm, algorithms, makeKeyPair, publicKeyOf } from "../credential/key-pair.ts";
export type { KeyStore, Keys } from "../credential/key-store.ts";
export type { PrepareOptions } from "../credential/prepare.ts";
export type { Enrollment } from "../credential/redeem.ts";
export { redeem } from "../credential/redeem.ts";
export type { Answered, Refused } from "../credential/request.ts";
export { type Rotated, rotate } from "../credential/rotate.ts";
export type { KeyedEnv } from "../credential/tickets.ts";
export type { Log, LogLine } from "../log.ts";
export type { Platform } from "../platform.ts";
export type { Random } from "../random.ts";
export type { OwnCode, Reason, ReasonCode } from "../reason.ts";
export type { ChannelLike } from "../rtc/channel.ts";
export type { PeerConnectionLike } from "../rtc/peer-connection.ts";
export { makeInstance } from "../session/open.ts";
export type { Session, SessionEvents, Status } from "../session/session.ts";
export type { Away, DropReason } from "../signalling/interface.ts";
export type { SocketLike } from "../socket.ts";
export type { Refusal } from "../ticket/source.ts";
