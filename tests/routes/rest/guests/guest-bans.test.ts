import { describe, expect, it, vi } from "vitest";
import { forgetOrigins } from "../../../../services/auth/sessions/session-origin.ts";
import { purgeGuestBans } from "../../../../services/guests/guest-bans.ts";
import { DAY_MS } from "../../../../utils/clock.ts";
import { guestBans, proofOfWork } from "../../../../utils/contract/limits.ts";
import { movableClock } from "../../../support/clock.ts";
import { restOf } from "../../../support/conversations.ts";
import { makeMember } from "../../../support/factories.ts";
import { appForFile } from "../../../support/for-file.ts";
import { challengeIn, from, joinWithProof, proofOf } from "../../../support/page/guests.ts";
import { type Answer, bearer, Visitor } from "../../../support/page/visitor.ts";

const clock = movableClock();
const { app, database } = await appForFile({ env: { TRUST_PROXY: "1" }, now: clock.now });

/** Returns the client of a moderator who just signed in: the tests move the clock. */
const staff = async () => restOf(app, await makeMember(app.services, { role: "moderator" }));

let networks = 0;

/** Returns the first three parts of the addresses of an unused network (/24). */
function newNetwork(): string {
  networks += 1;
  return `10.78.${networks}`;
}

const visitorOf = () => new Visitor(app.url).open();
const join = (visitor: Visitor, address: string): Promise<Answer> => visitor.post("/api/auth/guest", {}, from(address));
const idOf = ({ body }: Answer): string => (body.user as { id: string }).id;

async function newGuest(address: string) {
  const visitor = await visitorOf();
  const answer = await join(visitor, address);
  expect(answer.status).toBe(201);
  return { visitor, id: idOf(answer), auth: bearer(answer.body.accessToken) };
}

/** Bans a user, and waits until the ban extends to devices and networks. */
async function ban(userId: string, durationMs?: number): Promise<string> {
  const { status, body } = await (await staff()).post<{ id: string }>("/api/moderation/actions", {
    kind: "ban_site",
    userId,
    rule: "spam",
    durationMs,
  });
  expect(status).toBe(201);
  await vi.waitUntil(async () => (await database.db.guestBan.count({ where: { actionId: body.id } })) > 0);
  return body.id;
}

const revert = async (actionId: string) =>
  expect((await (await staff()).post(`/api/moderation/actions/${actionId}/revert`, {})).status).toBe(200);

describe("a banned guest who joins again", () => {
  it("is rejected with the ban on the same device, from any network and under another name", async () => {
    const guest = await newGuest(`${newNetwork()}.1`);
    const actionId = await ban(guest.id);
    const { status, body } = await guest.visitor.post("/api/auth/guest", { displayName: "Somebody Else" }, from(`${newNetwork()}.1`));
    expect([status, body.code]).toEqual([403, "banned"]);
    expect(body).toMatchObject({ rule: "spam", actionId, appealUrl: "/me/moderation" });
    expect(Date.parse(String(body.until))).toBeLessThanOrEqual(clock.now().getTime() + guestBans.extendsMs);
  });

  it("is rejected without cookies from the same network, without the id of the action", async () => {
    const network = newNetwork();
    await ban((await newGuest(`${network}.1`)).id, DAY_MS);
    const { status, body } = await join(await visitorOf(), `${network}.200`);
    expect([status, body.code, body.rule]).toEqual([403, "banned", "spam"]);
    expect(body).not.toHaveProperty("actionId");
    expect(Date.parse(String(body.until))).toBeLessThanOrEqual(clock.now().getTime() + DAY_MS);
    expect((await join(await visitorOf(), `${newNetwork()}.200`)).status).toBe(201);
  });

  it("is rejected from the network they moved to before the ban", async () => {
    const next = newNetwork();
    const { visitor, id } = await newGuest(`${newNetwork()}.1`);
    expect((await visitor.post("/api/auth/refresh", {}, from(`${next}.1`))).status).toBe(200);
    await ban(id);
    expect((await join(await visitorOf(), `${next}.9`)).body.code).toBe("banned");
  });

  it("may join again once the ban is reverted, or seven days later", async () => {
    const network = newNetwork();
    const first = await newGuest(`${network}.1`);
    await revert(await ban(first.id));
    expect((await join(first.visitor, `${network}.1`)).status).toBe(201);
    const second = await newGuest(`${newNetwork()}.1`);
    await ban(second.id);
    clock.advance(guestBans.extendsMs);
    expect((await join(second.visitor, `${newNetwork()}.1`)).status).toBe(201);
    await purgeGuestBans(app.services, { limit: 1_000 });
    expect(await database.db.guestBan.count()).toBe(0);
  });
});

