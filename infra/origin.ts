import { setting } from "./setting.ts";

type Gateway = { readonly nodes: { readonly api: aws.apigatewayv2.Api } };

/** The gateway's own custom domain, where nothing stands before it. */
export const domainOf = (name: string) => setting.domain && !setting.edge && { domain: `${name}.${setting.domain}` };

/**
 * The domain under which gateways stand behind the edge. Their names there are their ids, and the certificate is for all of them: in no public
 * record is a name by which somebody could use up a gateway's throttle without passing the edge.
 */
const hidden = setting.domain && setting.edge ? `origin.${setting.domain}` : undefined;

/** The host at which the gateway itself answers. */
export function hostOf({ nodes }: Gateway): $util.Output<string> {
  return hidden ? $interpolate`${nodes.api.id}.${hidden}` : nodes.api.apiEndpoint.apply((endpoint) => new URL(endpoint).host);
}

/** Where the broker's connections are commanded. With a domain the gateway has no other endpoint: it is told to have none. */
export function managementOf(broker: Gateway): $util.Output<string> {
  if (setting.domain && !setting.edge) return $output(`https://broker.${setting.domain}`);
  return $interpolate`https://${hostOf(broker)}${hidden ? "" : "/$default"}`;
}

let certificate: $util.Output<string> | undefined;

/** A certificate for all names under the hidden domain. */
function certificateFor(domain: string): $util.Output<string> {
  const made = new aws.acm.Certificate("OriginCertificate", { domainName: `*.${domain}`, validationMethod: "DNS" });
  const record = made.domainValidationOptions.apply(([option]) => {
    if (!option) throw new Error("The certificate of the gateways has no way to be validated.");
    const { resourceRecordType, resourceRecordName, resourceRecordValue } = option;
    return sst.aws.dns().createRecord("Origin", { type: resourceRecordType, name: resourceRecordName, value: resourceRecordValue }, {});
  });
  const validated = new aws.acm.CertificateValidation("OriginCertificateValidation", { certificateArn: made.arn }, { dependsOn: record });
  return validated.certificateArn;
}

/** Gives a gateway its name under the hidden domain, where there is one. */
export function hide(name: string, gateway: Gateway): void {
  if (!hidden) return;
  certificate ??= certificateFor(hidden);
  const { api } = gateway.nodes;
  const domain = new aws.apigatewayv2.DomainName(`${name}Origin`, {
    domainName: hostOf(gateway),
    domainNameConfiguration: { certificateArn: certificate, endpointType: "REGIONAL", securityPolicy: "TLS_1_2" },
  });
  new aws.apigatewayv2.ApiMapping(`${name}OriginMapping`, { apiId: api.id, domainName: domain.id, stage: "$default" });
  sst.aws.dns().createAlias(
    `${name}Origin`,
    {
      name: hostOf(gateway),
      aliasName: domain.domainNameConfiguration.targetDomainName,
      aliasZone: domain.domainNameConfiguration.hostedZoneId,
    },
    {},
  );
}
