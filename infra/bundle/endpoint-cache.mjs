/** Takes the place of `@aws-sdk/endpoint-cache`. DynamoDB's client makes one, for a discovery of endpoints that none of its commands does. */
export class EndpointCache {}
