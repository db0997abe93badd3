import type { Deps } from "../../middleware/deps.ts";
import { readAccessToken } from "../../services/auth/access-token.ts";
import type { ChatSocket } from "../../services/realtime/io.ts";
import { AppError } from "../../utils/errors.ts";
import { on } from "./on.ts";

export function sessionCommands(socket: ChatSocket, deps: Deps): void {
  on(socket, deps, "renew_token", (ctx, { token }) => {
    const claims = readAccessToken(ctx.keys, token, ctx.now());
    // Another session's token would turn this socket into somebody else.
    if (claims.sid !== socket.data.sessionId || claims.sub !== ctx.actor.id) throw new AppError("unauthenticated");
    socket.data.tokenExpiresAt = claims.expiresAt.getTime();
    return {};
  });
}
