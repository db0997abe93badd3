import type { OpenCtx } from "../../../context.ts";

/** How the product names itself to authenticator apps and password managers. */
export const PRODUCT = "The Chatroom";

/** The host a passkey is made for: the WebAuthn relying party id. */
export const hostOf = ({ origin }: Pick<OpenCtx, "origin">): string => new URL(origin.site).hostname;
