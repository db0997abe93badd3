import type { Deps } from "../../middleware/deps.ts";
import { actorOfToken, readToken } from "../../services/auth/actor-of-token.ts";
import type { ChatSocket } from "../../services/realtime/io.ts";
import { AppError } from "../../utils/errors.ts";
import { on } from "./on.ts";

export function sessionCommands(socket: ChatSocket, deps: Deps): void {
  on(socket, deps, "renew_token", async (ctx, input) => {
    const { sid, sub } = await readToken(ctx, input.token);
    // Another session's token would turn this socket into somebody else.
    if (sid !== socket.data.sessionId || sub !== ctx.actor.id) throw new AppError("unauthenticated");
    const { token } = await actorOfToken(ctx, input.token);
    socket.data.tokenKind = token.kind;
    socket.data.tokenExpiresAt = token.expiresAt.getTime();
    return {};
  });
}
