import { shell } from "./shell.ts";

/** The places of an installation, as its service knows them. */
type UnitSettings = { readonly state: string; readonly config: string; readonly user: string; readonly start: string };

/** The systemd unit of a robot. */
export function unit(settings: UnitSettings): string {
  return shell("tether-robot.service").replace(/@(state|config|user|start)@/g, (_, name: keyof UnitSettings) => settings[name]);
}
