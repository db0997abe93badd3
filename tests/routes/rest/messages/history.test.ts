import { describe, expect, it } from "vitest";
import { auditRow } from "../../../../services/audit/record.ts";
import type { Page } from "../../../../utils/contract/schemas/primitives.ts";
import { type SecurityEventDto, securityEvent } from "../../../../utils/contract/schemas/privacy.ts";
import { newId } from "../../../../utils/ids.ts";
import { createRest } from "../../../support/client.ts";
import { expectError } from "../../../support/expect.ts";
import { issueSanction, makeGuest, makeMember, makeSession, type Person } from "../../../support/factories.ts";
import { appForFile } from "../../../support/for-file.ts";

const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

const { app, database } = await appForFile();

function as(person: Person) {
  const rest = createRest(app.url);
  rest.token = person.token;
  return rest;
}

const history = async (person: Person, query = "") => (await as(person).get<Page<SecurityEventDto>>(`/api/auth/history${query}`)).body;

type Fact = Parameters<typeof auditRow>[1];
const write = (actorId: string | null, fact: Fact, at = new Date()) =>
  database.db.auditEntry.create({ data: { ...auditRow({ actor: actorId === null ? null : { id: actorId } }, fact), at } });

describe("security history", () => {
  it("lists actions newest first, with the device, and marks the current one", async () => {
    const ann = await makeMember(app.services);
    const phone = await makeSession(app.services, ann);
    await database.db.session.update({ where: { id: phone.sessionId }, data: { userAgent: FIREFOX } });
    const signedIn = { action: "signed_in", subjectType: "user", subjectId: ann.id } as const;
    await write(ann.id, { ...signedIn, data: { sessionId: ann.sessionId } }, new Date(1_000));
    await write(ann.id, { ...signedIn, data: { sessionId: phone.sessionId } }, new Date(2_000));
    await write(null, { action: "sign_in_failed", subjectType: "user", subjectId: ann.id }, new Date(3_000));
    expect((await as(ann).call("DELETE", `/api/auth/sessions/${phone.sessionId}`)).status).toBe(204);
    const { items, nextCursor } = await history(ann);
    expect(items.map((item) => securityEvent.strict().parse(item))).toMatchObject([
      { action: "session_ended", device: "Firefox on Linux", isCurrentSession: false },
      { action: "sign_in_failed", device: null, isCurrentSession: false },
      { action: "signed_in", device: "Firefox on Linux", isCurrentSession: false, at: "1970-01-01T00:00:02.000Z" },
      { action: "signed_in", device: null, isCurrentSession: true },
    ]);
    expect(nextCursor).toBeNull();
  });

  it("omits other users' actions and devices, also for actions that involve the caller", async () => {
    const ann = await makeMember(app.services);
    const admin = await makeMember(app.services, { role: "admin" });
    await database.db.session.update({ where: { id: admin.sessionId }, data: { userAgent: FIREFOX } });
    const change = { action: "role_changed", subjectType: "user", subjectId: ann.id, data: { sessionId: admin.sessionId } } as const;
    await write(admin.id, change);
    await write(admin.id, { action: "signed_in", subjectType: "user", subjectId: admin.id });
    expect((await history(ann)).items).toMatchObject([{ action: "role_changed", device: null, isCurrentSession: false }]);
    expect((await history(admin)).items.map(({ action }) => action)).toEqual(["signed_in"]);
  });

  it("is paginated without duplicates, also for entries of the same moment", async () => {
    const ann = await makeMember(app.services);
    for (let i = 0; i < 7; i += 1) await write(ann.id, { action: "stepped_up", subjectType: "user", subjectId: ann.id }, new Date(5_000));
    const seen: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const page: Page<SecurityEventDto> = await history(ann, `?limit=3${cursor === "" ? "" : `&cursor=${cursor}`}`);
      seen.push(...page.items.map(({ id }) => id));
      ({ nextCursor: cursor } = page);
    }
    expect(new Set(seen).size).toBe(7);
    expect(seen).toHaveLength(7);
  });

  it("is available to guests and to banned users", async () => {
    const guest = await makeGuest(app.services);
    const ann = await makeMember(app.services);
    await issueSanction(database, ann.id, { kind: "ban" });
    for (const who of [guest, ann]) expect((await as(who).get("/api/auth/history")).status).toBe(200);
  });

  it.each(["?cursor=x", `?cursor=${newId()}`, "?limit=0", "?userId=x"])("rejects %s", async (query) => {
    expectError(await as(await makeGuest(app.services)).get(`/api/auth/history${query}`), 400, "invalid_input");
  });
});
