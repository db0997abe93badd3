import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { createPresenceRegistry, type PresenceRegistry } from "../../../services/presence/presence-registry.ts";
import { createPresencePublisher } from "../../../services/presence/publish-changes.ts";
import type { Publisher } from "../../../services/realtime/publisher.ts";
import type { AuthorDto } from "../../../utils/contract/schemas/users.ts";
import { stoppedClock } from "../../support/clock.ts";
import { makeOpenConversation } from "../../support/conversations.ts";
import { makeMember, makeRoom, type Person } from "../../support/factories.ts";
import { appForFile } from "../../support/for-file.ts";

const MINUTE = 60_000;

let clock: ReturnType<typeof stoppedClock>;
let registry: PresenceRegistry;
let ann: Person;
let bob: Person;
let roomId: string;
let published: [recipient: string, status: string][];
let publishChanges: () => Promise<void>;

const { app, database } = await appForFile();

beforeAll(async () => {
  ann = await makeMember(app.services);
  bob = await makeMember(app.services);
  roomId = await makeRoom(app.services);
  await makeOpenConversation(app, ann, bob);
});

beforeEach(async () => {
  await database.pool.query("UPDATE users SET presence_status = 'offline'");
  clock = stoppedClock(new Date().toISOString());
  registry = createPresenceRegistry(clock.now);
  published = [];
  const publish: Partial<Publisher> = {
    presenceChanged: (roomIds, { users }) => void published.push(...users.map(({ status }): [string, string] => [roomIds.join(), status])),
    presenceChangedFor: (userId, { users }) => void published.push(...users.map(({ status }): [string, string] => [userId, status])),
  };
  publishChanges = createPresencePublisher({ pool: app.services.pool, presence: registry, publish: publish as Publisher });
});

afterEach(() => vi.restoreAllMocks());

const authorOf = ({ id }: Person): AuthorDto => ({ id, displayName: "Ann", avatarUrl: null, kind: "member", role: "member" });

async function stored(): Promise<string> {
  const { rows } = await database.pool.query<{ status: string }>("SELECT presence_status AS status FROM users WHERE id = $1", [ann.id]);
  return rows[0]?.status ?? "nobody";
}

/** Makes the statement with this name fail once. */
function failOnce(statement: string): void {
  const query = app.services.pool.query.bind(app.services.pool) as (question: { name: string }) => Promise<unknown>;
  let isDone = false;
  vi.spyOn(app.services.pool, "query").mockImplementation(((question: { name: string }) => {
    if (isDone || question.name !== statement) return query(question);
    isDone = true;
    return Promise.reject(new Error("the database is unreachable"));
  }) as never);
}

describe("publishing changes of presence", () => {
  it("publishes a status to the user's rooms and conversations, and stores it", async () => {
    registry.recordHeartbeat(authorOf(ann), "phone", "online");
    registry.enter(authorOf(ann), roomId);
    await publishChanges();
    expect(published).toEqual([
      [roomId, "online"],
      [bob.id, "online"],
    ]);
    expect(await stored()).toBe("online");
  });

  it.each(["presence-save", "presence-subscribers"])(
    "publishes and stores it with the next interval when the statement %s failed",
    async (statement) => {
      registry.recordHeartbeat(authorOf(ann), "phone", "online");
      registry.enter(authorOf(ann), roomId);
      failOnce(statement);
      await expect(publishChanges()).rejects.toThrow("unreachable");
      expect(published).toEqual([]);
      await publishChanges();
      expect(published).toEqual([
        [roomId, "online"],
        [bob.id, "online"],
      ]);
      expect(await stored()).toBe("online");
      await publishChanges();
      expect(published).toHaveLength(2);
    },
  );

  it("publishes only the newest status after a failure, including to a room that the user has left since", async () => {
    registry.recordHeartbeat(authorOf(ann), "phone", "online");
    registry.enter(authorOf(ann), roomId);
    failOnce("presence-save");
    await expect(publishChanges()).rejects.toThrow("unreachable");
    registry.leave(ann.id, roomId);
    registry.drop(ann.id, "phone");
    await publishChanges();
    expect(published).toEqual([
      [roomId, "offline"],
      [bob.id, "offline"],
    ]);
    expect(await stored()).toBe("offline");
  });

  it("persists a later activity with the next interval after a failed write", async () => {
    registry.recordHeartbeat(authorOf(ann), "phone", "online");
    await publishChanges();
    clock.advance(MINUTE);
    registry.recordHeartbeat(authorOf(ann), "phone", "online");
    failOnce("presence-save");
    await expect(publishChanges()).rejects.toThrow("unreachable");
    await publishChanges();
    const { lastSeenAt } = await database.db.user.findUniqueOrThrow({ where: { id: ann.id } });
    expect(lastSeenAt).toEqual(clock.now());
  });
});
