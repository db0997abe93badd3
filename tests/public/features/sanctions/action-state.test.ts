import { describe, expect, it } from "vitest";
import { actionState, appealDeadline } from "../../../../public/src/features/sanctions/action-state.ts";
import type { ActionDto } from "../../../../utils/contract/schemas/moderation/actions.ts";

const START = "2026-05-01T12:00:00.000Z";
const at = Date.parse(START);

const action = (over: Partial<ActionDto> = {}): ActionDto => ({
  id: "a",
  kind: "mute",
  target: null,
  messageId: null,
  itemId: null,
  scope: { kind: "site", id: null },
  rule: "spam",
  text: null,
  caseId: null,
  parentId: null,
  actor: null,
  isAutomatic: false,
  createdAt: START,
  expiresAt: new Date(at + 1_000).toISOString(),
  revertedAt: null,
  revertedBy: null,
  appeal: null,
  ...over,
});

describe("state of an action", () => {
  it("is active until the end, then ended, unless it was undone", () => {
    expect(actionState(action(), at)).toBe("active");
    expect(actionState(action(), at + 1_000)).toBe("ended");
    expect(actionState(action({ revertedAt: START }), at)).toBe("reverted");
  });

  it("is active forever without an end, and has no state for a warning", () => {
    expect(actionState(action({ kind: "ban_site", expiresAt: null }), at + 1e12)).toBe("active");
    expect(actionState(action({ kind: "warn", expiresAt: null }), at)).toBe("done");
  });
});

describe("time to appeal", () => {
  it("is six months", () => {
    expect(appealDeadline({ createdAt: START }).toISOString()).toBe("2026-11-01T12:00:00.000Z");
  });
});
