import { filtered } from "../packages/aws/src/metric.ts";
import { lambdas, logGroupOf } from "./lambda.ts";
import { namespace } from "./namespace.ts";
import { setting } from "./setting.ts";

type Filter = { readonly pattern: string; readonly dimensions?: Record<string, string> };

/** A metric that is counted over the lines of a Lambda, or of all. Our own code writes the other metrics into its lines. */
function count(name: keyof typeof filtered, of: string, { pattern, dimensions }: Filter): void {
  new aws.cloudwatch.LogMetricFilter(`${of}${name}`, {
    logGroupName: logGroupOf(of).name,
    pattern,
    metricTransformation: { namespace, name, value: "1", ...(dimensions && { dimensions }) },
  });
}

for (const of of lambdas.keys())
  count("GaveUp", of, { pattern: '{ ($.level = "error") || ($.outcome = "internal") || ($.outcome = "unavailable") }' });

// Each value of a dimension is a metric and has its price: for who looks at the dashboard.
if (setting.dashboard) {
  // The relay's own lines stay as short as they are: there are more of them than of all others.
  count("Relayed", "BrokerHandler", { pattern: '{ $.type = "signal" }', dimensions: { [filtered.Relayed.by]: "$.outcome" } });
  count("Security", "ApiHandler", { pattern: '{ $.security = "credential.*" }', dimensions: { [filtered.Security.by]: "$.security" } });
}
