/** How a state is meant: it has its colour and the shape of its dot from this. */
export type Tone = "good" | "warn" | "bad" | "quiet";
