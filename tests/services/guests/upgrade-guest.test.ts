import { expect, it } from "vitest";
import { upgradeGuest } from "../../../services/guests/upgrade-guest.ts";
import { newUsername, PASSWORD } from "../../support/accounts.ts";
import { ctxOf } from "../../support/ctx.ts";
import { breakTable, tableRows } from "../../support/database/table-rows.ts";
import { draftFor, lastSeqOf, makeGuest, makeRoom, storedMessages } from "../../support/factories.ts";
import { appForFile } from "../../support/for-file.ts";

const { app: node, database } = await appForFile();

const input = () => ({
  username: newUsername(),
  password: PASSWORD,
  email: "guest@example.org",
  birthDate: "1990-01-01",
  keepMessages: false,
});

it("upgrading a guest: leaves a complete guest or a complete member wherever it is interrupted", async () => {
  const guest = await makeGuest(node.services);
  const roomId = await makeRoom(database);
  for (let n = 0; n < 3; n++) await node.services.messageWriter.write(draftFor(roomId, guest));
  const before = await tableRows(database);
  for (const table of ["users", "messages", "rooms", "credentials", "contacts", "sessions", "refresh_tokens", "audit_log"]) {
    const mend = await breakTable(database, table);
    await expect(upgradeGuest(ctxOf(node.services, guest), input(), undefined)).rejects.toThrow(/broken down/);
    await mend();
    expect(await tableRows(database)).toEqual(before);
  }
  await upgradeGuest(ctxOf(node.services, guest), input(), undefined);
  const after = await tableRows(database);
  const grown = ["users", "credentials", "contacts", "audit_log"].map(
    (table) => (after[table]?.length ?? 0) - (before[table]?.length ?? 0),
  );
  expect(grown).toEqual([1, 1, 1, 1]);
});

it("upgrading a guest: keeps long histories in many rooms without gaps or duplicates", async () => {
  const guest = await makeGuest(node.services);
  const other = await makeGuest(node.services);
  const rooms = [await makeRoom(database), await makeRoom(database)];
  for (const roomId of rooms)
    await Promise.all(
      Array.from({ length: 450 }, (_, n) => node.services.messageWriter.write(draftFor(roomId, n % 3 === 0 ? other : guest))),
    );
  await database.pool.query("UPDATE messages SET deleted_at = now(), text = '' WHERE author_id = $1 AND seq % 10 = 0", [guest.id]);
  await upgradeGuest(ctxOf(node.services, guest), input(), undefined);
  expect(await database.db.message.count({ where: { authorId: guest.id } })).toBe(0);
  for (const roomId of rooms) {
    const rows = await storedMessages(database.pool, roomId);
    const moved = rows.filter(({ seq, changed_seq }) => changed_seq !== seq);
    expect(rows.filter(({ author_id }) => author_id === other.id)).toHaveLength(150);
    expect(new Set(rows.map(({ author_id }) => author_id)).size).toBe(2);
    const changes = moved.map(({ changed_seq }) => changed_seq).sort((a, b) => a - b);
    expect(changes).toEqual(changes.map((_, place) => 451 + place));
    expect(await lastSeqOf(database.pool, roomId)).toBe(450 + moved.length);
    expect(moved.every(({ deleted_at }) => deleted_at === null)).toBe(true);
  }
});
