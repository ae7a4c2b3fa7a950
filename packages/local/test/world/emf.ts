import type { Line } from "@tether/aws/invocation";
import * as z from "zod/mini";

const text = (most: number) => z.string().check(z.minLength(1), z.maxLength(most));

/** Units that CloudWatch knows, of which ours are some (MetricDatum in its API reference). */
const Unit = z.enum(["Seconds", "Milliseconds", "Microseconds", "Bytes", "Count", "Percent", "Count/Second", "None"]);

/**
 * The rules of the embedded metric format for a line:
 * docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
const Embedded = z.strictObject({
  Timestamp: z.int().check(z.positive()),
  CloudWatchMetrics: z
    .array(
      z.strictObject({
        Namespace: text(1_024),
        // A set of none is a set: the metric has no dimension.
        Dimensions: z.array(z.array(text(250)).check(z.maxLength(30))).check(z.minLength(1)),
        Metrics: z.array(z.strictObject({ Name: text(1_024), Unit })).check(z.minLength(1), z.maxLength(100)),
      }),
    )
    .check(z.minLength(1)),
});

/** A value of a metric, as CloudWatch would extract it. */
export type Datum = {
  readonly namespace: string;
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  readonly at: number;
};

/** The values that CloudWatch extracts from a line; throws where it would not read the line. */
export function extract(line: Line): Datum[] {
  const { _aws } = line as { _aws?: unknown };
  if (_aws === undefined) return [];
  const { Timestamp, CloudWatchMetrics } = Embedded.parse(_aws);
  return CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) => {
    for (const key of Dimensions.flat()) if (typeof line[key] !== "string") throw new Error(`The dimension ${key} has no value.`);
    return Metrics.map(({ Name, Unit: unit }) => {
      const value = line[Name];
      if (typeof value !== "number" || !Number.isFinite(value)) throw new Error(`The metric ${Name} has no number.`);
      return { namespace: Namespace, name: Name, unit, value, at: Timestamp };
    });
  });
}
