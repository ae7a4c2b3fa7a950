import { codeLength, codeOf, normalCode } from "@tether/protocol/enrollment-code";
import fc from "fast-check";
import { expect, test } from "vitest";

const bytes = fc.uint8Array({ minLength: codeLength, maxLength: codeLength });

test("a code carries 140 bits, and is read again however it is typed [N1, N3.1]", () => {
  fc.assert(
    fc.property(bytes, (random) => {
      const code = codeOf(random);
      expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{4}$/);
      const normal = code.replaceAll("-", "");
      const typed = [
        code,
        normal,
        code.toLowerCase(),
        code.replaceAll("-", " "),
        ` ${code}\n`,
        code.replaceAll("0", "o").replaceAll("1", "l"),
      ];
      expect(typed.map(normalCode)).toEqual(typed.map(() => normal));
    }),
  );
});

test("each character is one of 32, all as likely", () => {
  const every = Uint8Array.from({ length: 256 }, (_, index) => index);
  const letters = codeOf(every).replaceAll("-", "");
  expect(new Set(letters).size).toBe(32);
  for (const letter of new Set(letters)) expect(letters.split(letter)).toHaveLength(256 / 32 + 1);
});

test.each([
  ["one letter short", "7K3M-9Q2X-0ABC-DEFG-HJKM-NPQR-STV"],
  ["one letter long", "7K3M-9Q2X-0ABC-DEFG-HJKM-NPQR-STVWX"],
  ["with a U", "UK3M-9Q2X-0ABC-DEFG-HJKM-NPQR-STVW"],
  ["with an umlaut", "ÄK3M-9Q2X-0ABC-DEFG-HJKM-NPQR-STVW"],
  ["that is empty", ""],
])("what is %s is no code", (_, text) => {
  expect(normalCode(text)).toBeUndefined();
});
