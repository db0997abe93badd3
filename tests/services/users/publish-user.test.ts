import { expect, it } from "vitest";
import { publishUser } from "../../../services/users/publish-user.ts";
import { makeGuest, makeRoom, textFor } from "../../support/factories.ts";
import { appForFile } from "../../support/for-file.ts";
import { connect } from "../../support/sockets/sockets.ts";

const { app } = await appForFile();

it("a new display name: is published once, within a second, only to the rooms the user has been in", async () => {
  const ann = await makeGuest(app.services);
  const bob = await makeGuest(app.services);
  const eve = await makeGuest(app.services);
  const left = await makeRoom(app.services);
  const elsewhere = await makeRoom(app.services);
  const [own, reader, stranger] = await Promise.all([ann, bob, eve].map((who) => connect(app.url, who.token)));
  if (!own || !reader || !stranger) throw new Error("three sockets are wanted");
  await own.command("join_room", { roomId: left });
  await own.command("leave_room", { roomId: left });
  await reader.command("join_room", { roomId: left });
  await stranger.command("join_room", { roomId: elsewhere });
  await app.services.db.user.update({ where: { id: ann.id }, data: { displayName: "Ann the Second" } });
  const user = { ...ann.author, displayName: "Ann the Second" };
  const toldAt = performance.now();
  await publishUser(app.services, user);
  for (const live of [own, reader]) expect(await live.nextEvent("user_changed")).toEqual({ user });
  expect(performance.now() - toldAt).toBeLessThan(1_000);
  const { message } = await own.command("send_message", textFor(elsewhere));
  expect("author" in message && message.author.displayName).toBe("Ann the Second");
  await stranger.nextEvent("messages_changed");
  expect(stranger.received.filter(({ name }) => name === "user_changed")).toEqual([]);
  expect(reader.received.filter(({ name }) => name === "user_changed")).toHaveLength(1);
  for (const live of [own, reader, stranger]) live.close();
});
