/**
 * The header that a handshake must have before API Gateway asks the authorizer; without it the answer is 401. Names of headers are compared by their
 * case there and clients differ in it, so it is what every handshake has: the authorizer finds the ticket itself.
 */
export const identitySources = ["context.connectionId"] as const;
