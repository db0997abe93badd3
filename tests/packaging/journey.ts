import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import type { LoungeDto } from "../../utils/contract/schemas/lounges.ts";
import { newId } from "../../utils/ids.ts";
import { createRest, type Rest } from "../support/client.ts";
import { connect } from "../support/sockets/sockets.ts";

const PASSWORD = "correct horse battery";
const SEARCH_TIMEOUT_MS = 20_000;
const SEARCH_POLL_MS = 200;

type Page<Item> = { readonly items: readonly Item[] };

async function openRoomId(rest: Rest): Promise<string> {
  const { body } = await rest.get<Page<LoungeDto>>("/api/chatroom/lounges");
  const room = body.items.find(({ accessLevel }) => accessLevel === "open")?.rooms[0];
  assert(room, "there is no open language room");
  return room.id;
}

/** Searches until the message is found, because the index is updated asynchronously. */
async function find(rest: Rest, word: string, messageId: string): Promise<void> {
  const end = performance.now() + SEARCH_TIMEOUT_MS;
  for (;;) {
    const { status, body } = await rest.get<Page<{ id: string }>>(`/api/chatroom/search?q=${word}`);
    assert.equal(status, 200);
    if (body.items.some(({ id }) => id === messageId)) return;
    assert(performance.now() < end, "the search does not find the message");
    await pause(SEARCH_POLL_MS);
  }
}

/** Signs up and signs in, so that a password is hashed and verified. Returns the username. */
async function signUpAndIn(url: string): Promise<string> {
  const username = `traveller_${newId().slice(-8)}`;
  const signedUp = await createRest(url).prove("/api/auth/signup", { username, password: PASSWORD });
  assert.equal(signedUp.status, 201, signedUp.text);
  const signedIn = await createRest(url).prove("/api/auth/signin", { identifier: username, password: PASSWORD });
  assert.equal(signedIn.status, 200, signedIn.text);
  const wrong = await createRest(url).prove("/api/auth/signin", { identifier: username, password: `${PASSWORD}?` });
  assert.equal(wrong.status, 401, wrong.text);
  return username;
}

/**
 * Uses a server as people do: loads the page, becomes a guest, joins a room, sends a message and receives it in a second browser, finds
 * it, and creates an account.
 * @returns the username of the account
 * @throws AssertionError at the first failing step
 */
export async function takeJourney(url: string): Promise<string> {
  const page = await createRest(url).get("/");
  assert.match(page.text, /<html/);
  assert.equal((await createRest(url).get("/api/docs")).status, 200);

  const writer = createRest(url);
  const reader = createRest(url);
  await writer.guest("Writer");
  await reader.guest("Reader");
  const roomId = await openRoomId(writer);
  const writing = await connect(url, writer.token);
  const reading = await connect(url, reader.token);
  try {
    await writing.command("join_room", { roomId });
    await reading.command("join_room", { roomId });
    const word = `lighthouse${newId().slice(-8)}`;
    const { message } = await writing.command("send_message", { roomId, clientMessageId: newId(), text: `The ${word} is lit` });
    await reading.nextEvent("messages_changed", (batch) => JSON.stringify(batch).includes(message.id));
    await find(reader, word, message.id);
  } finally {
    writing.close();
    reading.close();
  }
  return signUpAndIn(url);
}
