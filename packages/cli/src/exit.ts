/** How the program ends. */
export const exits = {
  fine: { code: 0, says: "The token lives as long as is configured." },
  differs: { code: 1, says: "The token lives shorter, or longer, than is configured." },
  usage: { code: 2, says: "The command line is wrong, or that is no token." },
} as const satisfies Record<string, { code: number; says: string }>;
