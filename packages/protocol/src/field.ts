const name = /^[a-z][A-Za-z]{0,23}$/;

/** Fields that hold a record: the keys in it are the sender's. */
const records: readonly PropertyKey[] = ["received", "evidence"];

/** Names what a schema found wrong, without the input: a path ends before the first key that is not ours. */
export function fieldsOf(issues: readonly { readonly path: readonly PropertyKey[] }[]): string[] {
  const paths = issues.map(({ path }) => {
    const end = path.findIndex((key, at) => records.includes(path[at - 1] ?? "") || (typeof key !== "number" && !name.test(String(key))));
    return path.slice(0, end === -1 ? undefined : end).join(".") || "(whole)";
  });
  return [...new Set(paths)].slice(0, 8);
}
