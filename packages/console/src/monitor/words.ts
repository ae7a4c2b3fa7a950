import type { Tone } from "../component/tone.ts";
import type { End, FrameLine } from "./line.ts";

const kinds: Readonly<Record<string, string>> = {
  offer: "Offer",
  answer: "Answer",
  candidate: "Candidate",
  candidates: "Candidates",
  restart: "ICE restart",
  refused: "Peer connection: refused",
  app: "Application",
  ack: "Acknowledgement",
  "control.request": "Control: request",
  "control.give": "Control: hand over",
  "control.deny": "Control: refuse",
  "control.take": "Control: take",
  "control.renew": "Control: renew",
  "control.release": "Control: release",
  stop: "Stop",
  hello: "Hello",
  signal: "Signal",
  leave: "Leave",
  report: "Report",
  "auth.renew": "Lease: renew",
  unreadable: "Unreadable",
};

/** The kinds to choose from: those that every robot has. Others are found by their words. */
export const commonKinds = ["offer", "answer", "candidate", "candidates", "restart", "app", "ack"] as const;

export function kindWord(kind: string): string {
  return kinds[kind] ?? kind;
}

export function isRobot({ session }: End): boolean {
  return session.startsWith("rse_");
}

/** The name of an end: its robot by name, a person by theirs. Without an end: the service itself. */
export function nameOf(end: End | undefined, robot: string): string {
  if (!end) return "Tether";
  if (isRobot(end)) return robot;
  return end.user?.name ?? end.user?.id ?? "Someone";
}

const reasons = { away: "the peer is away", busy: "it could not be posted just now", ended: "the peer has ended" } as const;

export function verdictWord({ verdict }: Pick<FrameLine, "verdict">): {
  readonly tone: Tone;
  readonly word: string;
  readonly more?: string;
} {
  switch (verdict.outcome) {
    case "posted":
      return { tone: "good", word: "Posted" };
    case "done":
      return { tone: "good", word: "Answered" };
    case "undelivered":
      return { tone: "warn", word: "Undelivered", more: `${reasons[verdict.reason]}.` };
    case "refused": {
      const fields = verdict.fields ? ` (${verdict.fields.join(", ")})` : "";
      return { tone: "bad", word: "Refused", more: `${verdict.says} ${verdict.remedy}${fields}` };
    }
  }
}

/** A size as a person reads it. */
export function sizeWord(bytes: number): string {
  return bytes < 1_024 ? `${bytes} B` : `${(bytes / 1_024).toFixed(1)} KB`;
}
