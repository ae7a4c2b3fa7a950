import type { Site } from "./site.ts";

/** Things that happen to a robot or a client, from their beginning until what comes of them is over. */
export type Episodes = Readonly<Record<string, { readonly weight: number; readonly act: (site: Site) => Promise<void> }>>;
