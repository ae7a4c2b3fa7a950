import { describe, expect, test } from "vitest";
import { readConfig } from "../src/config.ts";
import { createMemoryDisk } from "./memory-disk.ts";

const [flag, variable, file] = ["https://flag.example", "https://variable.example", "https://file.example"];

async function read(told: { flags?: object; variables?: Record<string, string>; files?: Record<string, unknown>; path?: string }) {
  const files = createMemoryDisk();
  for (const [path, value] of Object.entries(told.files ?? {})) {
    await files.create(path, typeof value === "string" ? value : JSON.stringify(value));
  }
  return readConfig({ files, variables: told.variables ?? {}, home: "/home/r" }, told.flags ?? {}, told.path);
}

const home = "/home/r/.config/tether/robot.json";

describe("a setting", () => {
  test("on the command line counts before the environment, which counts before the file", async () => {
    const [files, variables, flags] = [{ [home]: { api: file } }, { TETHER_API: variable }, { api: flag }];
    expect(await read({ files })).toMatchObject({ api: file });
    expect(await read({ files, variables })).toMatchObject({ api: variable });
    expect(await read({ files, variables, flags })).toMatchObject({ api: flag });
  });

  test("set in one place leaves the other settings in theirs", async () => {
    const told = { files: { [home]: { algorithm: "p-256" } }, variables: { TETHER_STATE: "/s" }, flags: { api: flag } };
    expect(await read(told)).toEqual({ api: flag, state: "/s", algorithm: "p-256", cameras: [] });
  });

  test("that is empty in the environment counts as unset", async () => {
    expect(await read({ variables: { TETHER_API: "", TETHER_STATE: "" } })).toEqual({
      api: undefined,
      state: "/home/r/.local/state/tether",
      algorithm: undefined,
      cameras: [],
    });
  });

  test("names cameras: with all that they have in the file, by name and source elsewhere", async () => {
    const front = { name: "front", source: "v4l2:/dev/video0", codec: "vp8", kbits: 900 };
    const files = { [home]: { driver: "simulated", cameras: [front] } };
    expect(await read({ files })).toMatchObject({ cameras: [front] });
    const variables = { TETHER_CAMERA: "front=test\nrtsp://camera.example/1?a=b" };
    const both = [
      { name: "front", source: "test" },
      { name: "camera-2", source: "rtsp://camera.example/1?a=b" },
    ];
    expect(await read({ files, variables })).toMatchObject({ cameras: both });
  });

  test("names a microphone: with its bitrate in the file, by its source elsewhere", async () => {
    const microphone = { source: "alsa:plughw:1", kbits: 24 };
    const files = { [home]: { driver: "simulated", microphone } };
    expect(await read({ files })).toMatchObject({ microphone });
    expect(await read({ files, variables: { TETHER_MICROPHONE: "pulse" } })).toMatchObject({ microphone: { source: "pulse" } });
  });

  test("says what the robot is, in the file alone", async () => {
    const robot = { kind: "ptz", axes: [{ name: "pan", unit: "rad/s", least: -1, most: 1 }], buttons: [], telemetry: [] };
    expect(await read({ files: { [home]: { driver: "simulated", robot } } })).toMatchObject({ robot });
    expect(await read({ flags: { robot: { ...robot, kind: "car" } } })).toMatchObject({ code: "config.invalid" });
  });

  test.each([
    [
      "is of a robot with an axis that has no rest",
      { files: { [home]: { robot: { kind: "arm", axes: [{ name: "a", unit: "m/s", least: 1, most: 2 }], buttons: [], telemetry: [] } } } },
      "robot.axes.0.least",
    ],
    ["is unknown", { files: { [home]: { apu: "x" } } }, "apu"],
    ["is no address", { variables: { TETHER_API: "robot" } }, "api"],
    ["is an address of another kind", { flags: { api: "file:///x" } }, "api"],
    ["is no algorithm", { variables: { TETHER_ALGORITHM: "rsa" } }, "algorithm"],
    ["is a source of no kind", { flags: { driver: "simulated", cameras: [{ name: "front", source: "webcam" }] } }, "front"],
    ["is a camera that is there twice", { variables: { TETHER_DRIVER: "simulated", TETHER_CAMERA: "a=test\na=test" } }, "the name a"],
    ["is a camera of a robot that nothing moves", { variables: { TETHER_CAMERA: "test" } }, "no driver"],
    ["is a microphone of no kind", { flags: { driver: "simulated", microphone: { source: "v4l2:/dev/video0" } } }, "microphone"],
    ["is a speaker of no kind", { flags: { driver: "simulated", speaker: { sink: "test" } } }, "speaker"],
    ["is a speaker of a robot that nothing moves", { variables: { TETHER_SPEAKER: "pulse" } }, "no driver"],
    ["is a microphone of a robot that nothing moves", { variables: { TETHER_MICROPHONE: "test" } }, "no driver"],
    ["is a camera with a name that is none", { files: { [home]: { cameras: [{ name: "a b", source: "test" }] } } }, "cameras"],
    ["stands in a file that is not JSON", { files: { [home]: "api=" } }, "not JSON"],
    ["stands in a named file that is not there", { path: "/etc/none.json" }, "/etc/none.json"],
    ["stands in a file that the environment names and is not there", { variables: { TETHER_CONFIG: "/etc/none.json" } }, "/etc/none.json"],
  ])("that %s is refused by its name", async (_, told, name) => {
    expect(await read(told)).toMatchObject({ exit: "usage", says: expect.stringContaining(name) });
  });
});

test("the folders are where XDG says, and a named file replaces the usual one", async () => {
  const variables = { XDG_CONFIG_HOME: "/c", XDG_STATE_HOME: "/s" };
  expect(await read({ variables, files: { "/c/tether/robot.json": { api: file } } })).toMatchObject({ api: file, state: "/s/tether" });
  const files = { "/c/tether/robot.json": { api: file }, "/mine.json": { api: flag } };
  expect(await read({ variables, files, path: "/mine.json" })).toMatchObject({ api: flag });
  expect(await read({ variables: { ...variables, TETHER_CONFIG: "/mine.json" }, files })).toMatchObject({ api: flag });
});
