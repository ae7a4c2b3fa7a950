import type { Stage } from "./stage.ts";

/** An action that can happen in a run; `false` where nothing is there for it to happen to. */
export type Action = { readonly weight: number; readonly act: (stage: Stage) => Promise<unknown> | false };
export type Actions = Readonly<Record<string, Action>>;

export const nothing = Promise.resolve();
