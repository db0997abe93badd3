import type { OpenCtx } from "../../../context.ts";

/** The product name shown in authenticator apps and password managers. */
export const PRODUCT = "The Chatroom";

/** Returns the host that passkeys are bound to: the WebAuthn relying party id. */
export const hostOf = ({ origin }: Pick<OpenCtx, "origin">): string => new URL(origin.site).hostname;
