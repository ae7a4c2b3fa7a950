import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { Store } from "@tether/core/store";

type Indexed = { readonly looked: number; readonly indexed: number };

/**
 * Puts every robot into the index by which admins list robots. One that was made before there was this index, or by a deployment that did not
 * know it, is in no admin's list. It may run at any time and again: a robot that is in the index, is another cell's, or is deleted meanwhile, is not written.
 */
export async function indexRobots({
  entities: { robot },
  source: { client, table },
}: Pick<Store, "entities" | "source">): Promise<Indexed> {
  let [looked, indexed] = [0, 0];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof scan>> = await scan(cursor);
    for (const item of page.data) {
      looked++;
      if (await add(item)) indexed++;
    }
    cursor = page.cursor;
  } while (cursor !== null);
  return { looked, indexed };

  function scan(from: string | null) {
    return robot.scan.go({ cursor: from });
  }

  async function add(item: Awaited<ReturnType<typeof scan>>["data"][number]): Promise<boolean> {
    // The item of a robot that is made now; only its keys in the index are taken.
    const { pk, sk, gsi1pk, gsi1sk } = robot.put(item).params<{ Item: Readonly<Record<string, unknown>> }>().Item;
    try {
      await client.send(
        new UpdateCommand({
          TableName: table,
          Key: { pk, sk },
          UpdateExpression: "SET gsi1pk = :pk, gsi1sk = :sk",
          ConditionExpression: "attribute_exists(pk) AND attribute_not_exists(gsi1pk) AND attribute_not_exists(movedTo)",
          ExpressionAttributeValues: { ":pk": gsi1pk, ":sk": gsi1sk },
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof Error && error.name === "ConditionalCheckFailedException") return false;
      throw error;
    }
  }
}
