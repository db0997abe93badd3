import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createSearchIndexer } from "../../../../services/search/index/indexer.ts";
import { rebuildSearch } from "../../../../services/search/index/rebuild.ts";
import { createTokenizer, type TokenizeError, type Tokenizer } from "../../../../services/search/index/tokenizer.ts";
import type { Page } from "../../../../utils/contract/schemas/primitives.ts";
import type { FoundMessageDto } from "../../../../utils/contract/schemas/search.ts";
import { type App, bootApp } from "../../../support/app.ts";
import { createRest, type Rest } from "../../../support/client.ts";
import { type TestDatabase, testDatabase } from "../../../support/database/db.ts";
import { makeMember, makeRoom, textFor } from "../../../support/factories.ts";

const FAILING = new URL("./failing-tokens.ts", import.meta.url).href;

/** Generous, because the worker is killed and started several times. */
const soon = { timeout: 60_000, interval: 50 };

let database: TestDatabase;
let app: App;
let rest: Rest;
let tokens: Tokenizer;

beforeAll(async () => {
  database = await testDatabase();
  app = await bootApp({ database: database.url });
  tokens = createTokenizer({ library: FAILING, timeoutMs: 2_000, startTimeoutMs: 60_000 });
  // From here on the node indexes with a worker that fails on some texts.
  Object.assign(app.services, { searchIndex: createSearchIndexer(app.services.pool, tokens) });
  rest = createRest(app.url);
  rest.token = (await makeMember(app.services)).token;
});

afterAll(async () => {
  await app.close();
  await tokens.close();
  await database.drop();
});

async function say(roomId: string, text: string): Promise<void> {
  const { roomId: _, ...body } = textFor(roomId, { text });
  const { status } = await rest.post(`/api/chatroom/rooms/${roomId}/messages`, body);
  expect(status).toBe(201);
  app.services.searchIndex.enqueue(roomId);
}

async function found(q: string): Promise<string[]> {
  const { status, body } = await rest.get<Page<FoundMessageDto>>(`/api/chatroom/search?q=${q}`);
  expect(status).toBe(200);
  return body.items.map(({ text }) => text);
}

const failuresLogged = (): number => app.log.filter((line) => line.includes("The search index worker failed at message")).length;

describe("an index worker that hangs on a message", () => {
  it("blocks neither sending nor searching, is restarted, and the index catches up", async () => {
    const room = await makeRoom(app.services);
    const other = await makeRoom(app.services);
    await say(other, "an early pistachio");
    await vi.waitFor(async () => expect(await found("pistachio")).toEqual(["an early pistachio"]), soon);
    await say(room, "this walnut will hang always");
    await say(room, "the walnuts behind it");
    let sent = 0;
    await vi.waitFor(async () => {
      await say(other, `almond number ${sent + 1}`);
      sent += 1;
      expect(await found("pistachio")).toEqual(["an early pistachio"]);
      expect(failuresLogged()).toBeGreaterThanOrEqual(2);
    }, soon);
    expect(sent).toBeGreaterThan(1);
    await vi.waitFor(async () => expect(await found("walnut")).toEqual(["the walnuts behind it", "this walnut will hang always"]), soon);
    await vi.waitFor(async () => expect(await found(`almond%20${sent}`)).toEqual([`almond number ${sent}`]), soon);
  });

  it("does not block a rebuild: the message is found by its fallback tokens, all others by every token", async () => {
    const { rows } = await database.pool.query<{ count: number }>("SELECT count(*) FROM messages");
    const fresh = createTokenizer({ library: FAILING, timeoutMs: 2_000, startTimeoutMs: 60_000 });
    const failures: TokenizeError[] = [];
    try {
      await database.pool.query("DELETE FROM message_search");
      const count = await rebuildSearch(database.pool, { tokens: fresh, onFailure: (error) => failures.push(error) });
      expect(count).toBe(rows[0]?.count);
    } finally {
      await fresh.close();
    }
    expect(failures.every(({ messageId }) => messageId !== null)).toBe(true);
    expect(await found("walnut")).toHaveLength(2);
  });
});
