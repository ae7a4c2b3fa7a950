import type { Platform } from "@tether/sdk/platform";
import { createContext, use } from "react";
import type { Api } from "./api/api.ts";
import type { Config } from "./config.ts";
import type { Identity } from "./sign-in/identity.ts";

/** What every page is handed. */
export type World = {
  readonly platform: Pick<Platform, "clock" | "random" | "fetch" | "socket">;
  readonly config: Config;
  readonly identity: Identity;
  readonly api: Api;
};

export const WorldContext = createContext<World | undefined>(undefined);

export function useWorld(): World {
  const world = use(WorldContext);
  if (!world) throw new Error("outside of the console");
  return world;
}
