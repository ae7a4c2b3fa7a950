import { limits } from "@tether/protocol/limits";
import { operator, owner, viewer } from "../../../local/test/world/open-world.ts";
import type { Episodes } from "./episode.ts";
import { idleMs, startMisfit } from "./misfit.ts";
import type { Site } from "./site.ts";
import { openTab, type Tab } from "./tab.ts";
import { minute, second } from "./town.ts";

const graceMs = limits.session.clientGraceMs + 2 * minute;

/** Opens a page and waits until it is online; one that does not get there is closed. */
async function visit(site: Site, as: string, options: Parameters<typeof openTab>[3] = {}): Promise<Tab | undefined> {
  const tab = openTab(site.town, site.machine.robot, as, options);
  if (await tab.online()) {
    await site.town.pause(Math.floor(site.town.draw() * 20) * second);
    tab.talk();
    if (tab.isOnline()) return tab;
  }
  tab.close();
  return undefined;
}

const someone = (site: Site) => site.town.pick([operator, operator, viewer]);

/** A page's network goes, and comes back after `ms` or not at all. */
function outage(how: "reset" | "silence", ms: () => number | undefined): (site: Site) => Promise<void> {
  return async (site) => {
    const tab = await visit(site, someone(site));
    if (!tab) return;
    tab.line.isUp = false;
    site.town.cut(tab.id(), "connection.lost", how);
    const lastsMs = ms();
    if (lastsMs !== undefined) {
      await site.town.pause(lastsMs);
      tab.line.isUp = true;
      tab.wake();
      await site.town.pause(20 * second);
      if (await tab.online()) return void (await tab.leave());
    }
    tab.close();
    await site.town.pause(how === "silence" ? idleMs : graceMs);
  };
}

const idOf = ({ town }: Site, email: string) => String(town.world.system.identity.users.find((user) => user.email === email)?.sub);

function byOwner(cause: "admin.ended" | "grant.removed" | "user.revoked"): (site: Site) => Promise<void> {
  return async (site) => {
    const { town, machine } = site;
    const { world } = town;
    const as = cause === "admin.ended" ? someone(site) : viewer;
    const tab = await visit(site, as);
    if (!tab) return;
    const robot = machine.robot;
    if (cause === "admin.ended") {
      town.ledger.end(tab.id(), cause);
      await world.call("POST", `/v1/robots/${robot}/sessions/${tab.id()}/end`, { as: owner, body: { reason: "night" } });
    } else if (cause === "grant.removed") {
      town.ledger.revoke(idOf(site, viewer), robot, cause);
      await world.call("DELETE", `/v1/robots/${robot}/grants?to=email:${viewer}`, { as: owner });
      await town.pause(5 * second);
      await world.call("PUT", `/v1/robots/${robot}/grants`, { as: owner, body: { to: `email:${viewer}`, role: "viewer" } });
    } else {
      const user = idOf(site, viewer);
      town.ledger.revoke(user, undefined, cause);
      await world.call("POST", `/v1/users/revoke?sub=${user}`, { as: viewer });
    }
    await town.pause(2 * second);
    tab.dispose();
  };
}

export const clientEpisodes: Episodes = {
  "a client leaves": { weight: 14, act: async (site) => void (await (await visit(site, someone(site)))?.leave()) },
  "a page is closed": {
    weight: 14,
    async act(site) {
      (await visit(site, someone(site)))?.close();
      await site.town.pause(graceMs);
    },
  },
  "a page is reloaded": {
    weight: 10,
    async act(site) {
      const tab = await visit(site, someone(site));
      tab?.reload();
      if (await tab?.online()) await tab?.leave();
    },
  },
  "a client's network is reset for a while": { weight: 12, act: outage("reset", () => 40 * second) },
  "a client's network is reset for long": { weight: 4, act: outage("reset", () => undefined) },
  "a client's network is silent for a while": { weight: 5, act: outage("silence", () => 90 * second) },
  "a client's network is silent for long": { weight: 3, act: outage("silence", () => undefined) },
  "a proxy cuts a client": {
    weight: 3,
    async act(site) {
      const tab = await visit(site, someone(site));
      if (!tab) return;
      site.town.cut(tab.id(), "connection.lost", "reset");
      await site.town.pause(second);
      if (await tab.online()) await tab.leave();
    },
  },
  "a browser is killed": {
    weight: 0.1,
    async act(site) {
      (await visit(site, someone(site)))?.kill();
      await site.town.pause(graceMs);
    },
  },
  "a client's lease runs out": {
    weight: 3,
    async act(site) {
      const lifeMs = 8 * minute;
      const endsAt = site.town.world.clock.now() + lifeMs;
      const tab = await visit(site, someone(site), { lifeMs });
      if (!tab) return;
      site.town.ledger.cut(tab.id(), [1, 2, 3, 4], "auth.expired", endsAt + limits.auth.renewMs - second);
      await site.town.pause(lifeMs + limits.auth.renewMs + graceMs);
      tab.dispose();
    },
  },
  "an owner ends a session": { weight: 3, act: byOwner("admin.ended") },
  "a grant is removed": { weight: 3, act: byOwner("grant.removed") },
  "a user is revoked": { weight: 2, act: byOwner("user.revoked") },
  "a client never says hello": {
    weight: 2,
    async act({ town, machine }) {
      const end = await startMisfit(town, machine.robot, { as: operator, hello: false });
      if (end) town.ledger.end(end.session, "opening.lapsed", town.world.clock.now() + limits.session.openingMs - 5 * second);
      await town.pause(2 * minute);
    },
  },
  "a client sends no keepalives": {
    weight: 2,
    async act({ town, machine }) {
      const end = await startMisfit(town, machine.robot, { as: operator });
      if (end) town.ledger.cut(end.session, [1], "gateway.idle", town.world.clock.now() + limits.gateway.idleMs - minute);
      await town.pause(idleMs);
    },
  },
  "a client does not hand over": {
    weight: 1,
    async act({ town, machine }) {
      const end = await startMisfit(town, machine.robot, { as: operator, pings: true });
      if (end) town.ledger.cut(end.session, [1], "gateway.cap", town.world.clock.now() + limits.gateway.connectionLifeMs - minute);
      await town.pause(limits.gateway.connectionLifeMs + graceMs);
    },
  },
  "a client floods": {
    weight: 0.1,
    async act({ town, machine }) {
      const end = await startMisfit(town, machine.robot, { as: operator });
      if (!end) return;
      town.ledger.cut(end.session, [1], "connection.flooded");
      for (let n = 0; n < 600; n++) end.send({ type: "ack", id: `f${n}`, to: "rse_none", received: { stream: 1, seq: 1 } });
      await town.pause(graceMs);
    },
  },
};
