import { expect, test } from "vitest";
import { descriptionsRead } from "../description.ts";

const path = "packages/sdk/src/a.ts";

test.each([
  ["pc.localDescription", "localDescription"],
  ["made()?.remoteDescription?.sdp", "remoteDescription"],
  ["self.pc.pendingLocalDescription", "pendingLocalDescription"],
])("a source may not hold %s", (text, name) => {
  expect(descriptionsRead([{ path, text: `\nconst sdp = ${text};` }])).toEqual([
    `${path}:2 \`${name}\` is read from the engine; keep what it was given.`,
  ]);
});

test.each(["pc.setLocalDescription(offer)", "// pc.localDescription", 'const name = "pc.localDescription"'])(
  "a source may hold %s",
  (text) => {
    expect(descriptionsRead([{ path, text }])).toEqual([]);
  },
);

test("a file that is listed may read it", () => {
  expect(descriptionsRead([{ path, text: "pc.localDescription" }], { [path]: "a reason" })).toEqual([]);
});
