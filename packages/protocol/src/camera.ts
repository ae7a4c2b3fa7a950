import * as z from "zod/mini";
import { Text } from "./text.ts";

/** The channel on which a robot with several cameras tells of them, and a client says which it watches. Reliable and ordered. V1 */
export const mediaChannel = { label: "tether.media", options: { ordered: true } } as const;

/** The most cameras of a robot. */
export const camerasMost = 8;

/** The id of the stream in which a robot's sound comes: no camera has such a name, so that no picture waits for the sound. V5 */
export const soundStream = "tether.sound";

/** From the client: the cameras it watches, by name, the most important first. None is sent that is not named. V2 */
export const WatchCameras = z.object({ type: z.literal("watch"), cameras: z.array(Text).check(z.maxLength(camerasMost)) });
export type WatchCameras = z.infer<typeof WatchCameras>;

const SourceState = z.enum(["off", "starting", "live", "paused", "failed"]);

/**
 * From the robot, at first and whenever it changes. The name of a camera is the id of its stream. `failed`: its program
 * ended, `says` how, and it is started again. `paused`: the path to this client does not bear it beside those that are more important.
 */
export const CameraNews = z.object({
  type: z.literal("cameras"),
  cameras: z.array(z.object({ name: Text, state: SourceState, says: z.optional(Text) })).check(z.maxLength(camerasMost)),
  /** How the robot's sound is, where it has one. V5 */
  microphone: z.optional(z.object({ state: SourceState, says: z.optional(Text) })),
  /** How its speaker is, where it has one. V8 */
  speaker: z.optional(z.object({ state: SourceState, says: z.optional(Text) })),
});
export type CameraNews = z.infer<typeof CameraNews>;

/** From the client: it wants to hear the robot, or no longer. Until it says so it gets no sound. V6 */
export const HearRobot = z.object({ type: z.literal("hear"), isHeard: z.boolean() });

/** From the client, an operator's or an owner's: keep the last half minute as a recording, or tell which there are. V3 */
export const KeepRecording = z.object({ type: z.literal("keep") });
export const AskRecordings = z.object({ type: z.literal("recordings") });

/** A message of a client on the channel. */
export const ToCameras = z.discriminatedUnion("type", [WatchCameras, HearRobot, KeepRecording, AskRecordings]);
export type ToCameras = z.infer<typeof ToCameras>;

/** The most recordings that are told of. */
const recordingsMost = 100;

/** From the robot, once asked and whenever one is written: the recordings on its disk, newest first. V3 */
export const RecordingNews = z.object({
  type: z.literal("recordings"),
  recordings: z.array(z.object({ name: Text, bytes: z.int().check(z.nonnegative()) })).check(z.maxLength(recordingsMost)),
});
export type RecordingNews = z.infer<typeof RecordingNews>;

/** A message of a robot on the channel. */
export const FromCameras = z.discriminatedUnion("type", [CameraNews, RecordingNews]);

/** A client makes this data channel to fetch the recording that its `protocol` names; the robot sends its bytes, in order, and closes it. V4 */
export const recordingChannel = { label: "tether.recording", options: { ordered: true } } as const;
