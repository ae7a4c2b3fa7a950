import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Control } from "@tether/protocol/control";
import type { FromBroker } from "@tether/protocol/frame";
import type { Channels } from "@tether/sdk/control/channel";
import type { Guard, GuardOptions } from "@tether/sdk/robot";
import type { ChannelLike } from "@tether/sdk/rtc/channel";
import { expect, onTestFinished } from "vitest";
import type { World } from "./world.ts";

/** As `replay` of packages/sdk/test/control/model/control.pml takes them: how many ms after the one before, then who, epoch, number, age. */
type What = "given" | "notice" | "welcomed" | "lost" | "shown" | "obeyed" | "halted" | "carried";
type Traced = readonly [what: What, after: number, by: number, epoch: number, n: number, age: number];

type Session = Parameters<Guard["open"]>[0];
type Permit = { readonly epoch: number; readonly issuedAt: number };
type Command = { readonly by: Session; readonly sentAt: number };
/** The reasons of the model for a refused permit. */
const judged: readonly string[] = ["permit.over", "epoch.old", "signalling.away", "session.other"];

/**
 * Records what goes into a robot's guard and comes out of it, from outside. Where `TETHER_TRACES` names a folder the story's trace is
 * written there once it is over: the model of control judges it.
 */
export function createTrace({ clock }: Pick<World, "clock">) {
  const traced: Traced[] = [];
  const sessions: Session[] = [];
  let lastAt = clock.now();
  let isOnline = false;
  let newest = 0;
  let known = 0;
  let command: Command | undefined;
  const pending: { readonly by: Session; readonly permit: Permit }[] = [];

  function put(what: What, { by, epoch = 0, n = 0, age = 0 }: { by?: Session | undefined; epoch?: number; n?: number; age?: number } = {}) {
    const at = clock.now();
    if (by !== undefined && !sessions.includes(by)) sessions.push(by);
    traced.push([what, at - lastAt, by === undefined ? 0 : sessions.indexOf(by) + 1, epoch, n, age]);
    lastAt = at;
  }

  /** The broker gave control away at the latest when anyone first hears of it. */
  function give({ epoch, holder }: Control): void {
    while (newest < epoch) {
      newest += 1;
      put("given", { epoch: newest, by: newest === epoch ? holder?.session : undefined });
    }
  }

  function answered(by: Session, epoch: number, isTaken: boolean): void {
    const index = pending.findIndex((one) => one.by === by && one.permit.epoch === epoch);
    const [shown] = index === -1 ? [] : pending.splice(index, 1);
    if (shown) put("shown", { by, epoch, n: Number(isTaken), age: clock.now() - shown.permit.issuedAt });
    if (shown && isTaken) known = Math.max(known, epoch);
  }

  /** A permit of a new epoch stops a robot that moves, and is answered only afterwards. */
  function halted(): void {
    const taken = pending.find(({ permit }) => permit.epoch > known);
    if (taken) answered(taken.by, taken.permit.epoch, true);
    put("halted");
  }

  function tapped(by: Session, { control, events }: Channels): Channels {
    return {
      control: overhear(control, {
        heard(data, pass) {
          const { sentAt } = JSON.parse(String(data));
          command = typeof sentAt === "number" ? { by, sentAt } : undefined;
          pass();
          command = undefined;
        },
      }),
      events: overhear(events, {
        heard(data, pass) {
          const { type, permit } = JSON.parse(String(data));
          if (type === "permit") pending.push({ by, permit: claimsOf(permit) });
          pass();
        },
        sent(data) {
          const { type, epoch, reason } = JSON.parse(data);
          if (type === "accepted") answered(by, epoch, true);
          if (type === "refused" && judged.includes(reason)) answered(by, epoch, false);
        },
      }),
    };
  }

  const folder = process.env.TETHER_TRACES;
  if (folder) {
    const story = expect.getState().currentTestName;
    onTestFinished(({ task }) =>
      writeFileSync(join(folder, `${task.id}.json`), JSON.stringify({ story, sessions: sessions.length, traced })),
    );
  }

  return {
    /** A frame came to an operator. */
    told(frame: FromBroker): void {
      if (frame.type === "control.changed" || frame.type === "control.granted") give(frame.control);
    },
    /** A frame came to the robot. */
    heard(frame: FromBroker): void {
      const control = frame.type === "welcome" ? frame.control?.control : frame.type === "control.changed" ? frame.control : undefined;
      if (control) give(control);
      const said = { by: control?.holder?.session, epoch: control?.epoch ?? 0 };
      if (frame.type === "welcome") put("welcomed", said);
      else if (control) put("notice", said);
      isOnline ||= frame.type === "welcome";
      known = Math.max(known, said.epoch);
    },
    lost(): void {
      if (isOnline) put("lost");
      isOnline = false;
    },
    options(options: GuardOptions): GuardOptions {
      return {
        ...options,
        onCommand(given, obeyed) {
          const { by, sentAt = 0 } = command ?? {};
          put("obeyed", { by, epoch: obeyed.epoch, n: obeyed.seq, age: clock.now() - sentAt });
          options.onCommand(given, obeyed);
        },
        stop(reason) {
          halted();
          return options.stop(reason);
        },
        onStop(reason, measured) {
          put("carried");
          options.onStop?.(reason, measured);
        },
      };
    },
    guard: (guard: Guard): Guard =>
      Object.create(guard, { open: { value: (by: Session, channels: Channels) => guard.open(by, tapped(by, channels)) } }),
  };
}

type Ears = { readonly heard: (data: unknown, pass: () => void) => void; readonly sent?: (data: string) => void };

/** The channel, with ears at its end: `heard` passes on what comes, `sent` is told of what goes. */
function overhear(channel: ChannelLike, { heard, sent }: Ears): ChannelLike {
  return new Proxy(channel, {
    get(target, name) {
      const value = Reflect.get(target, name);
      if (name !== "send") return typeof value === "function" ? value.bind(target) : value;
      return (data: string) => {
        sent?.(data);
        target.send(data);
      };
    },
    set(target, name, listener) {
      const overheard: ChannelLike["onmessage"] = (event) => heard(event.data, () => listener?.(event));
      return Reflect.set(target, name, name === "onmessage" ? overheard : listener);
    },
  });
}

function claimsOf(permit: string): Permit {
  return JSON.parse(Buffer.from(permit.split(".")[1] ?? "", "base64url").toString());
}
