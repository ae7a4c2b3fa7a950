import { printable } from "@tether/program/printable";
import { causes } from "@tether/protocol/cause";
import type { LogLine } from "@tether/sdk/log";
import { type Account, makeInstance, type Reason, type RobotSession, serve, thumbprint } from "@tether/sdk/robot";
import { accountOf, type Ended } from "../driver/driver.ts";
import { isTrouble, type Trouble } from "../exit.ts";
import { acquireRunLock } from "../state/run-lock.ts";
import { beginRun, type RunMark } from "../state/run-mark.ts";
import { openRunStatus, type RunStatus, readRunStatus } from "../state/run-status.ts";
import { keysIn } from "../state/store.ts";
import { endUpdate, updateOf } from "../state/update.ts";
import { readTrialResult, writeTrialResult } from "../update/trial-result.ts";
import { watchForUpdate } from "../update/watch.ts";
import { answerClock } from "./answer-clock.ts";
import { either } from "./either.ts";
import { pauseUntilEnrolledAnew } from "./enrolled-anew.ts";
import { readEnrollment } from "./enrollment.ts";
import type { CommandEnv, Outcome } from "./env.ts";
import { createPendingAccount } from "./pending-account.ts";
import { reportState } from "./report-state.ts";
import { createRetry } from "./retry.ts";
import { type ReadyDriver, startDriver } from "./start-driver.ts";
import { tellUnready } from "./tell-unready.ts";

const keyWords: Readonly<Record<string, string>> = {
  "key.made": "The key is due: a new one is on disk.",
  "key.announced": "The service knows the new key; the next ticket is bought with it.",
  "key.current": "The new key is the current one.",
  "key.refused": "The service did not take the new key.",
  "key.unsaved": "The key file could not be written.",
  "key.unreadable": "The key file could not be read.",
};

/** A driver that ends within this time of being ready, in ms, counts towards a crash loop. */
const soonMs = 60_000;

/** A driver that is not ready after this time, in ms, is told to the service. One with a model to load is ready before. */
const unreadyMs = 60_000;

const updating: Trouble = {
  exit: "updating",
  code: "version.installed",
  says: "Another version is installed, and nobody drives.",
  remedy: "Start it again; a service manager does that by itself.",
};

const standby = "Another agent with this robot's key is online. This one stands by, and goes on within 2 minutes after that one left.";

/** Keeps the robot online until the agent is stopped, the service refuses the robot for good, or the driver ends. */
export async function run(env: CommandEnv): Promise<Outcome> {
  const enrollment = await readEnrollment(env);
  if (isTrouble(enrollment)) return enrollment;
  const { config, files, platform } = env;
  const release = await acquireRunLock(files, config.state, { pid: env.process.id, since: platform.clock.now() });
  if (isTrouble(release)) return release;
  const last = await readRunStatus(files, config.state);
  const mark = await beginRun(files, config.state, { ...env.process, ...env.installation }, last === undefined || last.status === "online");
  await endUpdate(files, config.state);
  env.process.setCrashNote?.({ path: mark.path, text: mark.textFor({ cause: "agent.crashed" }) });
  try {
    const account = createPendingAccount(mark.before);
    const outcome = await runLocked(env, { ...enrollment, mark, account });
    await mark.end(account.unreported(isEnded(outcome) ? accountOf(outcome) : undefined));
    return outcome;
  } finally {
    env.process.setCrashNote?.(undefined);
    release();
  }
}

function isEnded(outcome: Outcome): outcome is Ended {
  return outcome !== "done" && !isTrouble(outcome);
}

async function runLocked(env: CommandEnv, run: RunState): Promise<Outcome> {
  const { driver } = env.config;
  if (driver === undefined)
    return untilUpdated(
      env,
      () => false,
      (stopped) => stayOnline({ ...env, stopped }, run),
    );
  const ready = await startDriverReported(env, driver, run);
  if (ready === "done" || isTrouble(ready) || "status" in ready) return ready;
  try {
    return await stayOnlineDriven(env, run, ready);
  } finally {
    await ready.close();
  }
}

type Enrollment = Exclude<Awaited<ReturnType<typeof readEnrollment>>, Trouble>;
type RunState = Enrollment & { readonly mark: RunMark; readonly account: ReturnType<typeof createPendingAccount> };

/** Starts the driver. One that is not ready for a minute, or ended before it was, is told to the service. */
async function startDriverReported(env: CommandEnv, named: string, run: RunState): ReturnType<typeof startDriver> {
  const ready = new AbortController();
  let telling: Promise<unknown> | undefined;
  const cancel = env.platform.clock.after(unreadyMs, () => {
    if (!run.mark.isNews()) return;
    telling = tellUnready({ ...env, stopped: either(env.stopped, ready.signal) }, run, { cause: "driver.hung", during: "start" });
  });
  const came = await startDriver(env, named, run.mark);
  cancel();
  ready.abort();
  await telling;
  if (came !== "done" && "status" in came) {
    const account = run.mark.driverEnded(accountOf(came), true);
    // The first end is told, and the one that makes it a loop. With any other a restarted robot would make a session for each start, which
    // takes the place of another agent's of this robot, and says nothing new.
    if (run.mark.isNews()) run.account.left(account, await tellUnready(env, run, account));
  }
  return came;
}

