import * as z from "zod/mini";
import { TimelineEvent } from "../timeline.ts";
import { pageOf } from "./page.ts";

/** Newest first. */
export const TimelinePage = pageOf(z.extend(TimelineEvent, { says: z.string(), remedy: z.optional(z.string()) }));
export type TimelinePage = z.infer<typeof TimelinePage>;
