/** Makes a text of others harmless for a terminal: names may hold line breaks, and bytes that move the cursor or turn text around. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, "�");
}
