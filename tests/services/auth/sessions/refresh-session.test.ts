import { expect, it } from "vitest";
import { refreshSession } from "../../../../services/auth/sessions/refresh-session.ts";
import { deriveKeys } from "../../../../services/auth/tokens/keys.ts";
import { refreshTokenHash } from "../../../../services/auth/tokens/refresh-token.ts";
import { createGuest } from "../../../../services/guests/create-guest.ts";
import { TEST_SECRET } from "../../../support/app.ts";
import { movableClock } from "../../../support/clock.ts";
import { strangerCtx } from "../../../support/ctx.ts";
import { appForFile } from "../../../support/for-file.ts";

const SECOND = 1_000;
const HOUR = 3_600_000;
const clock = movableClock();

const { app: node, database } = await appForFile({ now: clock.now });

async function newGuest() {
  const { session, refreshToken } = await createGuest(strangerCtx(node.services), {});
  const { id } = await database.db.session.findFirstOrThrow({ where: { userId: session.user.id } });
  return { session, refreshToken, sessionId: id };
}
const refresh = (token: string | undefined) => refreshSession(strangerCtx(node.services), token);
const stored = (sessionId: string) => database.db.session.findUniqueOrThrow({ where: { id: sessionId }, include: { tokens: true } });

it("refreshing a session: returns the same successor to 50 concurrent calls with one token", async () => {
  const guest = await newGuest();
  const answers = await Promise.all(Array.from({ length: 50 }, () => refresh(guest.refreshToken)));
  expect(new Set(answers.map(({ refreshToken }) => refreshToken)).size).toBe(1);
  const { tokens, endedAt } = await stored(guest.sessionId);
  expect(endedAt).toBeNull();
  expect(tokens).toHaveLength(2);
  expect(tokens.filter(({ replacedAt }) => replacedAt === null)).toHaveLength(1);
});

it("refreshing a session: stores the hash of the token, and nothing from which the token can be derived", async () => {
  const guest = await newGuest();
  const { tokens } = await stored(guest.sessionId);
  expect(tokens.map(({ hash }) => Buffer.from(hash))).toEqual([refreshTokenHash(guest.refreshToken)]);
});

it("refreshing a guest's session: moves its expiry to 24 hours after the last use", async () => {
  const guest = await newGuest();
  clock.advance(23 * HOUR);
  const { session, refreshToken } = await refresh(guest.refreshToken);
  const left = new Date(session.sessionExpiresAt).getTime() - clock.now().getTime();
  expect(left).toBeGreaterThan(24 * HOUR - 10 * SECOND);
  clock.advance(24 * HOUR + SECOND);
  await expect(refresh(refreshToken)).rejects.toMatchObject({ code: "session_revoked" });
});

it("refreshing a session: returns the newest token to a late tab within 10 s", async () => {
  const guest = await newGuest();
  const second = await refresh(guest.refreshToken);
  clock.advance(4 * SECOND);
  const third = await refresh(second.refreshToken);
  clock.advance(5 * SECOND);
  expect((await refresh(guest.refreshToken)).refreshToken).toBe(third.refreshToken);
  clock.advance(HOUR);
  expect((await refresh(third.refreshToken)).session.user.id).toBe(guest.session.user.id);
});

it("refreshing a session: revokes it when a replaced token is used after 10 s, and records that once", async () => {
  const guest = await newGuest();
  const next = await refresh(guest.refreshToken);
  await node.services.sessions.actorOf(guest.sessionId);
  clock.advance(11 * SECOND);
  const replays = await Promise.allSettled([refresh(guest.refreshToken), refresh(guest.refreshToken)]);
  expect(replays).toMatchObject([{ reason: { code: "session_revoked" } }, { reason: { code: "session_revoked" } }]);
  await expect(refresh(next.refreshToken)).rejects.toMatchObject({ code: "session_revoked" });
  await expect(node.services.sessions.actorOf(guest.sessionId)).rejects.toMatchObject({ code: "session_revoked" });
  expect(await stored(guest.sessionId)).toMatchObject({ endReason: "replayed" });
  const entries = await database.db.auditEntry.findMany({ where: { subjectId: guest.sessionId }, orderBy: { action: "asc" } });
  expect(entries.map(({ action, data }) => ({ action, data }))).toEqual([
    { action: "refresh_replayed", data: { userId: guest.session.user.id } },
    { action: "session_ended", data: { reason: "replayed" } },
  ]);
});

it("refreshing a session: finds a successor that was derived under the previous secret", async () => {
  const guest = await newGuest();
  const next = await refresh(guest.refreshToken);
  const keys = deriveKeys({ current: "a newer secret that has 35 characters", previous: TEST_SECRET });
  const answer = await refreshSession({ ...strangerCtx(node.services), keys }, guest.refreshToken);
  expect(answer.refreshToken).toBe(next.refreshToken);
});

it.each([
  ["none", undefined],
  ["an empty one", ""],
  ["one never handed out", "A".repeat(43)],
  ["an access token", "eyJhbGciOiJIUzI1NiJ9.e30.c2ln"],
])("refreshing a session: rejects %s", async (_what, token) => {
  await expect(refresh(token)).rejects.toMatchObject({ code: "unauthenticated" });
});

it("refreshing a session: rejects the token of an erased account", async () => {
  const guest = await newGuest();
  await database.db.user.update({ where: { id: guest.session.user.id }, data: { erasedAt: clock.now() } });
  await expect(refresh(guest.refreshToken)).rejects.toMatchObject({ code: "session_revoked" });
});
