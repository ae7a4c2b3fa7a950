import { printable } from "@tether/program/printable";
import type { Session } from "@tether/protocol/http";
import { routes } from "@tether/sdk/api";
import { rowsIn } from "@tether/sdk/timeline/flap";
import type { Context } from "../context.ts";
import { isTrouble, type Outcome, type Trouble, usage } from "../exit.ts";
import { localTime, readInstant, timeZone } from "../local-time.ts";
import { type ChosenRobot, chooseRobot } from "../service/robot.ts";
import { readSignIn } from "../sign-in/stored.ts";
import { createFollower } from "../why/follow.ts";
import { type Entry, isRobots, outagesIn } from "../why/outage.ts";
import { type Asker, remedyFor, rowOf } from "../why/row.ts";
import { summaryOf } from "../why/summary.ts";
import type { Invocation } from "./command.ts";

type Span = { readonly from: number; readonly until: number };

/** Tells what happened to a robot: how often it dropped and why, each entry with the newest last, and the robot's state now. */
export async function why(context: Context, { args: [named = ""], flags }: Invocation): Promise<Outcome> {
  const now = context.clock.now();
  const span = spanIn(flags, now);
  if (isTrouble(span)) return span;
  if (flags.follow === true && flags.until !== undefined) return usage("--follow takes no --until.");
  const choice = await chooseRobot(context, named);
  if (isTrouble(choice)) return choice;
  const robot = await choice.service.call(routes.getRobot, { params: { robot: choice.robot } });
  if (isTrouble(robot)) return robot;
  const entries = await entriesSince(choice, span.from);
  if (isTrouble(entries)) return entries;
  // The live ones come first, then the latest, so the first session of the robot is its present one.
  const sessions = await choice.service.call(routes.listSessions, { params: { robot: choice.robot } });
  if (isTrouble(sessions)) return sessions;
  const signedIn = await readSignIn(context);
  const asker: Asker = { id: isTrouble(signedIn) ? "" : signedIn.user.id, role: robot.role };
  const isWanted = (entry: Entry) => flags["robot-only"] !== true || isAboutRobot(entry);
  const read = entries.filter((entry) => entry.at >= span.from && entry.at <= span.until && isWanted(entry)).reverse();
  const items = rowsIn(read);
  const session = sessions.items.find(({ kind }) => kind === "robot");
  const outages = outagesIn(read);
  const words = [
    `${printable(robot.name)} (${robot.id}): ${summaryOf(outages, span.until - span.from)}`,
    `${localTime(span.from)} to ${localTime(span.until)}, ${timeZone()}`,
    items.length === 0 ? "Nothing happened." : items.map((row) => rowOf(row, asker)).join("\n"),
    `Now: ${stateNow(session, asker)}`,
  ];
  context.say.result(words.join("\n\n"), { robot, drops: outages, items, session });
  return flags.follow === true ? follow(context, choice, { entries, asker, isWanted }) : "done";
}

function spanIn({ since = "1d", until }: Invocation["flags"], now: number): Span | Trouble {
  const form = "takes a time: 90s, 30m, 2h or 7d ago, 14:30, 2026-06-01, or 2026-06-01T14:30.";
  const from = readInstant(String(since), now);
  if (from === undefined) return usage(`--since ${form}`);
  const to = until === undefined ? now : readInstant(String(until), now);
  if (to === undefined) return usage(`--until ${form}`);
  return from < to ? { from, until: to } : usage("--until must be later than --since.");
}

function isAboutRobot({ session, type }: Entry): boolean {
  return !type.startsWith("control.") && (session === undefined || isRobots(session));
}

/** Entries down to the first that is older, the newest first. */
function entriesSince({ service, robot }: ChosenRobot, from: number): Promise<readonly Entry[] | Trouble> {
  return service.list(routes.listTimeline, { params: { robot } }, { enough: (page) => page.some(({ at }) => at < from) });
}

const everyMs = 3_000;

type Following = {
  readonly entries: readonly Entry[];
  readonly asker: Asker;
  readonly isWanted: (entry: Entry) => boolean;
};

/** Prints what comes, until the program is ended or the service refuses. A failure is passed over: the network may come back. */
async function follow(context: Context, choice: ChosenRobot, { entries, asker, isWanted }: Following): Promise<Outcome> {
  const follower = createFollower(entries.filter(isWanted).toReversed());
  let from = entries[0]?.at ?? context.clock.now();
  let failed: string | undefined;
  for (;;) {
    await new Promise<void>((resolve) => context.clock.after(everyMs, resolve));
    // An entry's time is that of the function that wrote it, so a later one may bear a slightly earlier time.
    const since = from - 60_000;
    const found = await entriesSince(choice, since);
    if (isTrouble(found)) {
      if (found.exit !== "failed") return found;
      if (failed !== found.code) context.say.trouble(found);
      failed = found.code;
      continue;
    }
    failed = undefined;
    const recent = found.filter(({ at }) => at >= since).toReversed();
    from = Math.max(from, ...recent.map(({ at }) => at));
    for (const row of follower.next(recent.filter(isWanted), context.clock.now())) context.say.result(rowOf(row, asker), { item: row });
  }
}

function stateNow(session: Session | undefined, asker: Asker): string {
  if (!session) return "the robot has not been online yet. → Enroll it (tether robot code ROBOT) and start its agent.";
  const { state, since, ending, backBy } = session;
  const back = backBy === undefined ? "" : ` The service waits for it until ${localTime(backBy)}.`;
  const cause = ending && state !== "online" ? ` ${printable(ending.says)}${back} → ${printable(remedyFor(ending, asker) ?? "")}` : back;
  return `the robot is ${state === "ended" ? "gone" : state} since ${localTime(since)}.${cause}`;
}
