import type { Happening } from "../../src/connection/event.ts";
import { next } from "../../src/connection/machine.ts";
import type { HandingOver, Online, State } from "../../src/connection/state.ts";
import { answer, welcome } from "./example.ts";

export const minute = 60_000;

export const idle: State = { state: "idle", session: undefined };

export function after(from: State, ...happenings: (Happening & { at?: number; draw?: number })[]): State {
  return happenings.reduce<State>((state, happening) => next(state, { at: 0, draw: 0.5, ...happening }), from);
}

export const toOnline: Happening[] = [
  { type: "started" },
  { type: "ticketed", attemptId: 1, answer: answer() },
  { type: "opened", socketId: 1 },
  { type: "welcomed", socketId: 1, welcome: welcome() },
];
export const online = after(idle, ...toOnline) as Online;
export const handing = after(online, { type: "aged", socketId: 1 }) as HandingOver;
export const greetingSuccessor = after(handing, { type: "ticketed", attemptId: 2, answer: answer(2) }, { type: "opened", socketId: 2 });
