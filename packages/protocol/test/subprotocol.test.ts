import { offer, subprotocol, ticketIn } from "@tether/protocol/subprotocol";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

test("what is offered is found again, however the header's values are spaced", () => {
  const ticket = fc.stringMatching(/^[A-Za-z0-9_.-]{1,200}$/);
  const space = fc.constantFrom("", " ", "\t", "  ");
  fc.assert(
    fc.property(ticket, space, space, (one, before, after) => {
      expect(ticketIn(offer(one).join(`${before},${after}`))).toBe(one);
      expect(ticketIn(offer(one).reverse().join(`${before},${after}`))).toBe(one);
    }),
  );
});

test("what is offered are tokens, as a browser demands of subprotocols", () => {
  for (const value of offer("eyJhbGciOiJIUzI1NiJ9.e30.c2ln_-")) expect(value).toMatch(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/);
});

describe("a header", () => {
  test.each([
    ["that is not there", undefined],
    ["that is empty", ""],
    ["of commas", ",,"],
    ["with tether.v1 alone", "tether.v1"],
    ["with a ticket alone", "ticket.abc"],
    ["with another version", "tether.v2, ticket.abc"],
    ["with the version in capitals", "TETHER.V1, ticket.abc"],
    ["with the version within another word", "xtether.v1, ticket.abc"],
    ["with an empty ticket", "tether.v1, ticket."],
    ["with no comma", "tether.v1 ticket.abc"],
    ["with the ticket's prefix in capitals", "tether.v1, Ticket.abc"],
  ])("%s holds no ticket", (_, header) => {
    expect(ticketIn(header)).toBeUndefined();
  });

  test.each([
    ["with other subprotocols around", "graphql-ws, tether.v1, mqtt, ticket.abc, x", "abc"],
    ["with values left empty", " , tether.v1,, ticket.abc,", "abc"],
    ["with two tickets, the first counts", "tether.v1, ticket.abc, ticket.def", "abc"],
    ["with an empty ticket before one", "tether.v1, ticket., ticket.abc", "abc"],
    ["with a ticket of dots", "tether.v1, ticket.a.b.c", "a.b.c"],
    ["with a ticket that looks like the prefix", "tether.v1, ticket.ticket.", "ticket."],
  ])("%s holds it", (_, header, ticket) => {
    expect(ticketIn(header)).toBe(ticket);
  });

  test("of any kind can be read", () => {
    fc.assert(
      fc.property(fc.string(), (header) => {
        const ticket = ticketIn(header);
        expect(ticket === undefined || header.includes(subprotocol)).toBe(true);
      }),
    );
  });
});
