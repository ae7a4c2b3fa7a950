import type { Cause } from "@tether/protocol/cause";
import { endingsIn, type TimelineEnding } from "@tether/sdk/timeline/endings";
import { outagesIn } from "../../../cli/src/why/outage.ts";
import { type TimelineItem, wholeTimeline } from "../../../local/test/world/invariants.ts";
import type { Ledger } from "./ledger.ts";
import type { Town } from "./town.ts";

type Told = { readonly cause: string; readonly inferred: boolean; readonly possible: readonly string[] };

/** `right`: the told cause is the true one. `named`: it is marked as inferred, and the truth is among the possible causes. */
export type Grade = "right" | "named" | "wrong";

/** The final word is that of timeline and `why` once everybody is back; peers are told at once. */
export const channels = ["final", "peers"] as const;

/** A comparison of what was told with what was done. */
export type Finding = {
  readonly channel: (typeof channels)[number];
  readonly truth: Cause | "nothing";
  readonly told: string;
  readonly grade: Grade;
  readonly what: string;
};

/** Compares every ending on the timelines, and every word that peers heard of one, with the ledger. */
export async function gradeEndings({ world, ledger, words, robots }: Town): Promise<readonly Finding[]> {
  const timelines = await Promise.all(robots.map((robot) => wholeTimeline(world, robot)));
  const findings = timelines.flatMap((timeline) => {
    const endings = endingsIn(timeline);
    const entries = timeline.filter(({ type, session, cause }) => session && cause && isEnding(type));
    const bySession = Map.groupBy(entries, ({ session }) => session);
    const told = endings.flatMap((ending, index) => {
      const entry = entries[index];
      return entry ? [compare("final", truthOf(ledger, bySession.get(entry.session) ?? [], entry), ending, whatOf(entry))] : [];
    });
    return [...told, ...miscounted(timeline, endings), ...alarms(timeline)];
  });
  const bySession = Map.groupBy(timelines.flat(), ({ session }) => session);
  for (const { at, frame } of words) {
    const type = frame.type === "peer.away" ? "session.away" : "session.ended";
    const about = (bySession.get(frame.session) ?? []).filter((one) => isEnding(one.type));
    const entry = about.find((one) => one.type === type && (one.epoch ?? 0) === frame.epoch && one.at <= at);
    const truth = entry ? truthOf(ledger, about, entry) : [];
    const told = { cause: causeOf(frame), inferred: frame.inferred, possible: frame.possible ?? [] };
    findings.push(compare("peers", truth, told, `${frame.type} of ${frame.session}`));
  }
  return findings;
}

const isEnding = (type: string) => type === "session.away" || type === "session.ended";

const whatOf = ({ type, session, epoch, at }: TimelineItem) => `${type} of ${session} ${epoch} at ${new Date(at).toISOString()}`;

/** The end of a grace has the cause for which it began. */
const causeOf = ({ cause, evidence }: { readonly cause: string; readonly evidence?: TimelineItem["evidence"] }) =>
  cause === "grace.over" ? String(evidence?.awayFor) : cause;

/** The deeds done to the end that an entry is about: to its session, or else to the connection that it was lost with. */
function truthOf(ledger: Ledger, about: readonly TimelineItem[], entry: TimelineItem): readonly Cause[] {
  const ended = ledger.endOf(entry);
  const lost = ledger.lossOf(entry);
  if (entry.type === "session.away") return lost.length > 0 ? lost : ended;
  // A lapsed opening ends at the next sweep, and its connection may be cut until then.
  if (ended.includes("opening.lapsed")) return [...ended, ...lost];
  const { session, epoch, at } = entry;
  const away = about.findLast((one) => one.type === "session.away" && one.session === session && one.epoch === epoch && one.at <= at);
  return ended.length > 0 ? ended : away ? ledger.lossOf(away) : lost;
}

function compare(channel: Finding["channel"], truths: readonly Cause[], { cause, possible }: Told, what: string): Finding {
  const truth = truths.find((one) => one === cause) ?? truths[0] ?? "nothing";
  return { channel, truth, told: cause, grade: cause === truth ? "right" : possible.includes(truth) ? "named" : "wrong", what };
}

const wrong = (told: string, what: string): Finding => ({ channel: "final", truth: "nothing", told, grade: "wrong", what });

/** Outages that `tether why` counts by another cause or at another time than the endings are told. */
function miscounted(timeline: readonly TimelineItem[], endings: readonly TimelineEnding[]): Finding[] {
  return outagesIn(timeline).flatMap(({ side, at, cause }) => {
    const kind = side === "robot" ? "robot" : "client";
    const isSame = endings.some((one) => one.kind === kind && one.at === at && one.cause === cause);
    return isSame ? [] : [wrong(cause, `why says that the ${side} dropped at ${new Date(at).toISOString()}`)];
  });
}

/** Nothing in a run makes two machines fight, and who restarts is no clone of itself. */
function alarms(timeline: readonly TimelineItem[]): Finding[] {
  return timeline.flatMap((entry) => (entry.type === "session.contested" ? [wrong(entry.type, whatOf(entry))] : []));
}
