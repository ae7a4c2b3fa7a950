type Taken = {
  readonly robot: string;
  readonly camera: string | undefined;
  /** When the robot took it, in ms since the Unix epoch. */
  readonly capturedAt: number | undefined;
  /** When it was shown, which names one of an unknown time. */
  readonly shownAt: number;
};

/** A name that every disk takes: letters and digits of any script, hyphens between them. */
const plain = (text: string) =>
  text
    .normalize("NFC")
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-+|-+$/g, "");

/** The file's name: the robot, the camera, and the time of the picture in UTC; one whose time is not known says when it was shown. */
export function stillName({ robot, camera, capturedAt, shownAt }: Taken): string {
  const time = new Date(capturedAt ?? shownAt).toISOString().replaceAll(":", "").replace(".", "-");
  const names = [robot, camera].flatMap((name) => (name === undefined || plain(name) === "" ? [] : [plain(name)]));
  return `${[...names, capturedAt === undefined ? `shown-${time}` : time].join("_")}.png`;
}

/** The frame that a video shows, as a PNG of its own size; undefined before the first one. */
export async function stillOf(video: HTMLVideoElement): Promise<Blob | undefined> {
  const { videoWidth: width, videoHeight: height } = video;
  if (width === 0) return undefined;
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  canvas.getContext("2d")?.drawImage(video, 0, 0, width, height);
  return new Promise((resolve) => canvas.toBlob((still) => resolve(still ?? undefined), "image/png"));
}
