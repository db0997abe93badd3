import { afterEach, expect, it } from "vitest";
import { budgets } from "../../../../utils/contract/limits.ts";
import type { LiveMessageDto } from "../../../../utils/contract/schemas/messages.ts";
import { newId } from "../../../../utils/ids.ts";
import { movableClock } from "../../../support/clock.ts";
import { codeOf, restOf, sayIn, switchboard } from "../../../support/conversations.ts";
import { expectError } from "../../../support/expect.ts";
import { makeGuest, makeMember, makeRoom, type Person } from "../../../support/factories.ts";
import { appForFile } from "../../../support/for-file.ts";

const clock = movableClock();
const { app, database } = await appForFile({ limitsScale: 1, now: clock.now });
const { line, hangUp } = switchboard(() => app);

afterEach(hangUp);

const [{ points }] = budgets.messagesOfGuest;
const mutesOf = (person: Person) => database.db.moderationAction.findMany({ where: { userId: person.id, kind: "mute" } });

const say = (person: Person, roomId: string) =>
  restOf(app, person).post<LiveMessageDto>(`/api/chatroom/rooms/${roomId}/messages`, { text: "hello", clientMessageId: newId() });

it("a guest's third message beyond the limit within ten minutes: mutes the guest for 30 minutes", async () => {
  const guest = await makeGuest(app.services);
  const roomId = await makeRoom(database);
  const live = await line(guest);
  const codes: string[] = [];
  for (let count = 0; count < points + 2; count += 1) codes.push(codeOf(await sayIn(live, roomId, "hello")));
  expect(codes).toEqual([...Array<string>(points).fill("ok"), "rate_limited", "rate_limited"]);
  expect(await mutesOf(guest)).toEqual([]);
  expectError(await say(guest, roomId), 429, "rate_limited");
  await expect.poll(() => mutesOf(guest)).toHaveLength(1);
  const [mute] = await mutesOf(guest);
  expect(mute).toMatchObject({ isAutomatic: true, actorId: null, scopeKind: "site", rule: "spam" });
  expect((mute?.expiresAt?.getTime() ?? 0) - (mute?.createdAt.getTime() ?? 0)).toBe(30 * 60_000);
});

it("messages beyond the limit more than ten minutes apart, and those of members: mute nobody", async () => {
  const guest = await makeGuest(app.services);
  for (let count = 0; count < 2; count += 1) app.services.events.publish("guestLimitExceeded", { userId: guest.id });
  clock.advance(10 * 60_000 + 1);
  app.services.events.publish("guestLimitExceeded", { userId: guest.id });
  const other = await makeGuest(app.services);
  for (let count = 0; count < 3; count += 1) app.services.events.publish("guestLimitExceeded", { userId: other.id });
  await expect.poll(() => mutesOf(other)).toHaveLength(1);
  expect(await mutesOf(guest)).toEqual([]);
  const member = await makeMember(app.services);
  const roomId = await makeRoom(database);
  const [{ points: most }] = budgets.messagesOfMember;
  const answers = await Promise.all(Array.from({ length: most + 5 }, () => say(member, roomId)));
  expect(answers.filter(({ status }) => status === 429)).toHaveLength(5);
  expect(await mutesOf(member)).toEqual([]);
});
