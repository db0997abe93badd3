import { type Credentials, createAsk } from "../../utils/client/rest.ts";

export { ApiError, type Failure, toApiError } from "../../utils/client/api-error.ts";
export type { Answer } from "../../utils/client/rest.ts";

/** Holds the access token for API calls and handles bans; filled in by the session module. */
export const credentials: Credentials = { token: null, renew: async () => null, banned: () => undefined };

export const ask = createAsk("", credentials);
