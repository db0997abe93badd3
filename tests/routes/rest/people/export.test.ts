import { describe, expect, it } from "vitest";
import { setContact } from "../../../../services/contacts/contacts.ts";
import { sendMessage } from "../../../../services/messages/send.ts";
import { expireExports } from "../../../../services/privacy/export/expire.ts";
import { exportTexts } from "../../../../services/privacy/export/localized-text.ts";
import { exportFiles } from "../../../../services/privacy/user-key.ts";
import { starRoom } from "../../../../services/rooms/star.ts";
import { limits } from "../../../../utils/contract/limits.ts";
import { dataExport } from "../../../../utils/contract/schemas/privacy.ts";
import { newId } from "../../../../utils/ids.ts";
import { supportedLanguages } from "../../../../utils/text/languages.ts";
import { bootApp } from "../../../support/app.ts";
import { createRest } from "../../../support/client.ts";
import { movableClock } from "../../../support/clock.ts";
import { ctxOf } from "../../../support/ctx.ts";
import { expectError } from "../../../support/expect.ts";
import { exportOf, fetchLink, jsonIn, unzip } from "../../../support/export.ts";
import { issueSanction, makeGuest, makeMember, makeRoom, type Person, textFor } from "../../../support/factories.ts";
import { appForFile } from "../../../support/for-file.ts";

const clock = movableClock();

const { app, database } = await appForFile({ now: clock.now });

const proven = (displayName?: string) => makeMember(app.services, { isProven: true, ...(displayName !== undefined && { displayName }) });

function as(person: Person, node = app) {
  const rest = createRest(node.url);
  rest.token = person.token;
  return rest;
}

