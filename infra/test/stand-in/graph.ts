/** A value of a resource's inputs. */
export type Value = string | number | boolean | null | undefined | Value[] | { [name: string]: Value };

export type Resource = {
  /** `aws:dynamodb/table:Table`; SST's components are `sst:aws:Dynamo`. */
  type: string;
  /** The logical name. */
  name: string;
  urn: string;
  parent?: string;
  /** Looked up, not created. */
  read: boolean;
  inputs: Record<string, Value>;
  /** Paths of the inputs that are marked secret. */
  secrets: string[];
  retainOnDelete: boolean;
};

/** All that a deployment would create. */
export type Graph = { app: string; stage: string; resources: Resource[]; outputs: Record<string, Value> };
