/**
 * The order of things that happen at the same time and are to happen one after the other: asked before each, with a name that
 * tells it from all others, and with the operation where it is a request to the store. What it resolves with is called when that one thing is done.
 */
export type Turn = (name: string, operation?: string) => Promise<() => void>;
