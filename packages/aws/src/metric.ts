import { type Cause, causes } from "@tether/protocol/cause";
import type { TimelineType } from "@tether/protocol/timeline";

type Unit = "Count" | "Milliseconds";

/** A metric: how it is counted, and what it says. `by` names the dimension of those that have one. */
export type Row = { readonly unit: Unit; readonly says: string; readonly by?: string };

const byCause = <const Prefix extends string>(prefix: Prefix, says: string) =>
  Object.fromEntries(Object.keys(causes).map((cause) => [`${prefix}.${cause}`, { unit: "Count", says }])) as Record<
    `${Prefix}.${Cause}`,
    Row
  >;

/**
 * Every metric of ours by its name in CloudWatch. Lambdas write these into the lines of what happens seldom; the dashboard and the alarms
 * name them from here, and docs/operating.md explains each. A line has one value for a dimension and may tell of several causes, so a
 * cause is part of the name.
 */
export const metrics = {
  Connects: { unit: "Count", says: "Sessions that came online for the first time." },
  Resumes: { unit: "Count", says: "Sessions that came back from being away." },
  HandOvers: { unit: "Count", says: "Sessions that moved to a newer connection." },
  Fights: { unit: "Count", says: "Take-overs by one of two machines that keep replacing each other." },
  Renewals: { unit: "Count", says: "Leases that were renewed in place." },
  Warnings: { unit: "Count", says: "Warnings that a lease ends." },
  Expiries: { unit: "Count", says: "Leases that ran out." },
  Throttled: { unit: "Count", says: "Requests that the table refused, whole or in part, because they were too many." },
  SweepBacklog: { unit: "Count", says: "What a run of the sweeper saw due and did not reach in time." },
  SweepLag: { unit: "Milliseconds", says: "How late the latest was when the sweeper took it." },
  RevocationLatency: { unit: "Milliseconds", says: "From a request that revokes to the last session's being fenced and closed." },
  ...byCause("Away", "Sessions whose connection was gone, by why."),
  ...byCause("Ended", "Sessions that ended, by why."),
} as const satisfies Record<string, Row>;

export type Metric = keyof typeof metrics;

/** The metrics that an alarm watches: where nobody looks at a dashboard the others are not counted, as each has its price. */
export const alarmed: ReadonlySet<Metric> = new Set(["SweepBacklog", "RevocationLatency"]);

/** The metrics that CloudWatch counts over our lines itself: of lines that are written all the time, or by a handler that could not say more. */
export const filtered = {
  Relayed: { unit: "Count", says: "Signals, by what became of them.", by: "Outcome" },
  Security: { unit: "Count", says: "Keys that were used where they should not be, by how.", by: "Event" },
  GaveUp: { unit: "Count", says: "Requests and frames that failed for no fault of who sent them." },
} as const satisfies Record<string, Row>;

const transitions: Readonly<Partial<Record<TimelineType, Metric>>> = {
  "session.online": "Connects",
  "session.resumed": "Resumes",
  "session.superseded": "HandOvers",
  "session.contested": "Fights",
  "session.renewed": "Renewals",
  "session.expiring": "Warnings",
  "session.expired": "Expiries",
};

/** The metric that a transition counts for, if any. */
export function metricOf({ type, cause }: { readonly type: TimelineType; readonly cause?: Cause | undefined }): Metric | undefined {
  if (type === "session.away" && cause) return `Away.${cause}`;
  return type === "session.ended" && cause ? `Ended.${cause}` : transitions[type];
}

/** Causes that take a right away: what they end is to be closed within 2 s. */
const revoking: ReadonlySet<Cause | undefined> = new Set(["credential.revoked", "grant.removed", "user.revoked", "robot.deleted"]);

export function isRevocation({ type, cause }: { readonly type: TimelineType; readonly cause?: Cause | undefined }): boolean {
  return type === "session.ended" && revoking.has(cause);
}

/**
 * The metrics as part of a line, in CloudWatch's embedded metric format:
 * docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function embedded(namespace: string, values: ReadonlyMap<Metric, number>, at: number) {
  const names = [...values.keys()].map((Name) => ({ Name, Unit: metrics[Name].unit }));
  return {
    ...Object.fromEntries(values),
    _aws: { Timestamp: at, CloudWatchMetrics: [{ Namespace: namespace, Dimensions: [[]], Metrics: names }] },
  };
}
