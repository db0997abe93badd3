import { beforeAll, expect, it } from "vitest";
import type { Draft } from "../../../../services/messages/writer/draft.ts";
import { statementOf } from "../../../../services/messages/writer/insert-messages.ts";
import { newId } from "../../../../utils/ids.ts";
import { listsCrossed, wholeReads } from "../../../support/database/plans.ts";
import { draftFor, makeGuest, makeRoom, type Person } from "../../../support/factories.ts";
import { appForFile } from "../../../support/for-file.ts";
import { fillRoom } from "../../../support/texts/many-messages.ts";

let ann: Person;
let ben: Person;

const { app, database } = await appForFile();

beforeAll(async () => {
  ann = await makeGuest(app.services);
  ben = await makeGuest(app.services);
  const authorIds = [ann.id, ben.id];
  for (const amount of [20_000, 10]) await fillRoom(database.pool, { roomId: await makeRoom(app.services), authorIds, amount });
  await database.pool.query("ANALYZE messages, rooms, users");
});

it("no statement about messages scans a table sequentially, with the custom plan or the generic one", async () => {
  const found = await wholeReads(database.pool);
  expect(found.size).toBeGreaterThanOrEqual(7);
  for (const [name, tables] of found) expect({ name, tables }).toEqual({ name, tables: [] });
});

it("the generic plan of the commit statement joins its drafts as lists, without a nested loop", async () => {
  const plain = draftFor(await makeRoom(app.services), ann);
  const telling: Draft = { ...plain, notifications: [{ id: newId(), userId: ben.id, kind: "mention" }] };
  const direct: Draft = { ...plain, conversation: { peerId: ben.id } };
  for (const drafts of [
    [plain, plain],
    [plain, telling],
    [plain, direct],
  ]) {
    for (const policy of ["skip", "wait"] as const) {
      const { name, text } = statementOf(drafts, policy);
      expect({ name, crossed: await listsCrossed(database.pool, text) }).toEqual({ name, crossed: [] });
    }
  }
});
