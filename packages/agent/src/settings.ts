/** Each setting may come from three places: flags take precedence over the environment, and that over the file. */
export const settings = {
  api: { flag: "--api URL", variable: "TETHER_API", says: "the service's address, where it moved since the robot enrolled" },
  state: { flag: "--state DIR", variable: "TETHER_STATE", says: "where the key file is ($XDG_STATE_HOME/tether)" },
  algorithm: { flag: "--p256", variable: "TETHER_ALGORITHM", says: "make the next key p-256, where the hardware lacks ed25519" },
  driver: { flag: "--driver PROGRAM", variable: "TETHER_DRIVER", says: "the program that moves the robot: a command line, or simulated" },
  cameras: {
    flag: "--camera SOURCE",
    variable: "TETHER_CAMERA",
    says: "what operators see: test, v4l2:DEVICE, …; NAME=SOURCE for several",
  },
  microphone: {
    flag: "--microphone SOURCE",
    variable: "TETHER_MICROPHONE",
    says: "what operators hear: test, alsa:DEVICE, pulse, …",
  },
  speaker: {
    flag: "--speaker SINK",
    variable: "TETHER_SPEAKER",
    says: "where whoever drives is heard: alsa:DEVICE, pulse, …",
  },
} as const;

/** A setting that the file alone has. */
export const fileSettings = { robot: "what the robot is, where its driver does not say so: its axes, buttons and telemetry" } as const;

/** The cameras of `--camera`: each a source, with its name before an equals sign if it has one. */
export function camerasOf(given: readonly string[]): { name: string; source: string }[] {
  return given.map((one, index) => {
    const [, name = index === 0 ? "camera" : `camera-${index + 1}`, source = one] = /^([A-Za-z0-9_-]{1,32})=(.+)$/s.exec(one) ?? [];
    return { name, source };
  });
}
