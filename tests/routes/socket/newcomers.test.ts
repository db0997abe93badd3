import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { createRest } from "../../support/client.ts";
import { makeGuest, makeMember, makeRoom, type Person } from "../../support/factories.ts";
import { appForFile } from "../../support/for-file.ts";
import { connect, type Live } from "../../support/sockets/sockets.ts";

let roomId: string;
let watching: Person;
let watcher: Live;
const lines: Live[] = [];

const enter = async (person: Person): Promise<Live> => {
  const live = await connect(app.url, person.token);
  lines.push(live);
  await live.command("join_room", { roomId });
  return live;
};

const { app } = await appForFile();

beforeEach(async () => {
  roomId = await makeRoom(app.services);
  watching = await makeGuest(app.services, { displayName: "Watcher" });
  watcher = await enter(watching);
});

afterAll(async () => {
  for (const live of lines) live.close();
});

const joinedBy = ({ id }: Person, from = 0) =>
  watcher.nextEvent("user_joined", (payload) => {
    const at = watcher.received.findIndex((one) => one.payload === payload);
    return at >= from && payload.users.some((user) => user.id === id);
  });

describe("user_joined: newcomerIds", () => {
  it("contains a user who enters the room for the first time, and not one who returns", async () => {
    const ann = await makeMember(app.services);
    const live = await enter(ann);
    // The watcher, who also entered for the first time, may be named in the same event.
    expect((await joinedBy(ann)).newcomerIds?.filter((id) => id !== watching.id)).toEqual([ann.id]);
    live.close();
    await watcher.nextEvent("user_left", ({ users }) => users.some(({ id }) => id === ann.id));
    const from = watcher.received.length;
    await enter(ann);
    expect(await joinedBy(ann, from)).not.toHaveProperty("newcomerIds");
  });

  it("omits bots, and no event is published for an invisible user", async () => {
    const bot = await makeMember(app.services, { kind: "bot" });
    const unseen = await makeMember(app.services);
    const last = await makeMember(app.services);
    const rest = Object.assign(createRest(app.url), { token: unseen.token });
    await rest.call("PATCH", "/api/users/me", { json: { privacy: { isInvisible: true } } });
    await enter(bot);
    expect((await joinedBy(bot)).newcomerIds ?? []).not.toContain(bot.id);
    await enter(unseen);
    await enter(last);
    expect((await joinedBy(last)).newcomerIds).toEqual([last.id]);
    expect(JSON.stringify(watcher.received)).not.toContain(unseen.id);
  });

  it("batches many newcomers into few events", async () => {
    const crowd = await Promise.all(Array.from({ length: 20 }, () => makeGuest(app.services)));
    const from = watcher.received.length;
    await Promise.all(crowd.map(enter));
    await Promise.all(crowd.map((person) => joinedBy(person)));
    const events = watcher.received.slice(from).filter(({ name }) => name === "user_joined");
    expect(events.length).toBeLessThan(crowd.length);
  });
});
