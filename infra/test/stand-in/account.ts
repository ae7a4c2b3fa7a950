import type { Value } from "./graph.ts";

/** The account nobody has. */
export const region = "us-east-1";
const account = "123456789012";

type Fields = Record<string, Value>;

const text = (value: Value) => (typeof value === "string" ? value : "");
const items = (value: Value): Fields[] => (Array.isArray(value) ? (value as Fields[]) : []);

/** The answers of AWS to questions. An unknown question is an error: it must be answered here rather than be empty. */
export function readDataSource({ token, inputs }: { token: string; inputs: Fields }): Fields {
  switch (token) {
    case "aws:index/getRegion:getRegion":
      return { region, name: region };
    case "aws:index/getPartition:getPartition":
      return { partition: "aws", dnsSuffix: "amazonaws.com" };
    case "aws:index/getCallerIdentity:getCallerIdentity":
      return { accountId: account };
    case "aws:iam/getPolicyDocument:getPolicyDocument":
      return { ...inputs, json: JSON.stringify({ Version: "2012-10-17", Statement: items(inputs.statements).map(statement) }) };
    default: {
      const details = `No answer for the data source ${token}: add one in ${import.meta.filename}`;
      throw Object.assign(new Error(details), { details });
    }
  }
}

function statement({ effect, actions, resources, principals, conditions }: Fields): Fields {
  const principal = items(principals).map(({ type, identifiers }) => [type, identifiers]);
  const condition = items(conditions).map(({ test, variable, values }) => [test, { [text(variable)]: values }]);
  return {
    Effect: effect ?? "Allow",
    Action: actions,
    Resource: resources,
    ...(principals && { Principal: Object.fromEntries(principal) }),
    ...(conditions && { Condition: Object.fromEntries(condition) }),
  };
}

/** The values that AWS would fill in for a resource. To be extended when a component reads what is missing. */
export function outputsOf(type: string, name: string, inputs: Fields, found?: string): Fields & { id: string } {
  const named = /:(Table|Function|Role|Bucket|LogGroup)$/.test(type) ? text(inputs.name ?? inputs.bucket) : "";
  const id = found || named || `${name}-id`;
  const arn = (service: string, resource: string, where = region) => `arn:aws:${service}:${where}:${account}:${resource}`;
  const all = { arn: arn(type.split(/[:/]/)[1] ?? "", text(inputs.name ?? inputs.bucket) || id), ...inputs, id };
  switch (type) {
    case "aws:apigatewayv2/api:Api": {
      const scheme = inputs.protocolType === "WEBSOCKET" ? "wss" : "https";
      return { ...all, executionArn: arn("execute-api", id), apiEndpoint: `${scheme}://${id}.execute-api.${region}.amazonaws.com` };
    }
    case "aws:acm/certificate:Certificate": {
      const record = (domainName: Value) => ({
        domainName,
        resourceRecordName: "_x",
        resourceRecordType: "CNAME",
        resourceRecordValue: "_y",
      });
      const names = [inputs.domainName, ...(Array.isArray(inputs.subjectAlternativeNames) ? inputs.subjectAlternativeNames : [])];
      return { ...all, domainValidationOptions: names.map(record) };
    }
    case "aws:apigatewayv2/domainName:DomainName":
      return { ...all, domainNameConfiguration: { targetDomainName: "d-1.execute-api.example", hostedZoneId: "Z1" } };
    case "aws:cloudfront/distribution:Distribution":
      return { ...all, domainName: `${name.toLowerCase()}.cloudfront.net`, hostedZoneId: "Z2FDTNDATAQYW2", etag: "etag" };
    case "aws:cloudwatch/logGroup:LogGroup":
      return { ...all, arn: arn("logs", `log-group:${id}`) };
    case "aws:cognito/userPool:UserPool": {
      const pool = `${region}_${name}`;
      return { ...all, id: pool, arn: arn("cognito-idp", `userpool/${pool}`), endpoint: `cognito-idp.${region}.amazonaws.com/${pool}` };
    }
    case "aws:cognito/userPoolClient:UserPoolClient":
      return { ...all, clientSecret: inputs.generateSecret ? "client-secret" : "" };
    case "aws:dynamodb/table:Table":
      return { ...all, arn: arn("dynamodb", `table/${id}`), streamArn: arn("dynamodb", `table/${id}/stream/1`) };
    case "aws:iam/role:Role":
      return { ...all, arn: arn("iam", `role/${id}`, "") };
    case "aws:lambda/function:Function": {
      const fn = arn("lambda", `function:${id}`);
      const invokeArn = `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${fn}/invocations`;
      return { ...all, arn: fn, invokeArn, qualifiedArn: `${fn}:1`, qualifiedInvokeArn: invokeArn, version: "1" };
    }
    case "aws:s3/bucket:Bucket":
      return { ...all, arn: `arn:aws:s3:::${id}`, bucketRegionalDomainName: `${id}.s3.${region}.amazonaws.com` };
    case "random:index/randomBytes:RandomBytes":
      return { ...all, base64: Buffer.alloc(Number(inputs.length), 7).toString("base64") };
    case "pulumi-nodejs:dynamic:Resource":
      return { ...all, isDone: true, zoneId: "Z1" };
    default:
      return all;
  }
}
