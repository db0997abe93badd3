import { afterAll, afterEach, beforeEach, expect, it } from "vitest";
import type { ActionDto } from "../../../../utils/contract/schemas/moderation/actions.ts";
import { bootApp } from "../../../support/app.ts";
import { restOf, sayIn, switchboard } from "../../../support/conversations.ts";
import { expectProblem } from "../../../support/expect.ts";
import { makeMember, makeRoom, type Person } from "../../../support/factories.ts";
import { appForFile } from "../../../support/for-file.ts";

const HOUR_MS = 3_600_000;

let roomId: string;
let eve: Person;
let mod: Person;

const { app: here, database } = await appForFile();
const there = await bootApp({ database: database.url });
afterAll(() => there.close());
const { line, hangUp } = switchboard(() => there);

beforeEach(async () => {
  roomId = await makeRoom(here.services);
  eve = await makeMember(here.services);
  mod = await makeMember(here.services, { role: "moderator" });
});

afterEach(hangUp);

const take = async (action: object): Promise<ActionDto> =>
  (await restOf(here, mod).post<ActionDto>("/api/moderation/actions", { userId: eve.id, rule: "spam", ...action })).body;

it("an action on another node: a muted user cannot write, even before that node has noticed", async () => {
  const live = await line(eve);
  await live.command("join_room", { roomId });
  expect((await sayIn(live, roomId)).ok).toBe(true);
  const { id } = await take({ kind: "mute", durationMs: HOUR_MS });
  expect(await sayIn(live, roomId)).toMatchObject({ ok: false, error: { code: "muted", actionId: id } });
});

it("an action on another node: a user banned from a room receives nothing more from it", async () => {
  const live = await line(eve);
  const ann = await line(await makeMember(here.services));
  for (const one of [live, ann]) await one.command("join_room", { roomId });
  await ann.nextEvent("user_joined", (joined) => joined.roomId === roomId);
  await take({ kind: "ban_room", scope: { kind: "room", id: roomId } });
  await ann.nextEvent("user_left", ({ users }) => users.some(({ id }) => id === eve.id));
  await sayIn(ann, roomId, "only for those inside");
  expect(await live.ask("join_room", { roomId })).toMatchObject({ ok: false, error: { code: "banned" } });
  await ann.nextEvent("messages_changed", ({ messages }) => messages.some((one) => "text" in one && one.text === "only for those inside"));
  // The answer of this command follows everything that was sent to the socket before.
  await live.ask("heartbeat", { status: "online" });
  expect(JSON.stringify(live.received)).not.toContain("only for those inside");
});

it("an action on another node: the sockets of a user banned from the site end with the reason", async () => {
  const live = await line(eve);
  const { id } = await take({ kind: "ban_site" });
  expect(expectProblem(await live.nextEvent("session_ended"), "banned")).toMatchObject({ actionId: id, rule: "spam" });
  await live.ended();
});
