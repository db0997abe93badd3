import { afterAll, beforeAll, expect, it } from "vitest";
import { runNextExport } from "../../../../services/privacy/export/run.ts";
import { systemClock } from "../../../../utils/clock.ts";
import type { DataExportDto } from "../../../../utils/contract/schemas/privacy.ts";
import { type App, bootApp, TEST_SECRETS } from "../../../support/app.ts";
import { createRest } from "../../../support/client.ts";
import { movableClock } from "../../../support/clock.ts";
import { makeGuest, makeRoom } from "../../../support/factories.ts";
import { databaseForFile } from "../../../support/for-file.ts";
import { startServer } from "../../../support/process.ts";

const clock = movableClock();
let beside: App;

const database = await databaseForFile();

beforeAll(async () => {
  beside = await bootApp({ database: database.url, now: clock.now });
});

afterAll(async () => {
  await beside.close();
});

/** Creates a guest with so many messages that the export takes a while. */
async function writer() {
  // Uses the clock of the node that is to end, because the clock of this process was moved.
  const guest = await makeGuest({ ...beside.services, now: systemClock });
  const roomId = await makeRoom(beside.services);
  await database.pool.query(
    `INSERT INTO messages (id, room_id, author_id, client_message_id, seq, changed_seq, text)
     SELECT gen_random_uuid(), $1, $2, gen_random_uuid(), n, n, md5(n::text) || (SELECT string_agg(md5(n::text || k), '') FROM generate_series(1, 32) k)
     FROM generate_series(1, 20000) n`,
    [roomId, guest.id],
  );
  await database.pool.query("UPDATE rooms SET last_seq = 20000 WHERE id = $1", [roomId]);
  return guest;
}

it.each(["SIGTERM", "SIGKILL"] as const)(
  "an export: is finished by another node when the first one ends with %s in the middle of it",
  async (signal) => {
    const guest = await writer();
    const server = await startServer({ DATABASE_URL: database.url, ...TEST_SECRETS });
    const rest = createRest(server.url);
    rest.token = guest.token;
    const { id } = (await rest.post<DataExportDto>("/api/users/me/export")).body;
    const chunks = () => database.db.exportChunk.count({ where: { exportId: id } });
    await expect.poll(chunks, { interval: 5 }).toBeGreaterThan(2);
    const endedAt = performance.now();
    expect(await server.end(signal)).toBe(signal === "SIGTERM" ? 0 : "SIGKILL");
    expect(performance.now() - endedAt).toBeLessThan(9_000);
    const stateOf = async () => (await database.db.dataExport.findUniqueOrThrow({ where: { id } })).state;
    expect(await stateOf()).toBe("waiting");
    clock.advance(3 * 60_000);
    expect(await runNextExport(beside.services)).toEqual({ kind: "made" });
    expect(await stateOf()).toBe("ready");
  },
  120_000,
);
