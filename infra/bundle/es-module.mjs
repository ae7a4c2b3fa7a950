/**
 * A CommonJS module as an ES module, where it requires at its top, by constants, and exports one list of names at its end, as all of
 * ElectroDB's do. What is required esbuild can neither shake nor hoist: each module would become a function that is parsed twice.
 */
export function asEsModule(source) {
  const module = source
    .replaceAll(/^const (\{[^}:]+\}) = require\(("[^"]+"|'[^']+')\);$/gm, "import $1 from $2;")
    .replaceAll(/^const (\w+) = require\(("[^"]+")\);$/gm, "import * as $1 from $2;")
    .replaceAll(/^const (\w+) = require\(("[^"]+")\)\.(\w+);$/gm, "import { $3 as $1 } from $2;")
    .replace(/^module\.exports = \{([\w\s,:]+)\};$/m, (_, names) => `export {${names.replaceAll(/(\w+): (\w+)/g, "$2 as $1")}};`);
  const left = /^.*\b(?:require\(|module\.|exports\b).*$/m.exec(module);
  if (left) throw new Error(`This line keeps a module from being an ES module: ${left[0]}`);
  return module;
}
