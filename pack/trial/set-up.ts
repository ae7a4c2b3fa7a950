import { installTools } from "./trial.ts";

/** Before all tests of a run: two of them that install the tools at the same time would be in each other's way. */
export const setup = installTools;
