import { describe, expect, it } from "vitest";
import { begunIn, completed, peopleNamed } from "../../../../public/src/features/composer/completion.ts";
import { quoteOf, toWire } from "../../../../public/src/features/composer/composer-state.ts";
import { rightsOf } from "../../../../public/src/features/message/message-permissions.ts";
import { shownReactions } from "../../../../public/src/features/message/shown-reactions.ts";
import { firstGraphemes } from "../../../../utils/text/graphemes.ts";
import { liveMessage } from "../../../support/texts/live-message.ts";

const at = Date.parse("2026-01-01T12:00:00.000Z");
const message = liveMessage({ createdAt: new Date(at).toISOString() });

describe("completion at the caret", () => {
  it("suggests people after @, and emoji after : and two characters", () => {
    expect(begunIn("hello @mi", 9)).toEqual({ kind: "people", wanted: "mi", from: 6, to: 9 });
    expect(begunIn("@", 1)).toEqual({ kind: "people", wanted: "", from: 0, to: 1 });
    expect(begunIn("so :lau", 7)).toEqual({ kind: "emoji", wanted: "lau", from: 3, to: 7 });
    expect(begunIn("(@みな", 4)?.wanted).toBe("みな");
  });

  it("suggests nothing in an address, a time, a smiley or after a space", () => {
    for (const text of ["me@example", "at 12:30", "https://x", "hm :)", ":D", "@mina "]) expect(begunIn(text, text.length)).toBeNull();
  });

  it("replaces the typed prefix in place, followed by one space", () => {
    const begun = begunIn("a @mi b", 5);
    if (!begun) throw new Error("nothing begun");
    expect(completed("a @mi b", begun, "@Mina")).toEqual({ text: "a @Mina b", caret: 8 });
    expect(completed("a @mi", begun, "@Mina")).toEqual({ text: "a @Mina ", caret: 8 });
  });

  it("matches people by any part of their name, ignoring accents, and excludes the current user", () => {
    const people = [
      { id: "1", displayName: "José Luis" },
      { id: "2", displayName: "Ann of Town" },
    ];
    expect(peopleNamed(people, "jose", null)).toHaveLength(1);
    expect(peopleNamed(people, "tow", null)).toHaveLength(1);
    expect(peopleNamed(people, "ann", "2")).toEqual([]);
    expect(peopleNamed(people, "", null)).toHaveLength(2);
  });
});

describe("mentions chosen from the list", () => {
  it("are sent as user ids, longest name first, and never match inside another name", () => {
    const named = { "@Ann": "1", "@Ann of Town": "2" };
    expect(toWire("hi @Ann of Town, hi @Ann. @Anna", named)).toBe("hi <@2>, hi <@1>. @Anna");
    expect(toWire("hi @Ann", {})).toBe("hi @Ann");
  });
});

describe("quote of the message being replied to", () => {
  const excerptOf = (text: string): string | null => quoteOf({ ...message, text }).excerpt;

  it("is truncated after 140 graphemes, never inside one, like on the server", () => {
    for (const unit of ["a", "🔥", "👨‍👩‍👧‍👦", "🇩🇪", "e\u0301"]) {
      expect(excerptOf(unit.repeat(140))).toBe(unit.repeat(140));
      expect(excerptOf(unit.repeat(141))).toBe(`${unit.repeat(140)}…`);
      expect(excerptOf(`x${unit.repeat(200)}`)).toBe(firstGraphemes(`x${unit.repeat(200)}`, 140));
    }
    expect(excerptOf(`${"a".repeat(139)}🔥🔥`)).toBe(`${"a".repeat(139)}🔥…`);
  });
});

describe("reactions under a message", () => {
  const reactions = [{ emoji: "👍", count: 2, userIds: ["ann", "ben"] }];

  it("reflect the user's own changes immediately", () => {
    expect(shownReactions(reactions, { myId: "ann" })).toEqual([{ emoji: "👍", count: 2, isMine: true, others: ["ben"] }]);
    expect(shownReactions(reactions, { myId: "ann", mine: new Map([["👍", false]]) })).toMatchObject([{ count: 1, isMine: false }]);
    expect(shownReactions(reactions, { myId: "cy", mine: new Map([["👍", true]]) })).toMatchObject([{ count: 3, isMine: true }]);
    expect(shownReactions([], { myId: "cy", mine: new Map([["🎉", true]]) })).toEqual([
      { emoji: "🎉", count: 1, isMine: true, others: [] },
    ]);
    expect(shownReactions([{ emoji: "👍", count: 1, userIds: ["ann"] }], { myId: "ann", mine: new Map([["👍", false]]) })).toEqual([]);
  });
});

describe("permissions on a message", () => {
  const where = { kind: "language", canSend: true, now: at + 60_000 } as const;
  const [ann, ben, staff] = [
    { id: "ann", role: "member" },
    { id: "ben", role: "member" },
    { id: "max", role: "moderator" },
  ] as const;

  it("let authors edit their own message for 15 minutes and delete it at any time", () => {
    expect(rightsOf(message, { ...where, me: ann })).toMatchObject({ canEdit: true, canDelete: true, canPin: false });
    expect(rightsOf(message, { ...where, me: ann, now: at + 16 * 60_000 })).toMatchObject({ canEdit: false, canDelete: true });
    expect(rightsOf(message, { ...where, me: ben })).toMatchObject({ canEdit: false, canDelete: false, canReply: true, canReact: true });
  });

  it("let room staff delete and pin; in a conversation no one is staff and every member may pin", () => {
    expect(rightsOf(message, { ...where, me: staff })).toMatchObject({ canEdit: false, canDelete: true, canPin: true });
    expect(rightsOf(message, { ...where, kind: "group", me: staff })).toMatchObject({ canDelete: false, canPin: true });
  });

  it("give staff no rights over messages by peers or superiors, and admins all rights", () => {
    const by = (role: "moderator" | "admin") => ({
      ...message,
      editedAt: message.createdAt,
      author: { ...message.author, id: "other", role },
    });
    for (const role of ["moderator", "admin"] as const)
      expect(rightsOf(by(role), { ...where, me: staff })).toMatchObject({ canDelete: false, canPin: false, canSeeHistory: false });
    const admin = { id: "adm", role: "admin" } as const;
    expect(rightsOf(by("admin"), { ...where, me: admin })).toMatchObject({ canDelete: true, canPin: true, canSeeHistory: true });
    const own = { ...message, author: { ...message.author, id: "max", role: "moderator" as const } };
    expect(rightsOf(own, { ...where, me: staff })).toMatchObject({ canDelete: true, canPin: true });
  });

  it("do not allow pinning in a conversation that the user may not write in", () => {
    expect(rightsOf(message, { ...where, kind: "direct", canSend: false, me: ben })).toMatchObject({ canPin: false, canReact: false });
  });

  it("let author and staff see earlier versions, and allow only reading while the user is muted", () => {
    const edited = { ...message, editedAt: message.createdAt };
    expect([ann, ben, staff].map((me) => rightsOf(edited, { ...where, me }).canSeeHistory)).toEqual([true, false, true]);
    expect(rightsOf(message, { ...where, canSend: false, me: ann })).toMatchObject({ canReact: false, canReply: false, canEdit: false });
  });
});
