import type { Api } from "@tether/sdk/api";
import type { Platform } from "@tether/sdk/platform";
import { createContext, use } from "react";
import type { Config } from "./config.ts";
import type { Identity } from "./sign-in/identity.ts";

/** The services that every page uses. */
export type Services = {
  readonly platform: Pick<Platform, "clock" | "random" | "fetch" | "socket">;
  readonly config: Config;
  readonly identity: Identity;
  readonly api: Api;
};

export const ServicesContext = createContext<Services | undefined>(undefined);

export function useServices(): Services {
  const services = use(ServicesContext);
  if (!services) throw new Error("outside of the console");
  return services;
}
