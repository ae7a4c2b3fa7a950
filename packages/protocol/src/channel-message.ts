import type * as z from "zod/mini";
import { FromCameras, ToCameras } from "./camera.ts";
import { Command, OnControl, Pong, ToOperator, ToRobot } from "./control.ts";

type Message = z.ZodMiniObject;

/** The messages of a union by their type; a command is the one that has none. */
function byType(options: readonly z.ZodMiniType[]): Readonly<Record<string, Message>> {
  return Object.fromEntries(
    options.map((option) => {
      const message = option as Message & { readonly shape: { readonly type?: z.ZodMiniLiteral<string> } };
      return [message === Command ? "command" : String(message.shape.type?.def.values[0]), message];
    }),
  );
}

/** Every message on the channels between an operator and a robot, by channel and direction. */
export const channelMessages = {
  "control-to-robot": byType(OnControl.def.options),
  "control-to-operator": byType([Pong]),
  "events-to-robot": byType(ToRobot.def.options),
  "events-to-operator": byType(ToOperator.def.options),
  "media-to-robot": byType(ToCameras.def.options),
  "media-to-operator": byType(FromCameras.def.options),
} as const;
