import { CustomAttributeType, Entity } from "electrodb";
import { key, service } from "./entity.ts";

/** The rounds of presence checks that a run did not do to their end, for the next one. While all is well nothing is written here. */
export const presenceRounds = () =>
  new Entity({
    model: { service, entity: "presenceRounds", version: "1" },
    attributes: { unfinished: { type: CustomAttributeType<readonly string[]>("any"), required: true } },
    indexes: { primary: { pk: key("pk", []), sk: key("sk", []) } },
  });
