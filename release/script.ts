import { keyOf } from "../packages/agent/src/update/manifest.ts";
import { shell } from "./shell.ts";

type ScriptOptions = {
  /** The address of the folder that the script is served from, without a `/` at its end. */
  readonly base: string;
  /** The API's origin. */
  readonly api: string;
  /** The public key that the manifest is signed with (SPKI, base64). */
  readonly key: string;
};

/** `robot.sh` as one deployment serves it: it knows where it comes from, whom robots enroll at, and whose signature it takes. */
export function robotScript({ base, api, key }: ScriptOptions): string {
  for (const url of [base, api]) if (!/^https?:\/\/[\w.:[\]/-]+$/.test(url)) throw new Error(`${url} is no plain address.`);
  const parts: Readonly<Record<string, string>> = {
    base,
    api,
    key: keyOf(key).export({ type: "spki", format: "pem" }).toString().trim(),
    unit: shell("tether-robot.service").trim(),
    wrapper: shell("wrapper.sh").trim(),
  };
  return shell("robot.sh").replace(/@(base|api|key|unit|wrapper)@/g, (_, name: string) => parts[name] ?? "");
}
