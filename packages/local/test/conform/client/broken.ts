import { platform } from "@tether/sdk/platform";
import type { ChannelLike } from "@tether/sdk/rtc/channel";
import type { PeerConnectionLike } from "@tether/sdk/rtc/peer-connection";
import type { SocketLike } from "@tether/sdk/socket";

type Said = { readonly [name: string]: unknown };
/** Changes a message, or takes it away by answering undefined. */
type Change = (said: Said) => Said | undefined;

/** The changes that break a client: to messages on its channels, frames on its socket, its requests, and the ticket that it offers. */
type Broken = {
  readonly clause: string;
  readonly says?: Change;
  readonly hears?: Change;
  readonly sends?: Change;
  readonly receives?: Change;
  readonly asks?: Change;
  readonly offers?: "the first ticket";
};

const not =
  (...types: string[]): Change =>
  (said) =>
    types.includes(String(said.type)) ? undefined : said;
const where =
  (type: string, part: Said): Change =>
  (said) =>
    said.type === type ? { ...said, ...part } : said;
const refusedSignal: Change = (said) => (said.type === "problem" && said.code === "unavailable" ? undefined : said);
const aWholeLife: Change = ({ deadlines, ...said }) =>
  said.type === "welcome"
    ? { ...said, deadlines: { ...(deadlines as object), connectionEndsAt: Date.parse("2100-01-01") } }
    : { ...said, deadlines };
const namelessAnswer: Change = (said) => {
  const { offer: _, ...data } = (said.data ?? {}) as Said;
  return said.type === "signal" ? { ...said, data } : said;
};
const isCommand = (said: Said) => said.type === undefined;
const sameKey = where("stop", { key: "the-same-key-always" });
const deaf: Change = ({ stop: _, ...said }) => not("stopped", "latched")(said);

/** Clients that are broken in one place each, and the clause that each breaks. */
export const brokenClients: Readonly<Record<string, Broken>> = {
  "one ticket for all connections": { clause: "E1", offers: "the first ticket" },
  "a session of its own for each connection": { clause: "T7", asks: ({ session: _, ...body }) => body },
  "a stream that is always the first": { clause: "S3.1", sends: where("signal", { stream: 1 }) },
  "no acknowledgement": {
    clause: "S14",
    sends: (said) => (said.type === "ack" ? undefined : { ...said, received: said.type === "hello" ? {} : undefined }),
  },
  "a warning of the lease's end not heard": { clause: "L3", receives: not("auth.expiring") },
  "a renewal with a connect ticket": { clause: "L3", asks: (body) => ({ ...body, use: "connect" }) },
  "a broken path that is kept quiet about": {
    clause: "W4",
    sends: (said) => (said.type === "signal" && (said.data as Said).kind === "restart" ? undefined : said),
  },
  "keepalives that hello does not tell of": { clause: "P15", sends: where("hello", { features: [] }) },
  "answers to any offer taken": { clause: "W3.3", receives: namelessAnswer },
  "deaf to a busy broker": { clause: "S10.1", receives: not("undelivered") },
  "deaf to the refusal of a signal": { clause: "S10.1", receives: refusedSignal },
  "a connection's end not heard": { clause: "E8", receives: aWholeLife },
  "a farewell not heard": { clause: "H6.1", receives: not("bye") },
  "no ping": { clause: "R30", says: not("ping") },
  "a permit that is not shown": { clause: "R11", says: not("permit") },
  "commands of another epoch": { clause: "R4.6", says: (said) => (isCommand(said) ? { ...said, epoch: Number(said.epoch) + 1 } : said) },
  "a clock that stands": { clause: "R4.3", says: where("clock", { t1: 5 }) },
  "control let go of in silence": { clause: "D13", sends: not("control.release") },
  "stop by frame alone": { clause: "R16", says: not("stop") },
  "stop on channels alone": { clause: "R16", sends: not("stop") },
  "one key for all stops": { clause: "R16", says: sameKey, sends: sameKey },
  "deaf to stops": { clause: "R32", hears: deaf },
  "deaf to a stop in force": { clause: "R20", hears: deaf },
  "a resume from the first stop": { clause: "R32", says: where("resume", { stop: 1 }) },
  "deaf to when an answer is to come": { clause: "D8", receives: not("control.asked") },
  "deaf to a refusal of control": { clause: "D9", receives: not("control.denied") },
  "deaf to a change of control": { clause: "D2", receives: not("control.changed") },
};

const whole: Change = (said) => said;

/** The object, whose `send` and `onmessage` go through changes. */
function changed<Of extends object>(of: Of, { out, back }: { out: Change; back: Change }): Of {
  const after = (change: Change, text: unknown, go: (text: string) => void) => {
    // A message that is passed on whole need not be JSON.
    if (change === whole) return go(String(text));
    const said = change(JSON.parse(String(text)) as Said);
    if (said) go(JSON.stringify(said));
  };
  return new Proxy(of, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      const bound = value.bind(target) as (text: string) => void;
      return name === "send" ? (text: string) => after(out, text, bound) : bound;
    },
    set(target, name, listener: ((event: { data: unknown }) => void) | null) {
      const heard = listener && ((event: { data: unknown }) => after(back, event.data, (data) => listener({ ...event, data })));
      return Reflect.set(target, name, name === "onmessage" ? heard : listener);
    },
  });
}

/** The platform's parts of a client, whole or broken. */
export function partsOf(name: string | undefined) {
  const broken: Partial<Broken> = (name !== undefined && brokenClients[name]) || {};
  const { says = whole, hears = whole, sends = whole, receives = whole, asks = whole } = broken;
  let first: readonly string[] | undefined;
  return {
    platform: {
      fetch: (url: string, init: RequestInit) =>
        platform.fetch(url, { ...init, body: typeof init.body === "string" ? JSON.stringify(asks(JSON.parse(init.body))) : null }),
      socket(url: string, protocols: readonly string[]): SocketLike {
        first ??= protocols;
        return changed(platform.socket(url, broken.offers ? first : protocols), { out: sends, back: receives });
      },
    },
    connect<Of extends PeerConnectionLike>(pc: Of): PeerConnectionLike {
      return new Proxy<PeerConnectionLike>(pc, {
        get(target, of) {
          const value: unknown = Reflect.get(target, of);
          if (typeof value !== "function") return value;
          const bound = value.bind(target) as (...args: unknown[]) => ChannelLike;
          return of === "createDataChannel" ? (...args: unknown[]) => changed(bound(...args), { out: says, back: hears }) : bound;
        },
      });
    },
  };
}
