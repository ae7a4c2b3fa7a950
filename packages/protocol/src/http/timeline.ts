import * as z from "zod/mini";
import { Text } from "../text.ts";
import { TimelineEvent } from "../timeline.ts";
import { pageOf } from "./page.ts";

/** Newest first. */
export const TimelinePage = pageOf(z.extend(TimelineEvent, { says: Text, remedy: z.optional(Text) }));
export type TimelinePage = z.infer<typeof TimelinePage>;
