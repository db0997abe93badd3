// A bot that answers "!ping" in one room. It ends with exit code 1 when the server does not accept its token or its room.
//   CHATROOM_URL=… CHATROOM_TOKEN=crb_… CHATROOM_ROOM=<room id> node echo-bot.mjs
import { connectClient } from "the-chatroom-client";

const { CHATROOM_URL = "http://localhost:3001", CHATROOM_TOKEN = "", CHATROOM_ROOM = "" } = process.env;
const client = connectClient({ url: CHATROOM_URL, token: CHATROOM_TOKEN });
const room = client.room(CHATROOM_ROOM);

function fail(what, { code, problem }) {
  console.error(`${what} (${code}). ${problem.detail ?? ""}`);
  process.exitCode = 1;
  client.close();
}

room.onMessage((message) => {
  // Never answer a bot: the other one may do the same.
  if (message.author.kind === "bot" || message.text.trim() !== "!ping") return;
  room.post("pong", { replyToId: message.id }).catch((error) => console.error(`The answer was not sent (${error.code}).`));
});

room.entered.then(
  () => console.log("listening"),
  (error) => fail("The bot may not enter the room", error),
);
process.once("SIGTERM", () => client.close());
const error = await client.ended;
if (error !== null) fail("The server does not accept the token", error);
