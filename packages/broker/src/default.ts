import { invoke } from "@tether/aws/invocation";
import type { FromBroker, ToBroker } from "@tether/protocol/frame";
import { parseToBroker } from "@tether/protocol/frame/parse";
import { problemFrame } from "@tether/protocol/frame/problem";
import { type Problem, problem } from "@tether/protocol/problem";
import type { Env } from "./env.ts";
import { type Answer, type ConnectionEvent, identityOf } from "./event.ts";
import { failureOf } from "./failure.ts";
import { type On, on } from "./on/index.ts";

const done: Answer = { statusCode: 200 };

/** `$default`: one frame. What the sender must be told is posted to its connection. */
export function createDefault(env: Env) {
  return (event: ConnectionEvent): Promise<Answer> =>
    invoke(env, "frame", async (line) => {
      const identity = identityOf(event);
      const { robotId, sessionId, epoch, connection } = identity;
      const text = event.body ?? "";
      // Frames are most of the log: which connection a session's epoch is, and of what kind, its connect line says.
      Object.assign(line, { robotId, sessionId, epoch, bytes: Buffer.byteLength(text) });
      const parsed = event.isBase64Encoded ? problem("frame.malformed") : parseToBroker(text);
      if ("unknown" in parsed) {
        line.outcome = "ignored";
        return done;
      }
      const answer = "problem" in parsed ? refuse(parsed) : await answerTo(parsed.frame);
      if (answer) await env.outbox.post(connection.id, answer);
      return done;

      async function answerTo(frame: ToBroker): Promise<FromBroker | undefined> {
        line.type = frame.type;
        // The table pairs each type with its own frame; TypeScript cannot follow the look-up.
        const handler = on[frame.type] as On<ToBroker>;
        return handler(env, identity, frame, line).catch((error: unknown) => failed(frame, failureOf(line)(error)));
      }

      function refuse(refused: Problem & { id?: string }): FromBroker {
        line.outcome = refused.problem;
        return problemFrame(refused, refused.id);
      }
    });
}

/** A signal that met a failure was not delivered: its sender sends it again. */
function failed(frame: ToBroker, why: Problem): FromBroker {
  if (frame.type !== "signal") return problemFrame(why, "id" in frame ? frame.id : undefined);
  const { id, to, stream, seq } = frame;
  return { type: "undelivered", ...(id !== undefined && { id }), to, stream, seq, reason: "busy" };
}
