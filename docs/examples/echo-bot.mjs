// A bot that answers "!ping" in one room:
//   CHATROOM_URL=… CHATROOM_TOKEN=crb_… CHATROOM_ROOM=<room id> node docs/examples/echo-bot.mjs
import { io } from "socket.io-client";
import { connectClient } from "the-chatroom/client";

const { CHATROOM_URL = "http://localhost:3001", CHATROOM_TOKEN = "", CHATROOM_ROOM = "" } = process.env;
const client = connectClient({ url: CHATROOM_URL, token: CHATROOM_TOKEN, io });
const room = client.room(CHATROOM_ROOM);

room.onMessage((message) => {
  // Never answer a bot: the other one may do the same.
  if (message.author.kind === "bot" || message.text.trim() !== "!ping") return;
  room.post("pong", { replyToId: message.id }).catch((refusal) => console.error(`not sent: ${refusal.code}`));
});

room.entered.then(
  () => console.log("listening"),
  (refusal) => console.error(`not let in: ${refusal.code}`),
);
process.once("SIGTERM", () => client.close());
const refusal = await client.over;
if (refusal !== null) console.error(`over: ${refusal.code}`);