describe("a banned member", () => {
  it("cannot join as a guest on the device of their account", async () => {
    const visitor = await visitorOf();
    const address = from(`${newNetwork()}.1`);
    const username = `banned_${networks}`;
    const signedUp = await visitor.post("/api/auth/signup", { username, password: "correct horse battery" }, address);
    expect(signedUp.status).toBe(201);
    await ban(idOf(signedUp));
    expect((await join(visitor, `${newNetwork()}.1`)).body.code).toBe("banned");
  });
});

describe("a new guest from a network with a ban that others share", () => {
  async function sharedNetwork(): Promise<string> {
    const network = newNetwork();
    for (let host = 1; host <= guestBans.neighbors; host += 1) {
      const visitor = await visitorOf();
      const username = `neighbor_${networks}_${host}`;
      const { status } = await visitor.post(
        "/api/auth/signup",
        { username, password: "correct horse battery" },
        from(`${network}.${host}`),
      );
      expect(status).toBe(201);
    }
    await ban((await newGuest(`${network}.66`)).id);
    return network;
  }

  it("must prove more work, and their messages are held until one is approved", async () => {
    const network = await sharedNetwork();
    const visitor = await visitorOf();
    const first = await join(visitor, `${network}.201`);
    expect([first.body.code, challengeIn(first).difficulty]).toEqual(["proof_required", proofOfWork.bitsOfBannedNetwork]);
    const answer = await visitor.post("/api/auth/guest", { proof: await proofOf(challengeIn(first)) }, from(`${network}.201`));
    expect(answer.status).toBe(201);
    const { heldUntil } = await database.db.user.findUniqueOrThrow({ where: { id: idOf(answer) } });
    expect(heldUntil?.getTime()).toBeGreaterThan(clock.now().getTime());
    // The device of the banned guest stays banned.
    expect((await joinWithProof(await visitorOf(), `${newNetwork()}.1`)).status).toBe(201);
  });

  it("is rejected if the others there are only silent guests, whom an attacker can keep in reserve", async () => {
    const network = newNetwork();
    for (let host = 1; host <= guestBans.neighbors; host += 1) await newGuest(`${network}.${host}`);
    await ban((await newGuest(`${network}.66`)).id);
    expect((await join(await visitorOf(), `${network}.201`)).body.code).toBe("banned");
  });
});

describe("the network and device of a session", () => {
  it("are stored as hashes only, and removed after seven days without use", async () => {
    const network = newNetwork();
    const { id } = await newGuest(`${network}.1`);
    const session = () => database.db.session.findFirstOrThrow({ where: { userId: id } });
    const { networkHash, deviceHash } = await session();
    expect([networkHash?.length, deviceHash?.length]).toEqual([32, 32]);
    await forgetOrigins(app.services, { limit: 1_000 });
    expect((await session()).networkHash).not.toBeNull();
    clock.advance(guestBans.extendsMs + 1);
    expect(await forgetOrigins(app.services, { limit: 1_000 })).toBeGreaterThan(0);
    expect(await session()).toMatchObject({ networkHash: null, deviceHash: null });
  });
});