describe("data export", () => {
  it("contains all personal data: decrypted contacts, messages with their rooms, devices, history", async () => {
    const ann = await proven("Ann <Export>");
    const bob = await proven("Bob Other");
    const roomId = await makeRoom(app.services);
    await setContact(app.services, { userId: ann.id, kind: "email", value: "ann.export@example.org", isVerified: true });
    await setContact(app.services, { userId: bob.id, kind: "email", value: "bob.other@example.org", isVerified: true });
    const birthDate = app.services.vault.seal({ table: "users", field: "birth_date", id: ann.id }, "1990-02-03");
    await database.db.user.update({ where: { id: ann.id }, data: { birthDate, bio: "</td><script>alert(1)</script>" } });
    await issueSanction(database, ann.id, { kind: "mute", rule: "no-spam", until: new Date(1) });
    await sendMessage(ctxOf(app.services, ann), textFor(roomId, { text: "<b>hello</b> – 你好 🙂" }));
    await sendMessage(ctxOf(app.services, bob), textFor(roomId, { text: "words of bob" }));
    await starRoom(ctxOf(app.services, ann), { roomId });
    const { state, downloadUrl } = dataExport.strict().parse(await exportOf(app, ann));
    expect(state).toBe("ready");
    const files = await unzip(await fetchLink(app, downloadUrl));
    expect(jsonIn(files, "profile")).toMatchObject([{ userId: ann.id, displayName: "Ann <Export>", birthDate: "1990-02-03" }]);
    expect(jsonIn(files, "contacts")).toMatchObject([{ kind: "email", value: "ann.export@example.org" }]);
    expect(jsonIn(files, "messages")).toMatchObject([{ room: "A room", lounge: "A lounge", text: "<b>hello</b> – 你好 🙂" }]);
    const marks = { firstSentAt: expect.any(String) as string, starredAt: expect.any(String) as string };
    expect(jsonIn(files, "rooms")).toMatchObject([{ room: "A room", lounge: "A lounge", ...marks }]);
    expect(jsonIn(files, "sanctions")).toMatchObject([{ kind: "mute", rule: "no-spam" }]);
    expect(jsonIn(files, "sessions")).toHaveLength(1);
    expect(jsonIn(files, "history")).toMatchObject([{ action: "export_requested" }]);
    const whole = [...files.values()].join("\n");
    for (const foreign of [bob.id, "bob", "Bob"]) expect(whole).not.toContain(foreign);
  });

  it("is human-readable: an index links to every page, and all content is escaped", async () => {
    const ann = await proven("Ann Reader");
    await database.db.user.update({ where: { id: ann.id }, data: { bio: '</td><script>alert("x")</script>' } });
    const files = await unzip(await fetchLink(app, (await exportOf(app, ann)).downloadUrl));
    const index = files.get("index.html") ?? "";
    const links = [...index.matchAll(/href="([^"]+)"/g)].map(([, name]) => name ?? "");
    expect(links).toHaveLength(2 * exportFiles.length);
    expect(links.filter((name) => !files.has(name))).toEqual([]);
    expect([...files.keys()].sort()).toEqual([...links, "index.html"].sort());
    for (const [name, text] of files) if (name.endsWith(".html")) expect(text).not.toMatch(/<script|javascript:/);
    expect(files.get("pages/profile.html")).toContain("&lt;/td&gt;&lt;script&gt;");
  });

  it("uses the first of the user's languages that is supported", async () => {
    const ann = await proven();
    await database.db.user.update({ where: { id: ann.id }, data: { languages: ["cy", "ar", "de"] } });
    const files = await unzip(await fetchLink(app, (await exportOf(app, ann)).downloadUrl));
    for (const name of ["index.html", "pages/messages.html"]) expect(files.get(name)).toContain('<html lang="ar" dir="rtl">');
    for (const language of supportedLanguages) {
      const words = exportTexts[language];
      for (const text of [...Object.values(words.titles), words.heading, words.nothing]) expect(text.length).toBeGreaterThan(1);
    }
  });

  it("does not reveal who muted the user or changed their role", async () => {
    const admin = await makeMember(app.services, { role: "admin", isProven: true });
    const ann = await proven();
    await as(admin).call("PUT", `/api/admin/users/${ann.id}/role`, { json: { role: "moderator" } });
    const files = await unzip(await fetchLink(app, (await exportOf(app, ann)).downloadUrl));
    expect(jsonIn(files, "history").map(({ action }) => action)).toContain("role_changed");
    expect([...files.values()].join()).not.toContain(admin.id);
  });

  it("is available to guests and to banned users", async () => {
    const guest = await makeGuest(app.services, { displayName: "Guest Export" });
    const banned = await proven();
    await issueSanction(database, banned.id, { kind: "ban" });
    for (const who of [guest, banned]) {
      const files = await unzip(await fetchLink(app, (await exportOf(app, who)).downloadUrl));
      expect(jsonIn(files, "profile")).toMatchObject([{ userId: who.id }]);
    }
  });
});

it("is encrypted in the database, and its key is deleted on expiry", async () => {
  const ann = await proven("Ann Sealed");
  const { id } = await exportOf(app, ann);
  const chunks = await database.db.exportChunk.findMany({ where: { exportId: id } });
  const stored = Buffer.concat(chunks.map(({ bytes }) => bytes));
  // The signature of every zip file, and a file name that zip files contain in clear.
  for (const sign of ["PK\u0003\u0004", "profile.json"]) expect(stored.includes(sign)).toBe(false);
  clock.advance(limits.exportLinkMs + 1_000);
  await expireExports(app.services, { limit: 100 });
  const { rows } = await database.pool.query("SELECT sealed_key FROM data_exports WHERE id = $1", [id]);
  expect(rows).toEqual([{ sealed_key: null }]);
});

