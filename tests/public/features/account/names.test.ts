import { describe, expect, it } from "vitest";
import { emptyLog, type RoomLog, renamedIn } from "../../../../utils/client/rooms/room-log.ts";
import type { LiveMessageDto } from "../../../../utils/contract/schemas/messages.ts";
import type { AuthorDto } from "../../../../utils/contract/schemas/users.ts";
import { liveMessage } from "../../../support/texts/live-message.ts";

const guest: AuthorDto = { id: "a", displayName: "Otter 1", avatarUrl: null, kind: "guest", role: "guest" };
const member: AuthorDto = { ...guest, displayName: "Mina", kind: "member", role: "member" };
const other: AuthorDto = { ...guest, id: "b", displayName: "Wim" };

const said = (author: AuthorDto, seq: number): LiveMessageDto => liveMessage({ seq, author });

const log: RoomLog = {
  ...emptyLog,
  epoch: "e",
  head: 4,
  items: [
    said(guest, 1),
    said(other, 2),
    said(guest, 3),
    { id: "m4", roomId: "r", seq: 4, changedSeq: 4, deletedAt: "2026-01-01T00:00:00.000Z" },
  ],
};

describe("renaming a user in a loaded message list", () => {
  it("updates all of the user's messages and no others", () => {
    const next = renamedIn(log, member);
    expect(next.items.map((item) => ("author" in item ? item.author : null))).toEqual([member, other, member, null]);
    expect([next.head, next.epoch]).toEqual([4, "e"]);
  });

  it("returns the same list if the user wrote nothing or already has that name", () => {
    expect(renamedIn(log, { ...member, id: "nobody" })).toBe(log);
    const next = renamedIn(log, member);
    expect(renamedIn(next, { ...member })).toBe(next);
  });
});