async function stayOnlineDriven(env: CommandEnv, run: RunState, { handleSession, tracks, ended, isDriven }: ReadyDriver): Promise<Outcome> {
  const over = new AbortController();
  const readyAt = env.platform.clock.now();
  void ended.then((how) => {
    const soon = env.platform.clock.now() - readyAt < soonMs;
    // A stop on request takes precedence over the driver's end as the reason.
    over.abort(env.stopped.aborted ? undefined : run.mark.driverEnded(accountOf(how), soon));
  });
  const outcome = await untilUpdated(env, isDriven, (stopped) =>
    stayOnline({ ...env, handleSession, stopped: either(stopped, over.signal) }, run, tracks),
  );
  // A service manager may end the driver together with the agent: that is a stop on request, too.
  return over.signal.aborted && !env.stopped.aborted ? ended : outcome;
}

/** Runs until it ends by itself, or another version is installed and nobody drives. */
async function untilUpdated(
  { installation, platform, files, config, stopped }: CommandEnv,
  isDriven: () => boolean,
  work: (stopped: AbortSignal) => Promise<Outcome>,
): Promise<Outcome> {
  if (!installation) return work(stopped);
  const { version, current } = installation;
  const failed = () => readTrialResult(files, config.state, "failed");
  const watch = watchForUpdate({ clock: platform.clock, version, current, failed, isDriven });
  const outcome = await work(either(stopped, watch.signal));
  watch.close();
  return outcome === "done" && watch.signal.aborted && !stopped.aborted ? updating : outcome;
}

async function stayOnline(env: CommandEnv, { store, account, ...first }: RunState, tracks: ReadyDriver["tracks"] = []): Promise<Outcome> {
  const { config, files, platform, say, stopped } = env;
  let { enrolled, api } = first;
  const keys = keysIn(store, platform.clock);
  const statusFile = openRunStatus(files, config.state);
  const prove = proof(env);
  let key: RunStatus["key"];
  const log = ({ event, ...facts }: LogLine) => {
    const line = keyWords[event];
    if (line !== undefined) say.event(line, { event, ...facts });
    if (event === "key.proved") key = facts as typeof key;
  };
  const instance = makeInstance(platform);
  let nextAfter = createRetry(platform);
  const introduce = () => say.progress(`${printable(enrolled.robot.name)} (${enrolled.robot.id}) at ${api}`);
  introduce();
  for (;;) {
    const robot = enrolled.robot.id;
    const session = serve({ api, robot, keys, instance, before: account.before(), tracks, platform, log });
    answerClock(session, platform.clock);
    session.on("state", ({ status }) => {
      if (status !== "online") return;
      account.online();
      prove();
    });
    session.on("state", (state) => reportState(env, session, state, (news) => statusFile.note({ ...news, ...(key && { key }) })));
    const { why, wasOnline } = await runSession(env, session);
    await statusFile.flushed();
    account.left(accountIn(stopped.reason), why);
    if (stopped.aborted) return "done";
    // The session was still authorized by the previous key, which was revoked; the current one is good.
    if (why.code === "credential.revoked" && key && key.kid !== (await thumbprint((await keys.load()).current))) continue;
    const next = nextAfter(why, wasOnline);
    if (isTrouble(next)) return next;
    if (next.isStandby) say.event(standby, { event: "standby", afterMs: Math.round(next.afterMs) });
    const anew = await pauseUntilEnrolledAnew(env, enrolled, next.afterMs);
    if (stopped.aborted) return "done";
    if (anew === undefined) continue;
    ({ enrolled, api } = anew);
    nextAfter = createRetry(platform);
    introduce();
  }
}

/** Notes, once, that this version was online here, which ends the watch over a new version. */
function proof({ installation, files, config, say }: CommandEnv): () => void {
  let isWritten = installation === undefined;
  return () => {
    if (isWritten || !installation) return;
    isWritten = true;
    void writeTrialResult(files, config.state, "proved", installation.version).catch(() => {
      say.event(`${config.state} cannot be written: this version cannot be marked as good.`, { event: "version.unproved" });
    });
  };
}

/** The account with which a driver's end aborted the run. */
function accountIn(reason: unknown): Account | undefined {
  return typeof reason === "object" && reason !== null && "cause" in reason ? (reason as Account) : undefined;
}

/** Runs one session. Resolves with the reason of its end. */
async function runSession(env: CommandEnv, session: RobotSession): Promise<{ why: Reason; wasOnline: boolean }> {
  const { handleSession, say, stopped } = env;
  const end = handleSession(session, say);
  // The robot stops first, because signing off takes time on a bad network.
  const leave = async () => {
    await end();
    const why = accountIn(stopped.reason) ?? (await updateOf(env));
    await (why ? session.leave(causes[why.cause].says, why) : session.leave("The agent was stopped."));
  };
  let wasOnline = false;
  const why = await new Promise<Reason>((resolve) => {
    session.on("state", ({ status, why: reason }) => {
      wasOnline ||= status === "online";
      if (status === "stopped" && reason) resolve(reason);
    });
    if (stopped.aborted) void leave();
    stopped.addEventListener("abort", leave);
  });
  stopped.removeEventListener("abort", leave);
  await end();
  return { why, wasOnline };
}
