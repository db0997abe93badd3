import { actorOfToken, readToken } from "../../services/auth/tokens/actor-of-token.ts";
import { AppError } from "../../utils/errors.ts";
import type { CommandHandlers } from "./command-handler.ts";

export const sessionCommands = {
  renew_token: async (ctx, input, { socket }) => {
    const { sid, sub } = await readToken(ctx, input.token);
    // Another session's token would change the user of this socket.
    if (sid !== socket.data.sessionId || sub !== ctx.actor.id) throw new AppError("unauthenticated");
    const { token } = await actorOfToken(ctx, input.token);
    socket.data.tokenKind = token.kind;
    socket.data.tokenExpiresAt = token.expiresAt.getTime();
    return {};
  },
} satisfies Partial<CommandHandlers>;
