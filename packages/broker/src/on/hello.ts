import { answerHello } from "@tether/core/session";
import type { Hello } from "@tether/protocol/frame/hello";
import { isProblem } from "@tether/protocol/problem";
import { refused } from "../outcome.ts";
import type { On } from "./handler.ts";

export const onHello: On<Hello> = async (env, from, frame, line) => {
  const principalId = from.principal.type === "user" ? from.principal.id : from.robotId;
  const iceServers = await env.ice.servers(principalId, env.clock.now()); // I1
  const answer = await answerHello({ ...env, iceServers }, from, frame);
  line.instance = frame.instance;
  if (!isProblem(answer)) {
    Object.assign(line, { outcome: "welcomed", authExpiresAt: answer.deadlines.authExpiresAt });
    return { answer };
  }
  line.outcome = answer.problem;
  return refused(answer, frame.id);
};
