import { join } from "node:path";
import type { Files } from "@tether/program/files";
import { camerasMost } from "@tether/protocol/camera";
import { Declaration } from "@tether/protocol/declaration";
import { type Algorithm, algorithms } from "@tether/sdk/robot";
import * as z from "zod/mini";
import type { Trouble } from "./exit.ts";
import { MicrophoneSettings, microphones, readMicrophone } from "./media/camera/microphone.ts";
import { CameraSettings, readSource, sources } from "./media/camera/source.ts";
import { readSpeaker, SpeakerSettings, speakers } from "./media/sound/speaker.ts";
import { camerasOf, fileSettings, settings } from "./settings.ts";

/** The agent's configuration. */
export type Config = {
  /** The service's address; undefined: the one at which the robot enrolled. */
  readonly api: string | undefined;
  /** The folder of the key file. */
  readonly state: string;
  readonly algorithm: Algorithm | undefined;
  /** `simulated`, `module:` and a path, or the command line of a program. Without a driver the robot cannot be driven. */
  readonly driver: string | undefined;
  /** The cameras that operators see, the most important first. */
  readonly cameras: readonly CameraSettings[];
  /** The microphone that operators hear. */
  readonly microphone: MicrophoneSettings | undefined;
  /** The speaker by which whoever holds control is heard. */
  readonly speaker: SpeakerSettings | undefined;
  /** The robot's declaration of itself, for a driver that makes none. */
  readonly robot: Declaration | undefined;
};

const Settings = z.strictObject({
  api: z.optional(z.url({ protocol: /^https?$/ })),
  state: z.optional(z.string().check(z.minLength(1))),
  algorithm: z.optional(z.enum(algorithms)),
  driver: z.optional(z.string().check(z.minLength(1))),
  cameras: z.optional(z.array(CameraSettings).check(z.maxLength(camerasMost))),
  microphone: z.optional(MicrophoneSettings),
  speaker: z.optional(SpeakerSettings),
  robot: z.optional(Declaration),
});
type Settings = z.infer<typeof Settings>;

export type Environment = { readonly [name: string]: string | undefined };

type Env = { readonly files: Files; readonly variables: Environment; readonly home: string };

/** Reads the configuration from `path`, else from $TETHER_CONFIG, else from $XDG_CONFIG_HOME/tether/robot.json if that exists. */
export async function readConfig(env: Env, flags: Settings, path?: string): Promise<Config | Trouble> {
  const { variables, home } = env;
  const [configHome, stateHome] = [
    variables.XDG_CONFIG_HOME || join(home, ".config"),
    variables.XDG_STATE_HOME || join(home, ".local/state"),
  ];
  const named = path ?? variables.TETHER_CONFIG;
  const file = await readSettings(env.files, named ?? join(configHome, "tether/robot.json"), named !== undefined);
  if ("exit" in file) return file;
  const variablesSet = {
    api: variables.TETHER_API,
    state: variables.TETHER_STATE,
    algorithm: variables.TETHER_ALGORITHM,
    driver: variables.TETHER_DRIVER,
    cameras: variables.TETHER_CAMERA && camerasOf(variables.TETHER_CAMERA.split("\n")),
    microphone: variables.TETHER_MICROPHONE && { source: variables.TETHER_MICROPHONE },
    speaker: variables.TETHER_SPEAKER && { sink: variables.TETHER_SPEAKER },
  };
  const environment = check("The environment", nonEmpty(variablesSet));
  if ("exit" in environment) return environment;
  const given = check("The command line", nonEmpty(flags));
  if ("exit" in given) return given;
  const { state = join(stateHome, "tether"), cameras = [], ...rest } = { ...file, ...environment, ...given };
  const { api, algorithm, driver, microphone, speaker, robot } = rest;
  const config = { api, state, algorithm, driver, cameras, microphone, speaker, robot };
  return refuse(config) ?? config;
}

function refuse({ cameras, microphone, speaker, driver }: Config): Trouble | undefined {
  const unknown = cameras.find((camera) => readSource(camera) === undefined);
  if (unknown) return unknownSource(`source of the camera ${unknown.name}`, sources);
  if (microphone && !readMicrophone(microphone.source)) return unknownSource("source of the microphone", microphones);
  if (speaker && !readSpeaker(speaker.sink)) return unknownSource("sink of the speaker", speakers);
  const names = cameras.map(({ name }) => name);
  const double = names.find((name, index) => names.indexOf(name) !== index);
  if (double !== undefined) return wrong(`Two cameras have the name ${double}.`, "Give each a name of its own.");
  if (driver !== undefined || (cameras.length === 0 && !microphone && !speaker)) return undefined;
  return wrong("There are cameras or sound, and no driver.", "Say with --driver what moves the robot; simulated is one to try it with.");
}

function unknownSource(what: string, forms: { readonly [form: string]: string }): Trouble {
  const known = Object.entries(forms).map(([form, says]) => `${form}: ${says}`);
  return wrong(`The ${what} is none that is known.`, `It is one of: ${known.join("; ")}.`);
}

async function readSettings(files: Files, path: string, needed: boolean): Promise<Settings | Trouble> {
  const found = await files.read(path);
  if (found) {
    try {
      return check(path, JSON.parse(found.text));
    } catch {
      return wrong(`${path} is not JSON.`, `Write an object with any of: ${Object.keys({ ...settings, ...fileSettings }).join(", ")}.`);
    }
  }
  return needed ? wrong(`There is no ${path}.`, "Write it, or name another file with --config.") : {};
}

function nonEmpty(values: { readonly [name: string]: unknown }): object {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value));
}

function check(where: string, value: unknown): Settings | Trouble {
  const parsed = Settings.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const name = [...(issue?.path ?? []), ...(issue?.code === "unrecognized_keys" ? issue.keys.slice(0, 1) : [])].join(".");
  const known = [...Object.entries(settings).map(([key, { says }]) => [key, says] as const), ...Object.entries(fileSettings)];
  const remedy = `Settings: ${known.map(([key, says]) => `${key}, ${says}`).join("; ")}.`;
  return wrong(`${where} has a setting that is unknown or wrong: ${name}.`, remedy);
}

function wrong(says: string, remedy: string): Trouble {
  return { exit: "usage", code: "config.invalid", says, remedy };
}
