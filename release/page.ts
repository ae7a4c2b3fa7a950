import type { ReleasedFile } from "../packages/agent/src/update/manifest.ts";

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const shown = (text: string): string => text.replace(/[&<>"]/g, (sign) => entities[sign] ?? sign);

/** A link of a page, with what is said of it. */
export type Item = { readonly href: string; readonly text: string; readonly says?: string };

/** A page that lists files: plain HTML without style or script, which any policy lets through. `lines` are sentences before the lists. */
export function listPage(
  title: string,
  lines: readonly string[],
  lists: readonly { readonly title: string; readonly items: readonly Item[] }[],
): string {
  const item = ({ href, text, says }: Item) =>
    `<li><a href="${shown(href)}">${shown(text)}</a>${says === undefined ? "" : ` ${shown(says)}`}</li>`;
  return [
    `<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${shown(title)}</title></head>\n<body>\n<h1>${shown(title)}</h1>`,
    ...lines.map((line) => `<p>${shown(line)}</p>`),
    ...lists.map((list) => `<h2>${shown(list.title)}</h2>\n<ul>\n${list.items.map(item).join("\n")}\n</ul>`),
    "</body>\n</html>\n",
  ].join("\n");
}

/** The page of what a deployment serves to be installed. */
export function installPage({ base, files }: { readonly base: string; readonly files: readonly ReleasedFile[] }): string {
  const item = (name: string, says?: string): Item => ({ href: `${base}/${name}`, text: name, ...(says !== undefined && { says }) });
  return listPage(
    "Install Tether",
    [
      `On a robot: curl -fsSL ${base}/robot.sh | sh -s -- CODE. CODE is the one-time code from the robot's owner (tether robot code ROBOT, or the console).`,
      `On an owner's machine, with Node 20 or newer: npm i -g ${base}/tether.tgz`,
    ],
    [
      {
        title: "To write a robot in another language",
        items: [{ href: new URL("/documents/index.html", base).href, text: "SPEC, schemas, examples, vectors" }],
      },
      {
        title: "Files",
        items: [
          item("robot.sh"),
          ...files.map(({ name, bytes, sha256 }) => item(name, `${bytes} bytes, SHA-256 ${sha256}`)),
          item("manifest.json", "this list, which manifest.json.sig signs"),
        ],
      },
    ],
  );
}
