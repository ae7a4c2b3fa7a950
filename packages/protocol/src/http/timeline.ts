import * as z from "zod/mini";
import { Cause } from "../cause.ts";
import { Text } from "../text.ts";
import { TimelineEvent } from "../timeline.ts";
import { pageOf } from "./page.ts";

/** Newest first. `possible`: the causes that fit what is known, the told one first, where the broker concluded it. */
export const TimelinePage = pageOf(z.extend(TimelineEvent, { possible: z.optional(z.array(Cause)), says: Text, remedy: z.optional(Text) }));
export type TimelinePage = z.infer<typeof TimelinePage>;
