import type { Fault, FaultName } from "./fault.ts";

type Rule = { form: string; read: (args: string[]) => Fault };

class Unreadable extends Error {}

function number(text: string | undefined, what: string, most = Number.POSITIVE_INFINITY): number {
  const value = Number(text);
  if (text === undefined || text === "" || !(value >= 0 && value <= most)) throw new Unreadable(`“${text ?? ""}” is not ${what}`);
  return value;
}

const ms = (text: string | undefined) => number(text, "a number of milliseconds");
const rate = (text: string | undefined) => (text === undefined ? 1 : number(text, "a rate from 0 to 1", 1));

const rules: Record<FaultName, Rule> = {
  "disconnect.late": {
    form: "disconnect=late:<ms>[:<rate>]",
    read: ([first, second]) => ({ name: "disconnect.late", ms: ms(first), rate: rate(second) }),
  },
  "disconnect.doubled": { form: "disconnect=doubled[:<rate>]", read: ([first]) => ({ name: "disconnect.doubled", rate: rate(first) }) },
  "disconnect.lost": { form: "disconnect=lost[:<rate>]", read: ([first]) => ({ name: "disconnect.lost", rate: rate(first) }) },
  "post.gone": {
    form: "post=gone:<rate> or post=gone:once",
    read: ([first = "once"]) => (first === "once" ? { name: "post.gone", times: 1 } : { name: "post.gone", rate: rate(first) }),
  },
  "post.doubled": { form: "post=doubled[:<rate>]", read: ([first]) => ({ name: "post.doubled", rate: rate(first) }) },
  "management.throttled": {
    form: "management=throttled[:<rate>]",
    read: ([first]) => ({ name: "management.throttled", rate: rate(first) }),
  },
  "management.forbidden": {
    form: "management=forbidden[:<rate>]",
    read: ([first]) => ({ name: "management.forbidden", rate: rate(first) }),
  },
  "management.failing": { form: "management=failing[:<rate>]", read: ([first]) => ({ name: "management.failing", rate: rate(first) }) },
  "management.slow": {
    form: "management=slow:<ms>[:<rate>]",
    read: ([first, second]) => ({ name: "management.slow", ms: ms(first), rate: rate(second) }),
  },
  "management.lost": { form: "management=lost[:<rate>]", read: ([first]) => ({ name: "management.lost", rate: rate(first) }) },
  "message.throttled": { form: "message=throttled[:<rate>]", read: ([first]) => ({ name: "message.throttled", rate: rate(first) }) },
  "account.requests": {
    form: "account=requests:<a second>[:<burst>]",
    read: ([perSecond, burst = perSecond]) => ({
      name: "account.requests",
      perSecond: number(perSecond, "a number of requests"),
      burst: number(burst, "a number of requests"),
    }),
  },
  "lambda.concurrency": {
    form: "lambda=concurrency:<environments>",
    read: ([first]) => ({ name: "lambda.concurrency", atOnce: number(first, "a number of environments") }),
  },
  "lambda.cold": {
    form: "lambda=cold:<ms>[:<rate>]",
    read: ([first, second]) => ({ name: "lambda.cold", ms: ms(first), rate: rate(second) }),
  },
  "sweep.overlapping": {
    form: "sweep=overlapping:<ms>[:<rate>]",
    read: ([first, second]) => ({ name: "sweep.overlapping", ms: ms(first), rate: rate(second) }),
  },
  "sweep.late": {
    form: "sweep=late:<ms>[:<rate>]",
    read: ([first, second]) => ({ name: "sweep.late", ms: ms(first), rate: rate(second) }),
  },
  "sweep.doubled": { form: "sweep=doubled[:<rate>]", read: ([first]) => ({ name: "sweep.doubled", rate: rate(first) }) },
  silent: {
    form: "silent=<rate> or silent=once",
    read: ([first = "once"]) => (first === "once" ? { name: "silent", times: 1 } : { name: "silent", rate: rate(first) }),
  },
  "proxy.idle": {
    form: "proxy=idle:<ms>[:<rate>]",
    read: ([first, second]) => ({ name: "proxy.idle", ms: ms(first), rate: rate(second) }),
  },
  "reorder.invoke": { form: "reorder=invoke:<window ms>", read: ([first]) => ({ name: "reorder.invoke", windowMs: ms(first) }) },
  "reorder.post": { form: "reorder=post:<window ms>", read: ([first]) => ({ name: "reorder.post", windowMs: ms(first) }) },
  latency: { form: "latency=<ms> or latency=<min ms>-<max ms>", read: ([first]) => latency(first) },
  "store.throttled": { form: "store=throttled[:<rate>]", read: ([first]) => ({ name: "store.throttled", rate: rate(first) }) },
  "store.conflict": { form: "store=conflict[:<rate>]", read: ([first]) => ({ name: "store.conflict", rate: rate(first) }) },
  "store.overlap": { form: "store=overlap:<hold ms>", read: ([first]) => ({ name: "store.overlap", holdMs: ms(first) }) },
  "store.capacity": {
    form: "store=capacity:<write units a second>:<read units a second>[:<seconds of burst>]",
    read: ([writes, reads, burstS = "1"]) => ({
      name: "store.capacity",
      writes: number(writes, "a number of units"),
      reads: number(reads, "a number of units"),
      burstS: number(burstS, "a number of seconds"),
    }),
  },
  "store.failing": { form: "store=failing[:<rate>]", read: ([first]) => ({ name: "store.failing", rate: rate(first) }) },
  "store.cut": { form: "store=cut[:<rate>]", read: ([first]) => ({ name: "store.cut", rate: rate(first) }) },
  "store.lost": { form: "store=lost[:<rate>]", read: ([first]) => ({ name: "store.lost", rate: rate(first) }) },
  "store.stale": {
    form: "store=stale:<window ms>[:<rate>]",
    read: ([first, second]) => ({ name: "store.stale", windowMs: ms(first), rate: rate(second) }),
  },
  "index.lag": { form: "index=lag:<ms>", read: ([first]) => ({ name: "index.lag", ms: ms(first) }) },
  crash: { form: "crash=<rate>", read: ([first]) => ({ name: "crash", rate: rate(first) }) },
};

function latency(range: string | undefined): Fault {
  const [min, max = min] = range?.split("-") ?? [];
  const [minMs, maxMs] = [ms(min), ms(max)];
  if (minMs > maxMs) throw new Unreadable(`“${range}” goes from more to less`);
  return { name: "latency", minMs, maxMs };
}

/** All faults there are. */
export const faultNames = Object.keys(rules) as readonly FaultName[];

/** Every form `parseFaults` reads, for a usage text. */
export const faultForms: string[] = Object.values(rules).map((rule) => rule.form);

function isName(text: string): text is FaultName {
  return Object.hasOwn(rules, text);
}

function parse(item: string): Fault {
  const [subject = "", value = ""] = item.split("=", 2);
  const [kind = "", ...rest] = value.split(":");
  const [name, args] = isName(subject) ? [subject, [kind, ...rest]] : [`${subject}.${kind}`, rest];
  if (!isName(name)) throw new Error(`There is no fault “${item}”. Choose from: ${faultForms.join(", ")}.`);
  try {
    return rules[name].read(args);
  } catch (error) {
    if (error instanceof Unreadable) throw new Error(`The fault “${item}” cannot be read: ${error.message}. Write ${rules[name].form}.`);
    throw error;
  }
}

/** Reads `disconnect=late:180000,post=gone:0.01`. Throws an Error fit to be shown for what it does not know. */
export function parseFaults(text: string): Fault[] {
  return text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "")
    .map(parse);
}
