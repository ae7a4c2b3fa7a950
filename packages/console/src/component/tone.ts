/** The meaning of a state, which decides its colour and the shape of its dot. */
export type Tone = "good" | "warn" | "bad" | "quiet";
