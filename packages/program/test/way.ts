import { lockByDescriptor } from "../src/lock-by-descriptor.ts";
import { lockBySqlite } from "../src/lock-by-sqlite.ts";

/** The two ways in which a program takes a lock, of which its Node has one. */
export const ways = [
  { name: "sqlite", take: lockBySqlite },
  { name: "descriptor", take: lockByDescriptor },
] as const;
