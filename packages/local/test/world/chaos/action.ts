import type { Stage } from "./stage.ts";

/** What can happen in a run; `false` where there is nothing that it could happen to. */
export type Action = { readonly weight: number; readonly act: (stage: Stage) => Promise<unknown> | false };
export type Actions = Readonly<Record<string, Action>>;

export const nothing = Promise.resolve();
