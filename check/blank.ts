const beforeRegex = /(?:^|[=(,;:!&|?[{~+\-*%^>]|\b(?:return|typeof|case|in|of|do|else|void|delete|await|yield))\s*$/;

/**
 * The source with comments, the insides of strings and of regular expressions turned to spaces, so that what is left is
 * code. Positions and line breaks stay. It is a scanner, not a parser: in JSX text a quote blanks the rest of its line.
 */
export function blank(source: string): string {
  let out = "";
  let at = 0;
  /** For each open `${`, how many braces are open within. */
  const holes: number[] = [];

  const take = (length: number) => {
    out += source.slice(at, at + length);
    at += length;
  };
  const hide = (end: number) => {
    out += source.slice(at, end).replace(/[^\n]/g, " ");
    at = end;
  };
  const template = () => {
    const end = endOfTemplate(source, at);
    hide(end);
    if (source.startsWith("${", at)) {
      holes.push(0);
      take(2);
    } else take(1);
  };

  while (at < source.length) {
    const char = source.charAt(at);
    const two = source.slice(at, at + 2);
    const open = holes.at(-1);
    if (two === "//") hide(indexOr(source, "\n", at));
    else if (two === "/*") hide(indexOr(source, "*/", at + 2) + 2);
    else if (char === '"' || char === "'") {
      take(1);
      hide(endOfQuoted(source, at, char));
      take(1);
    } else if (char === "`") {
      take(1);
      template();
    } else if (char === "/" && beforeRegex.test(out.slice(-40))) {
      take(1);
      hide(endOfRegex(source, at));
      take(1);
    } else if (open === 0 && char === "}") {
      holes.pop();
      take(1);
      template();
    } else {
      if (open !== undefined && (char === "{" || char === "}")) holes[holes.length - 1] = open + (char === "{" ? 1 : -1);
      take(1);
    }
  }
  return out;
}

function indexOr(source: string, what: string, from: number): number {
  const found = source.indexOf(what, from);
  return found === -1 ? source.length : found;
}

function endOfQuoted(source: string, from: number, quote: string): number {
  let at = from;
  while (at < source.length && source[at] !== quote && source[at] !== "\n") at += source[at] === "\\" ? 2 : 1;
  return Math.min(at, source.length);
}

function endOfTemplate(source: string, from: number): number {
  let at = from;
  while (at < source.length && source[at] !== "`" && !source.startsWith("${", at)) at += source[at] === "\\" ? 2 : 1;
  return Math.min(at, source.length);
}

function endOfRegex(source: string, from: number): number {
  let inClass = false;
  let at = from;
  for (; at < source.length && source[at] !== "\n"; at += source[at] === "\\" ? 2 : 1) {
    if (source[at] === "[") inClass = true;
    if (source[at] === "]") inClass = false;
    if (source[at] === "/" && !inClass) break;
  }
  return Math.min(at, source.length);
}

export function lineOf(source: string, at: number): number {
  return source.slice(0, at).split("\n").length;
}
