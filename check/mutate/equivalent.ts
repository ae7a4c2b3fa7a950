/** A mutant with which the program does the same, so that no test can find it. */
export type Equivalent = {
  readonly file: string;
  /** A part of the line that only this line of the file has. */
  readonly code: string;
  /** The mutator and the beginning of its replacement, as the command shows them. */
  readonly by: string;
  readonly because: string;
};

const signalling = "packages/sdk/src/signalling/signalling.ts";
const lease = "packages/sdk/src/lease/lease.ts";

export const equivalents: readonly Equivalent[] = [
  { file: lease, code: "key: `ask:", by: "StringLiteral", because: "no two requests for a ticket follow each other without a rest" },
  { file: lease, code: "key: `prove:", by: "StringLiteral", because: "no two proofs follow each other without a rest" },
  {
    file: lease,
    code: 'else if (frame.type !== "problem") return;',
    by: "ConditionalExpression: false",
    because: "no other frame has an id that begins so, or the code",
  },
  {
    file: signalling,
    code: 'if (peer?.state === "away"',
    by: "OptionalChaining: peer.state",
    because: "it is asked of known peers only",
  },
  {
    file: signalling,
    code: 'if (streamsOf(id).peer?.state !== "online") continue;',
    by: "OptionalChaining",
    because: "streams are kept of known peers only",
  },
  {
    file: signalling,
    code: "if (alarm?.at === next) return;",
    by: "ConditionalExpression: false",
    because: "the same alarm is set once more, in place of the one that is cancelled",
  },
  {
    file: signalling,
    code: 'if (!known || known.state === "away" || isStale',
    by: 'StringLiteral: ""',
    because: "only news of a peer that is online is older within an epoch",
  },
  {
    file: signalling,
    code: "peers: () =>",
    by: "MethodExpression",
    because: "streams are kept of known peers only",
  },
  { file: signalling, code: "peers: () =>", by: "ConditionalExpression: true", because: "streams are kept of known peers only" },
  {
    file: "packages/sdk/src/signalling/frame-id.ts",
    code: 'id?.split(".") ?? []',
    by: "ArrayDeclaration",
    because: "what stands there is no session's id either",
  },
  {
    file: "packages/sdk/src/signalling/snapshot.ts",
    code: "} catch {",
    by: "BlockStatement",
    because: "a function without a return answers undefined",
  },
  {
    file: "packages/core/src/grant/revoke.ts",
    code: "const standsOn =",
    by: "ConditionalExpression: true",
    because: "a robot's principal has no grant that it could be compared by",
  },
  {
    file: "packages/core/src/grant/revoke.ts",
    code: 'if (role === undefined) return "none";',
    by: 'StringLiteral: ""',
    because: "the caller asks only whether the grant was removed",
  },
  {
    file: "packages/sdk/src/control/guard/guard.ts",
    code: 'pressOf("frame", session, key)',
    by: 'StringLiteral: ""',
    because: "any word that no other way has tells it from the others",
  },
  {
    file: "packages/sdk/src/control/guard/guard.ts",
    code: 'stop("events", message)',
    by: 'StringLiteral: ""',
    because: "any word that no other way has tells it from the others",
  },
  {
    file: "packages/sdk/src/control/guard/guard.ts",
    code: 'stop("control", message)',
    by: 'StringLiteral: ""',
    because: "any word that no other way has tells it from the others",
  },
  {
    file: "packages/sdk/src/control/guard/guard.ts",
    code: 'message?.type === "clock"',
    by: "ConditionalExpression: true",
    because: "what is no message names no question that was asked",
  },
  {
    file: "packages/sdk/src/control/guard/guard.ts",
    code: "if (pairs.delete(pair))",
    by: "ConditionalExpression: true",
    because: "channels that were given up before have no holder",
  },
  {
    file: "packages/sdk/src/control/guard/permit.ts",
    code: "samples: [],",
    by: "ArrayDeclaration",
    because: "what is no sample has no age, so that it is never fresh",
  },
  {
    file: "packages/sdk/src/control/guard/outcome.ts",
    code: 'if (state.state === "stopping") return { ...state, holder: undefined };',
    by: "ConditionalExpression: true",
    because: "a guard that stands or has ended has no holder",
  },
  {
    file: "packages/sdk/src/control/guard/outcome.ts",
    code: 'return "holder" in state ?',
    by: "ConditionalExpression: true",
    because: "a state without a holder answers undefined",
  },
  {
    file: "packages/core/src/credential/prove.ts",
    code: 'instance: instance ?? ""',
    by: 'StringLiteral: "Stryker was here!"',
    because: "whoever has a rival is named",
  },
  {
    file: "packages/core/src/credential/prove.ts",
    code: 'ids.next("TicketId")',
    by: 'StringLiteral: ""',
    because: "any id that is new marks the request",
  },
  {
    file: "packages/core/src/credential/prove.ts",
    code: 'if (state !== "pending" || replaces === undefined)',
    by: "ConditionalExpression: false",
    because: "a pending key names the one that it replaces",
  },
  {
    file: "packages/core/src/credential/register.ts",
    code: 'problem("unavailable")',
    by: 'StringLiteral: ""',
    because: "a key that is refused is there, and is found",
  },
  {
    file: "packages/core/src/credential/rotate.ts",
    code: "const current = found.current && keyFrom",
    by: "LogicalOperator",
    because: "keyFrom answers what it is given",
  },
  {
    file: "packages/core/src/credential/rotate.ts",
    code: "const known = found.known && keyFrom",
    by: "LogicalOperator",
    because: "keyFrom answers what it is given",
  },
  {
    file: "packages/core/src/credential/rotate.ts",
    code: 'return refused ?? problem("assertion.key")',
    by: 'StringLiteral: ""',
    because: "a key that is not there is refused before",
  },
  {
    file: "packages/core/src/credential/curve.ts",
    code: "} catch {",
    by: "BlockStatement",
    because: "a function without a return answers undefined, which is false as well",
  },
  {
    file: "packages/core/src/credential/revoke.ts",
    code: "const written: boolean[] = [];",
    by: "ArrayDeclaration",
    because: "what stands there is not false",
  },
  {
    file: "packages/core/src/credential/revoke.ts",
    code: 'state === "pending" && replaces !== undefined',
    by: "ConditionalExpression: true",
    because: "a pending key names the one that it replaces",
  },
  {
    file: "packages/core/src/credential/revoke.ts",
    code: "const standsOn =",
    by: "ConditionalExpression: true",
    because: "a user's principal has no key that it could be compared by",
  },
  {
    file: "packages/core/src/credential/thumbprint.ts",
    code: "const members =",
    by: "ConditionalExpression: true",
    because: "JSON leaves out the y that an Ed25519 key has not",
  },
];
