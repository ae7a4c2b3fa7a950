import { invoke } from "@tether/aws/invocation";
import { createBuckets } from "@tether/core/rate";
import { expel, type Live } from "@tether/core/session";
import type { ToBroker } from "@tether/protocol/frame";
import { parseToBroker } from "@tether/protocol/frame/parse";
import { limits } from "@tether/protocol/limits";
import { type Problem, problem } from "@tether/protocol/problem";
import type { Env } from "./env.ts";
import { type Answer, type ConnectionEvent, identityOf } from "./event.ts";
import { failureOf } from "./failure.ts";
import { createFrameLimit } from "./frame-limit.ts";
import { byeIfMoved } from "./moved.ts";
import type { On } from "./on/handler.ts";
import { on } from "./on/index.ts";
import { type Outcome, refused } from "./outcome.ts";
import { tellMonitors } from "./tell-monitors.ts";

const done: Answer = { statusCode: 200 };

/** `$default`: one frame. What the sender must be told is posted to its connection; those who monitor the robot come after it. */
export function createDefault(env: Env) {
  const measure = createFrameLimit(env.clock);
  const stopNews = createBuckets(env.clock, limits.rate.stopNews, limits.rate.principals);
  return (event: ConnectionEvent): Promise<Answer> =>
    invoke(env, "frame", async (line) => {
      const identity = identityOf(event);
      const { robotId, sessionId, epoch, connection } = identity;
      const text = event.body ?? "";
      const bytes = Buffer.byteLength(text);
      // Frames are most of the log: which connection a session's epoch is, and of what kind, its connect line says.
      Object.assign(line, { robotId, sessionId, epoch, bytes });
      const parsed = event.isBase64Encoded ? problem("frame.malformed") : parseToBroker(text);
      const measured = measure(identity, "frame" in parsed ? parsed.frame.type : undefined);
      if (measured === "flooded" || measured === "closing") {
        line.outcome = "flooded";
        if (measured === "flooded") await expel(env, identity).catch(failureOf(line));
        return done;
      }
      if ("unknown" in parsed) {
        line.outcome = "ignored";
        return done;
      }
      let live: Live | undefined;
      const onRead = (read: Live) => {
        live = read;
      };
      const { answer, verdict } =
        "problem" in parsed ? refuse(parsed) : measured === "over" ? refuse(tooOften(parsed.frame)) : await answerTo(parsed.frame);
      if (answer) await env.outbox.post(connection.id, answer);
      if (verdict)
        await tellMonitors(env, { from: identity, frame: "frame" in parsed ? parsed.frame : parsed, bytes, verdict, live }, line);
      return done;

      async function answerTo(frame: ToBroker): Promise<Outcome> {
        line.type = frame.type;
        // The table pairs each type with its own frame; TypeScript cannot follow the look-up.
        const handler = on[frame.type] as On<ToBroker>;
        const outcome = await handler({ ...env, onRead, stopNews }, identity, frame, line).catch((error: unknown) =>
          failed(frame, failureOf(line)(error)),
        );
        return byeIfMoved(env, identity, outcome).catch((error: unknown) => failed(frame, failureOf(line)(error)));
      }

      function refuse(why: Problem & { id?: string }): Outcome {
        line.outcome = why.problem;
        return refused(why, why.id);
      }
    });
}

function tooOften(frame: ToBroker): Problem & { id?: string } {
  const id = "id" in frame ? frame.id : undefined;
  return { ...problem("rate.limited"), ...(id !== undefined && { id }) };
}

/** A signal that met a failure was not delivered: its sender sends it again. */
function failed(frame: ToBroker, why: Problem): Outcome {
  if (frame.type !== "signal") return refused(why, "id" in frame ? frame.id : undefined);
  const { id, to, stream, seq } = frame;
  const reason = "busy";
  const answer = { type: "undelivered", ...(id !== undefined && { id }), to, stream, seq, reason } as const;
  return { answer, verdict: { outcome: "undelivered", reason } };
}
