import type { ControlPolicy, StopReason } from "@tether/protocol/control";
import type { ControlBecause } from "@tether/protocol/frame/control";
import { atLeast, type Role } from "@tether/protocol/role";
import { blocks } from "@tether/sdk/client";
import type { Tone } from "../component/tone.ts";
import { countdown } from "../format/duration.ts";
import type { Facts, News } from "./facts.ts";
import { actorName, holderName } from "./people.ts";

/** An action about control that is possible now. */
export type Act = "request" | "cancel" | "release" | "take" | "resume";

export type ControlWords = {
  readonly word: string;
  readonly tone: Tone;
  readonly says: string;
  readonly remedy: string | undefined;
  /** The part that changes every second, which a screen reader must not read out. */
  readonly clock?: string;
  readonly acts: readonly Act[];
  /** Commands are obeyed. */
  readonly canDrive: boolean;
};

/** The state of control for this person, why they cannot drive, and what they can do. */
export function controlWords(facts: Facts, role: Role, now: number): ControlWords {
  const { control, policy, mine, asking, answerBy, status } = facts;
  const holder = holderName(control);
  const none = { canDrive: false, acts: [] } as const;
  if (!control) return { ...none, word: "…", tone: "quiet", says: "Looking who has control …", remedy: undefined };
  if (mine) return holding(facts);
  if (!atLeast(role, "operator")) {
    const says = holder === undefined ? "Nobody drives." : `${holder} drives.`;
    return { ...none, word: "Watching", tone: "quiet", says, remedy: "Viewers watch, and can stop the robot at any time." };
  }
  if (status !== "online") {
    const says =
      holder === undefined ? "Nobody drove when this page was last connected." : `${holder} drove when this page was last connected.`;
    return { ...none, word: "Not known", tone: "warn", says, remedy: "Control can be asked for once this page is connected again." };
  }
  if (asking) {
    const acts: Act[] = ["cancel", ...taking(role, policy)];
    if (holder === undefined) return { ...none, word: "Asked", tone: "warn", says: "You asked for control.", remedy: undefined, acts };
    const remedy = policy?.unanswered === "grant" ? "Without an answer you get it." : "Without an answer it is a no.";
    const left = answerBy === undefined || answerBy <= now ? {} : { clock: `${countdown(answerBy, now)} left to answer.` };
    return { ...none, word: "Asked", tone: "warn", says: `You asked ${holder} for control.`, remedy, ...left, acts };
  }
  if (holder === undefined)
    return { ...none, word: "Free", tone: "quiet", says: "Nobody drives.", remedy: "Request control to drive.", acts: ["request"] };
  const kept = control.holder?.keptUntil;
  const acts: Act[] = ["request", ...taking(role, policy)];
  if (kept !== undefined) {
    const clock = `${countdown(kept, now)} left to come back.`;
    return { ...none, word: "Kept", tone: "warn", says: `${holder} is away; control is kept for them.`, remedy: undefined, clock, acts };
  }
  const remedy = "Request control: they are asked, and have 15 seconds to answer.";
  return { ...none, word: "Held", tone: "quiet", says: `${holder} drives.`, remedy, acts };
}

function taking(role: Role, policy: ControlPolicy | undefined): Act[] {
  return policy && atLeast(role, policy.takers) ? ["take"] : [];
}

function holding({ block }: Facts): ControlWords {
  if (block === undefined)
    return { canDrive: true, word: "You drive", tone: "good", says: "You have control.", remedy: undefined, acts: ["release"] };
  const { says, remedy } = blocks[block];
  const stopped = block === "stopped";
  const silent = block === "robot.silent";
  return {
    canDrive: false,
    word: stopped ? "Stopped" : silent ? "No answer" : "Wait",
    tone: silent ? "bad" : "warn",
    says: `You have control. ${says}`,
    remedy,
    acts: stopped ? ["resume", "release"] : ["release"],
  };
}

export const actWords: Readonly<Record<Act, string>> = {
  request: "Request control",
  cancel: "Do not ask any more",
  release: "Release control",
  take: "Take control …",
  resume: "Resume",
};

/** The broker's refusals in words for people who do not know the protocol. */
const refusals: Readonly<Record<string, { says: string; remedy: string }>> = {
  "access.denied": { says: "You may not drive this robot.", remedy: "Ask an owner of the robot for the role of an operator." },
  "control.unheld": { says: "You do not have control any more.", remedy: "Request control." },
  "control.target": { says: "Control cannot be handed to them.", remedy: "Hand it to an operator who is online." },
  "control.unasked": { says: "They do not ask any more.", remedy: "Hand control over from the list of people, if they still want it." },
};

export type NewsWords = { readonly tone: Tone; readonly says: string; readonly remedy?: string };

/** News in words; nothing where the person did it and sees it anyway. */
export function newsWords(news: News): NewsWords | undefined {
  const quoted = "reason" in news && news.reason !== undefined && news.reason !== "" ? ` “${news.reason}”` : "";
  if (news.type === "problem") return { tone: "bad", says: news.says, remedy: news.remedy, ...refusals[news.code] };
  const by = actorName(news.actor);
  if (news.type === "denied")
    return news.actor.type === "user"
      ? { tone: "warn", says: `${by} refused to hand control over.${quoted}` }
      : { tone: "warn", says: "Control was not handed over: its holder did not answer.", remedy: "Ask again, or talk to them." };
  if (news.type === "gained") return gained(news.because, by);
  switch (news.because) {
    case "taken":
      return { tone: "bad", says: `${by} took control.${quoted}`, remedy: "The robot stopped. Talk to them before you ask for it back." };
    case "given":
      return { tone: "good", says: "You handed control over." };
    case "unanswered":
      return {
        tone: "bad",
        says: `${by} asked for control, you did not answer, and so they have it.`,
        remedy: "The robot stopped. Request control to get it back.",
      };
    case "expired":
      return {
        tone: "warn",
        says: "Your control ran out: it was not used, or this page was away for too long.",
        remedy: "Request control to go on.",
      };
    case "revoked":
      return { tone: "bad", says: `${by} took away your right to drive.`, remedy: "Ask an owner of the robot why." };
    case undefined:
      return { tone: "warn", says: "You lost control while this page was away.", remedy: "Request control to go on." };
    case "ended":
      return { tone: "warn", says: "Your control ended with your session.", remedy: "Request control to go on." };
    default:
      return undefined;
  }
}

function gained(because: ControlBecause | undefined, by: string): NewsWords | undefined {
  if (because === "given") return { tone: "good", says: `${by} handed control to you.` };
  if (because === "unanswered") return { tone: "good", says: "The holder did not answer: control is yours." };
  return undefined;
}

/** Whether the news says that the person's role shrank. */
export function tellsOfRole(news: News): boolean {
  return news.type === "problem" ? news.code === "access.denied" : news.type === "lost" && news.because === "revoked";
}

export const stopReasons: Readonly<Record<StopReason, string>> = {
  blind: "the picture and the commands came too late for anyone to drive by",
  deadman: "no command came, as when a key is let go",
  epoch: "someone else drives now",
  stop: "someone pressed STOP",
  "permit.over": "the permission to drive ran out",
  "signalling.away": "the robot lost touch with Tether for too long",
  released: "control was released",
  leaving: "the robot signed off",
  "channel.closed": "the driver's connection to the robot ended",
  "driver.failed": "its own driver failed",
};
