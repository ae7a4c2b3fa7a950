import { expect, test } from "vitest";
import { readAnswer } from "../../src/supervisor/answer.ts";

test.each([
  ['{"type":"done","id":7}', { type: "done", id: 7, says: undefined }],
  ['{"type":"failed","id":7}', { type: "failed", id: 7, says: undefined }],
  ['{"type":"failed","id":7,"says":"no brakes"}', { type: "failed", id: 7, says: "no brakes" }],
  ['{"type":"failed","id":7,"says":3}', { type: "failed", id: 7, says: undefined }],
])("%s is the driver's answer", (line, answer) => {
  expect(readAnswer(line)).toEqual(answer);
});

test.each([
  '{"type":"done"}',
  '{"type":"done","id":"7"}',
  '{"type":"done","id":1.5}',
  '"done"',
  'null "done"',
  '{"type":"log","says":"\\"done\\"","id":1}',
  '["done"]',
  "",
])("%j answers nothing", (line) => {
  expect(readAnswer(line)).toBeUndefined();
});
