import { describe, expect, it, vi } from "vitest";
import { listLounges } from "../../../services/lounges/list.ts";
import { listRooms } from "../../../services/lounges/list-rooms.ts";
import { ctxOf, strangerCtx } from "../../support/ctx.ts";
import { makeGuest, makeLounge, makeMember, makeRoom } from "../../support/factories.ts";
import { appForFile } from "../../support/for-file.ts";

const { app } = await appForFile();

describe("listing the lounges", () => {
  it("reads the database once for many concurrent callers, and returns to each caller why a lounge is closed", async () => {
    const loungeId = await makeLounge(app.services, { accessLevel: "registered" });
    for (const languageCode of ["en", "de", "zh-Hant", "zh"]) await makeRoom(app.services, { loungeId, languageCode });
    const guest = await makeGuest(app.services);
    const member = await makeMember(app.services);
    const callers = [strangerCtx(app.services), ctxOf(app.services, guest), ctxOf(app.services, member)];
    const read = vi.spyOn(app.services.db.lounge, "findMany");
    app.services.lounges.forget();
    const lists = await Promise.all(
      Array.from({ length: 300 }, async (_, at) => {
        const ctx = callers[at % callers.length] as (typeof callers)[number];
        const { items } = await listLounges(ctx, {});
        const rooms = await listRooms(ctx, { loungeId, limit: 3 });
        return { reason: items.find(({ id }) => id === loungeId)?.closedReason, rooms };
      }),
    );
    // One, and one more if a second passes in between.
    expect(read.mock.calls.length).toBeGreaterThanOrEqual(1);
    expect(read.mock.calls.length).toBeLessThanOrEqual(2);
    read.mockRestore();
    for (const [at, { reason, rooms }] of lists.entries()) {
      expect(reason).toBe(["room_requires_account", "room_requires_account", null][at % callers.length]);
      expect(rooms).toMatchObject({ items: [{ languageCode: "de" }, { languageCode: "en" }, { languageCode: "zh" }], nextCursor: "zh" });
    }
  });

  it("omits inactive and private lounges, in the list and by id", async () => {
    const hidden = [await makeLounge(app.services, { isActive: false }), await makeLounge(app.services, { accessLevel: "private" })];
    app.services.lounges.forget();
    const staff = ctxOf(app.services, await makeMember(app.services, { role: "admin" }));
    const { items } = await listLounges(staff, { limit: 100 });
    for (const loungeId of hidden) {
      expect(items.map(({ id }) => id)).not.toContain(loungeId);
      await expect(listRooms(staff, { loungeId })).rejects.toMatchObject({ code: "not_found" });
    }
  });

  it("pages through all lounges, each once", async () => {
    for (let count = 0; count < 5; count += 1) await makeLounge(app.services);
    app.services.lounges.forget();
    const ctx = strangerCtx(app.services);
    const { items: all } = await listLounges(ctx, { limit: 100 });
    const paged: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page = await listLounges(ctx, { limit: 2, ...(cursor !== undefined && { cursor }) });
      paged.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect(paged).toEqual(all.map(({ id }) => id));
    expect(paged.length).toBeGreaterThan(5);
  });
});
