import { describe, expect, it } from "vitest";
import {
  type ActionChoice,
  actionsOf,
  choicesFor,
  defaultScope,
  needsText,
  newDraft,
  suggestedDuration,
  type Target,
  withChoice,
} from "../../../../public/src/features/moderation/actions/draft.ts";
import { type ActionDto, newAction } from "../../../../utils/contract/schemas/moderation/actions.ts";
import { newId } from "../../../../utils/ids.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const target: Target = {
  subject: { id: newId(), displayName: "Ann", avatarUrl: null, kind: "guest", role: "guest" },
  messageId: newId(),
  itemId: null,
  caseId: newId(),
  roomId: newId(),
  loungeId: newId(),
};
const everywhere = ["room", "lounge", "site"] as const;
const start = { rule: "spam" as const, scopes: everywhere, record: [] };
const earlier = (kind: ActionDto["kind"], revertedAt: string | null = null) => ({ kind, revertedAt });

describe("draft of an action", () => {
  it.each<ActionChoice>(["delete_message", "warn", "mute", "kick", "ban", "wipe_messages", "require_phone"])(
    "becomes a request that the server accepts: %s",
    (choice) => {
      const [action, ...others] = actionsOf(newDraft(choice, start), target);
      expect(others).toEqual([]);
      expect(newAction.safeParse(action).error).toBeUndefined();
      expect(action?.caseId).toBe(target.caseId);
    },
  );

  it("becomes a ban of the chosen scope, and is permanent without a duration", () => {
    const ban = { ...newDraft("ban", start), durationMs: null };
    expect(actionsOf({ ...ban, scope: "room" }, target)).toMatchObject([{ kind: "ban_room", scope: { kind: "room", id: target.roomId } }]);
    expect(actionsOf({ ...ban, scope: "lounge" }, target)).toMatchObject([{ kind: "ban_lounge", scope: { id: target.loungeId } }]);
    const [onSite] = actionsOf({ ...ban, scope: "site" }, target);
    expect(onSite).toMatchObject({ kind: "ban_site", scope: { kind: "site" } });
    expect(onSite).not.toHaveProperty("durationMs");
  });

  it("includes the message and the recent messages if they are to be deleted too", () => {
    const draft = { ...newDraft("mute", start), alsoDelete: true, alsoWipe: true };
    expect(actionsOf(draft, target).map(({ kind }) => kind)).toEqual(["mute", "delete_message", "wipe_messages"]);
    expect(actionsOf(draft, { ...target, messageId: null }).map(({ kind }) => kind)).toEqual(["mute", "wipe_messages"]);
    expect(actionsOf(draft, { ...target, subject: null })).toEqual([]);
  });

  it("suggests a longer mute for every earlier one that was not undone", () => {
    expect(suggestedDuration("mute", [])).toBe(HOUR);
    expect(suggestedDuration("mute", [earlier("mute")])).toBe(DAY);
    expect(suggestedDuration("mute", [earlier("mute"), earlier("mute", "2026-11-21T18:00:00.000Z"), earlier("warn")])).toBe(DAY);
    expect(
      suggestedDuration(
        "mute",
        Array.from({ length: 9 }, () => earlier("mute")),
      ),
    ).toBe(28 * DAY);
    expect(suggestedDuration("ban", [earlier("ban_room"), earlier("ban_site")])).toBeNull();
  });

  it("offers only what the target and the moderator's scopes allow", () => {
    expect(choicesFor({ ...target, messageId: null }, { scopes: everywhere, mayAct: true })).not.toContain("delete_message");
    expect(choicesFor(target, { scopes: ["site"], mayAct: true })).not.toContain("kick");
    expect(choicesFor(target, { scopes: everywhere, mayAct: false })).toEqual([]);
    expect(defaultScope("mute", ["site"])).toBe("site");
    expect(defaultScope("kick", everywhere)).toBe("room");
  });

  it("keeps the text when another action is chosen, and a scope only if that action can have it", () => {
    const draft = { ...newDraft("mute", start), scope: "site" as const, text: "Please stop." };
    expect(withChoice(draft, "ban", start)).toMatchObject({ choice: "ban", scope: "site", text: "Please stop.", durationMs: 7 * DAY });
    expect(withChoice(draft, "kick", start).scope).toBe("room");
  });

  it("requires a text for the rule other", () => {
    expect(needsText({ rule: "other", text: "  " })).toBe(true);
    expect(needsText({ rule: "other", text: "Explained" })).toBe(false);
    expect(needsText({ rule: "spam", text: "" })).toBe(false);
  });
});
