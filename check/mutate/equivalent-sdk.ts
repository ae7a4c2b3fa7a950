import { type Row, rowsOf } from "./equivalent.ts";

const rows: readonly Row[] = [
  ["lease/lease.ts", "key: `ask:", "StringLiteral", "no two requests for a ticket follow each other without a rest"],
  ["lease/lease.ts", "key: `prove:", "StringLiteral", "no two proofs follow each other without a rest"],
  [
    "lease/lease.ts",
    'else if (frame.type !== "problem") return;',
    "ConditionalExpression: false",
    "no other frame has an id that begins so, or the code",
  ],
  ["signalling/signalling.ts", 'if (peer?.state === "away"', "OptionalChaining: peer.state", "it is asked of known peers only"],
  [
    "signalling/signalling.ts",
    'if (streamsOf(id).peer?.state !== "online") continue;',
    "OptionalChaining",
    "streams are kept of known peers only",
  ],
  [
    "signalling/signalling.ts",
    "if (alarm?.at === next) return;",
    "ConditionalExpression: false",
    "the same alarm is set once more, in place of the one that is cancelled",
  ],
  [
    "signalling/signalling.ts",
    'if (!known || known.state === "away" || isStale',
    'StringLiteral: ""',
    "only news of a peer that is online is older within an epoch",
  ],
  ["signalling/signalling.ts", "peers: () =>", "MethodExpression", "streams are kept of known peers only"],
  ["signalling/signalling.ts", "peers: () =>", "ConditionalExpression: true", "streams are kept of known peers only"],
  ["signalling/frame-id.ts", 'id?.split(".") ?? []', "ArrayDeclaration", "what stands there is no session's id either"],
  ["signalling/snapshot.ts", "} catch {", "BlockStatement", "a function without a return answers undefined"],
  [
    "control/guard/guard.ts",
    'pressOf("frame", session, key)',
    'StringLiteral: ""',
    "any word that no other way has tells it from the others",
  ],
  [
    "control/guard/client-channels.ts",
    'stopOf(session, "events", message)',
    'StringLiteral: ""',
    "any word that no other way has tells it from the others",
  ],
  [
    "control/guard/client-channels.ts",
    'stopOf(session, "control", message)',
    'StringLiteral: ""',
    "any word that no other way has tells it from the others",
  ],
  ["control/guard/permit.ts", "samples: [],", "ArrayDeclaration", "what is no sample has no age, so that it is never fresh"],
  [
    "control/guard/outcome.ts",
    'if (state.state === "stopping") return { ...state, holder: undefined };',
    "ConditionalExpression: true",
    "a guard that stands or has ended has no holder",
  ],
  ["control/guard/outcome.ts", 'return "holder" in state ?', "ConditionalExpression: true", "a state without a holder answers undefined"],
];

export const inSdk = rowsOf("packages/sdk/src", rows);
