import { beforeAll, describe, expect, it } from "vitest";
import type { FiguresDto } from "../../../../../utils/contract/schemas/moderation/records.ts";
import { idAt, newId } from "../../../../../utils/ids.ts";
import { movableClock } from "../../../../support/clock.ts";
import { restOf } from "../../../../support/conversations.ts";
import { expectError } from "../../../../support/expect.ts";
import { makeMember, makeRoom, makeSession, type Person } from "../../../../support/factories.ts";
import { appForFile } from "../../../../support/for-file.ts";
import { caseAbout, messageBy, reportMessage, resolve } from "../../../../support/moderation/cases.ts";

const MINUTE = 60_000;
const clock = movableClock();
const { app, database } = await appForFile({ now: clock.now });

let mod: Person;

beforeAll(async () => {
  mod = await makeMember(app.services, { role: "moderator" });
});

const figures = async (days = 30) => (await restOf(app, mod).get<FiguresDto>(`/api/moderation/figures?days=${days}`)).body;

describe("figures about moderation", () => {
  it("are empty without cases and messages, with one entry per day", async () => {
    const found = await figures(7);
    expect(found).toMatchObject({
      medianFirstActionMs: null,
      openCases: 0,
      oldestOpenMs: null,
      reversalRate: null,
      reportsPerThousandMessages: null,
      byLanguage: [],
    });
    expect(found.series).toHaveLength(7);
    expect(found.series.at(-1)).toEqual({ day: clock.now().toISOString().slice(0, 10), reports: 0, actions: 0, appeals: 0, messages: 0 });
    expect((await restOf(app, mod).get<FiguresDto>("/api/moderation/figures")).body.series).toHaveLength(30);
    for (const days of ["0", "91", "x"])
      expectError(await restOf(app, mod).get(`/api/moderation/figures?days=${days}`), 400, "invalid_input");
  });

  it("count cases by language, reports, actions, appeals and messages, and measure the time to the decision", async () => {
    const [ann, eve] = [await makeMember(app.services), await makeMember(app.services)];
    const english = await makeRoom(app.services);
    const german = await makeRoom(app.services, { languageCode: "de" });
    const reported: string[] = [];
    for (const roomId of [english, english, english, german]) {
      // The language of a message takes precedence over that of its room, so the message has none.
      const id = await messageBy(app, eve, roomId);
      await database.pool.query("UPDATE messages SET language_code = NULL WHERE id = $1", [id]);
      expect((await reportMessage(app, ann, id)).status).toBe(201);
      reported.push(id);
    }
    for (let count = 0; count < 6; count += 1) await messageBy(app, eve, english);
    const decisions = [2, 4];
    for (const [index, minutes] of decisions.entries()) {
      clock.advance(index === 0 ? minutes * MINUTE : (minutes - (decisions[index - 1] ?? 0)) * MINUTE);
      const found = await caseAbout(app, reported[index] ?? "");
      const actions = [{ kind: "warn", userId: eve.id, rule: "spam" }] as const;
      expect((await resolve(app, mod, found, { outcome: "actioned", actions: [...actions] })).status).toBe(200);
    }
    const taken = await database.db.moderationAction.findMany({ where: { userId: eve.id } });
    for (const [index, { id: actionId }] of taken.entries()) {
      const state = index === 0 ? "reversed" : "upheld";
      await database.db.appeal.create({
        data: { id: newId(), actionId, userId: eve.id, text: "no", state, createdAt: clock.now(), decidedAt: clock.now() },
      });
    }
    clock.advance(MINUTE);
    mod = await makeSession(app.services, mod);
    const found = await figures(2);
    expect(found).toMatchObject({ openCases: 2, reversalRate: 0.5, reportsPerThousandMessages: 400 });
    expect(found.byLanguage.map(({ languageCode, cases, openCases }) => [languageCode, cases, openCases])).toEqual([
      ["en", 3, 1],
      ["de", 1, 1],
    ]);
    // Between the decisions after two and four minutes; the reports and calls themselves take some time.
    expect(found.medianFirstActionMs).toBeGreaterThanOrEqual(3 * MINUTE - 1_000);
    expect(found.medianFirstActionMs).toBeLessThan(4 * MINUTE);
    expect(found.byLanguage[1]?.medianFirstActionMs).toBeNull();
    expect(found.oldestOpenMs).toBeGreaterThanOrEqual(5 * MINUTE);
    const sum = (field: "reports" | "actions" | "appeals" | "messages") => found.series.reduce((total, day) => total + day[field], 0);
    expect([sum("reports"), sum("actions"), sum("appeals"), sum("messages")]).toEqual([4, 2, 2, 10]);
  });

  it("leave out cases, reports and messages before the period, except for the backlog", async () => {
    await database.pool.query("UPDATE moderation_cases SET created_at = created_at - interval '10 days'");
    await database.pool.query("UPDATE reports SET created_at = created_at - interval '10 days'");
    const found = await figures(7);
    expect(found).toMatchObject({ openCases: 2, byLanguage: [], medianFirstActionMs: null, reportsPerThousandMessages: 0 });
    expect(found.oldestOpenMs).toBeGreaterThan(9 * 86_400_000);
    expect((await figures(14)).byLanguage).toHaveLength(2);
  });
});

it("the lowest identifier of a time: precedes those created then, and follows those created before", () => {
  const id = newId();
  const createdAt = Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16);
  expect(idAt(new Date(createdAt)) <= id).toBe(true);
  expect(idAt(new Date(createdAt + 1)) > id).toBe(true);
});