describe("requesting an export", () => {
  it("requires recent authentication of members", async () => {
    const ann = await makeMember(app.services);
    expectError(await as(ann).post("/api/users/me/export"), 403, "step_up_required");
    expect(await database.db.dataExport.count({ where: { userId: ann.id } })).toBe(0);
  });

  it("is limited to three times a day", async () => {
    const strict = await bootApp({ database: database.url, limitsScale: 1, now: clock.now });
    const ann = await proven();
    for (let i = 0; i < 3; i += 1) expect((await exportOf(strict, ann)).state).toBe("ready");
    const { retryAfterMs } = expectError(await as(ann, strict).post("/api/users/me/export"), 429, "export_limit");
    expect(retryAfterMs).toBeGreaterThan(23 * 3_600_000);
    expect(await database.db.dataExport.count({ where: { userId: ann.id } })).toBe(3);
    await strict.close();
  });

  it("returns only the caller's own", async () => {
    const ann = await proven();
    const eve = await proven();
    const { id } = await exportOf(app, ann);
    for (const other of [id, newId()]) expectError(await as(eve).get(`/api/users/me/export/${other}`), 404, "not_found");
  });

  it("is recorded in the audit log, and so is each download", async () => {
    const ann = await proven();
    await (await fetchLink(app, (await exportOf(app, ann)).downloadUrl)).arrayBuffer();
    const entries = await database.db.auditEntry.findMany({ where: { subjectId: ann.id }, orderBy: { id: "asc" } });
    expect(entries).toMatchObject([
      { action: "export_requested", actorId: ann.id, data: { sessionId: ann.sessionId } },
      { action: "export_downloaded", actorId: null },
    ]);
  });
});

describe("download link", () => {
  it("responds with an attachment of the announced size that is not cached", async () => {
    const { downloadUrl, sizeBytes } = await exportOf(app, await proven());
    const answer = await fetchLink(app, downloadUrl);
    const { headers } = answer;
    expect(headers.get("content-type")).toBe("application/zip");
    expect(headers.get("content-disposition")).toMatch(/^attachment; filename="?my-data-\d{4}-\d\d-\d\d\.zip"?$/);
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("ratelimit-limit")).not.toBeNull();
    expect((await answer.arrayBuffer()).byteLength).toBe(sizeBytes);
    expect((await fetch(new URL(downloadUrl ?? "", app.url), { method: "HEAD" })).headers.get("content-length")).toBe(String(sizeBytes));
  });

  it("is rejected if a character of it is changed, or for another export", async () => {
    const mine = await exportOf(app, await proven());
    const other = await exportOf(app, await proven());
    const link = mine.downloadUrl ?? "";
    const later = link.replace(/expires=(\d+)/, (_, at: string) => `expires=${Number(at) + 1_000}`);
    const wrong = [
      link.replace(mine.id, other.id),
      link.replace(mine.id, newId()),
      `${link}a`,
      link.replace(/signature=(.)/, (_, first: string) => `signature=${first === "a" ? "b" : "a"}`),
      later,
    ];
    for (const bad of wrong) expectError(await createRest(app.url).get(bad), 404, "not_found");
    for (const bad of [link.replace(/&signature=.*/, ""), `${link}&user=1`, link.replace(mine.id, "x")])
      expectError(await createRest(app.url).get(bad), 400, "invalid_input");
  });

  it("expires after 7 days, and the archive is removed", async () => {
    const ann = await proven();
    const { id, downloadUrl, expiresAt } = await exportOf(app, ann);
    expect(new Date(expiresAt ?? 0).getTime() - clock.now().getTime()).toBeGreaterThan(limits.exportLinkMs - 60_000);
    clock.advance(limits.exportLinkMs - 60_000);
    expect((await fetchLink(app, downloadUrl)).status).toBe(200);
    clock.advance(61_000);
    expectError(await createRest(app.url).get(downloadUrl ?? ""), 404, "not_found");
    expect(await expireExports(app.services, { limit: 100 })).toBeGreaterThan(0);
    expect(await database.db.exportChunk.count({ where: { exportId: id } })).toBe(0);
    expect(await database.db.dataExport.findUniqueOrThrow({ where: { id } })).toMatchObject({ state: "expired" });
  });
});
