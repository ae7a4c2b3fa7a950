import type { CreateDriver } from "../driver.ts";
import { createSimulated } from "./driver.ts";

/** The simulated robot as a module that the agent runs like any other. */
export const createDriver: CreateDriver = ({ clock }) => createSimulated(clock);
