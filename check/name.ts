const empty = new Set(["utils", "util", "helpers", "helper", "common", "lib", "misc", "types", "constants"]);
const kebab = /^[a-z0-9]+(-[a-z0-9]+)*$/;
/** Python's own: PEP 8 names modules so. */
const snake = /^(__[a-z]+__|[a-z0-9]+(_[a-z0-9]+)*)$/;
/** README, SPEC, LICENSE, Dockerfile: names that readers and tools expect as they are. */
const fixed = /^([A-Z][A-Z_]*|Dockerfile)$/;

/** Names that say nothing, and names that are not kebab-case. */
export function name(paths: readonly string[]): string[] {
  const found = new Set<string>();
  for (const path of paths) {
    const parts = path.split("/");
    parts.forEach((part, index) => {
      const here = parts.slice(0, index + 1).join("/");
      const words = part.replace(/^\./, "").split(".");
      const [stem = ""] = words;
      if (empty.has(stem)) found.add(`${here}: "${stem}" says nothing; name it for its concept.`);
      const form = /^packages\/(python|driver-ros2)\//.test(path) ? snake : kebab;
      if (!words.every((word) => kebab.test(word) || form.test(word) || (word === stem && fixed.test(word))))
        found.add(`${here} is not kebab-case.`);
    });
  }
  return [...found];
}
