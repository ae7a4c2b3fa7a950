import { plain } from "@tether/program/plain";
import { causes } from "@tether/protocol/cause";
import type { LogLine } from "@tether/sdk/log";
import {
  type Account,
  makeInstance,
  type Platform,
  type Reason,
  type RobotSession,
  type SessionEvents,
  type Status,
  serve,
  thumbprint,
} from "@tether/sdk/robot";
import { accountOf, type Ended } from "../driver/driver.ts";
import { isTrouble, type Trouble } from "../exit.ts";
import { type Diary, type LastKnown, openDiary } from "../state/last-known.ts";
import { takeRun } from "../state/run-lock.ts";
import { beginRun, type Running } from "../state/running.ts";
import { keysIn } from "../state/store.ts";
import { createAgain } from "./again.ts";
import { type Driven, drivenBy } from "./driven.ts";
import { opened } from "./opened.ts";
import type { Outcome, World } from "./world.ts";

const words: Readonly<Partial<Record<Status, string>>> = {
  connecting: "Connecting …",
  online: "Online.",
  leaving: "Leaving …",
};

const keyWords: Readonly<Record<string, string>> = {
  "key.made": "The key is due: a new one is on disk.",
  "key.announced": "The service knows the new key; the next ticket is bought with it.",
  "key.current": "The new key is the current one.",
  "key.refused": "The service did not take the new key.",
  "key.unsaved": "The key file could not be written.",
  "key.unreadable": "The key file could not be read.",
};

/** A driver that ends within this of being ready, in ms, may do so again and again. */
const soonMs = 60_000;

const standby = "Another agent with this robot's key is online. This one stands by, and goes on within 2 minutes after that one left.";

/** Keeps the robot online until it is told to stop, the service says no for good, or its driver ends. */
export async function run(world: World): Promise<Outcome> {
  const open = await opened(world);
  if (isTrouble(open)) return open;
  const { config, files, platform } = world;
  const giveBack = await takeRun(files, config.state, { pid: world.process.id, since: platform.clock.now() });
  if (isTrouble(giveBack)) return giveBack;
  const running = await beginRun(files, config.state, world.process.boot);
  world.process.lastWords?.({ path: running.path, text: running.textFor({ cause: "agent.crashed" }) });
  try {
    const told = tellingOnce(running.before);
    const outcome = await runAlone(world, { ...open, running, told });
    await running.end(isEnded(outcome) ? told.untold(accountOf(outcome)) : told.untold(undefined));
    return outcome;
  } finally {
    world.process.lastWords?.(undefined);
    giveBack();
  }
}

/** What is to be told to the service once a session is online, and whether it was. */
function tellingOnce(before: Account | undefined) {
  let isTold = false;
  return {
    before: () => (isTold ? undefined : before),
    online() {
      isTold = true;
    },
    /** What is left to tell at the next start. */
    untold: (account: Account | undefined) => (isTold ? undefined : (account ?? before)),
  };
}

function isEnded(outcome: Outcome): outcome is Ended {
  return outcome !== "done" && !isTrouble(outcome);
}

async function runAlone(world: World, open: Opened): Promise<Outcome> {
  const { driver } = world.config;
  if (driver === undefined) return stay(world, open);
  const driven = await drivenBy(world, driver, open.running);
  if (driven === "done" || isTrouble(driven) || "status" in driven) return driven;
  try {
    return await stayDriven(world, open, driven);
  } finally {
    await driven.close();
  }
}

type Open = Exclude<Awaited<ReturnType<typeof opened>>, Trouble>;
type Opened = Open & { readonly running: Running; readonly told: ReturnType<typeof tellingOnce> };

async function stayDriven(world: World, open: Opened, { attend, ended }: Driven): Promise<Outcome> {
  const over = new AbortController();
  const readyAt = world.platform.clock.now();
  void ended.then((how) => {
    const soon = world.platform.clock.now() - readyAt < soonMs;
    // Who was asked to stop leaves as asked.
    over.abort(world.stopped.aborted ? undefined : open.running.driverEnded(accountOf(how), soon));
  });
  const outcome = await stay({ ...world, attend, stopped: AbortSignal.any([world.stopped, over.signal]) }, open);
  // Who was asked to stop did as asked, even if whoever asked ended the driver too.
  return over.signal.aborted && !world.stopped.aborted ? ended : outcome;
}

async function stay(world: World, { enrolled, store, api, told }: Opened): Promise<Outcome> {
  const { config, files, platform, say, stopped } = world;
  const robot = enrolled.robot.id;
  const keys = keysIn(store, platform.clock);
  const diary = openDiary(files, config.state);
  let key: LastKnown["key"];
  const log = ({ event, ...facts }: LogLine) => {
    const line = keyWords[event];
    if (line !== undefined) say.event(line, { event, ...facts });
    if (event === "key.proved") key = facts as typeof key;
  };
  const instance = makeInstance(platform);
  const again = createAgain(platform);
  say.progress(`${plain(enrolled.robot.name)} (${robot}) at ${api}`);
  for (;;) {
    const session = serve({ api, robot, keys, instance, before: told.before(), platform, log });
    session.on("state", ({ status }) => status === "online" && told.online());
    session.on("state", (state) => tell(world, session, state, (news) => diary.note({ ...news, ...(key && { key }) })));
    const { why, wasOnline } = await through(world, session);
    await diary.settled();
    if (stopped.aborted) return "done";
    // The key before this one was revoked, on which the session still stood.
    if (why.code === "credential.revoked" && key && key.kid !== (await thumbprint((await keys.load()).current))) continue;
    const next = again(why, wasOnline);
    if (isTrouble(next)) return next;
    if (next.standingBy) say.event(standby, { event: "standby", afterMs: Math.round(next.afterMs) });
    await pause(platform, stopped, next.afterMs);
    if (stopped.aborted) return "done";
  }
}

/** What a driver's end aborted the run with. */
function accountIn(reason: unknown): Account | undefined {
  return typeof reason === "object" && reason !== null && "cause" in reason ? (reason as Account) : undefined;
}

/** A whole session. Resolves with why it is over. */
async function through({ attend, say, stopped }: World, session: RobotSession): Promise<{ why: Reason; wasOnline: boolean }> {
  const end = attend(session, say);
  // The robot stands before it says goodbye, which takes time where the network is bad.
  const leave = async () => {
    await end();
    const why = accountIn(stopped.reason);
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

function tell(
  { platform, say, stopped }: World,
  session: RobotSession,
  { status, why }: SessionEvents["state"],
  note: Diary["note"],
): void {
  const { id, epoch } = session;
  const at = platform.clock.now();
  const told = why && { code: why.code, says: why.says, remedy: why.remedy };
  const asked = status === "stopped" && stopped.aborted;
  const line = asked
    ? "Signed off."
    : (words[status] ?? `${status === "stopped" ? "Stopped" : "Waiting"}: ${why?.says ?? ""} ${why?.remedy ?? ""}`);
  say.event(line, { event: "state", at, status, session: id, epoch, ...told });
  note({ at, status, ...(id && { session: id }), ...(told && { why: told }) });
}

async function pause({ clock }: Platform, stopped: AbortSignal, ms: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = () => {
      cancel();
      stopped.removeEventListener("abort", done);
      resolve();
    };
    const cancel = clock.after(ms, done);
    stopped.addEventListener("abort", done);
  });
}
