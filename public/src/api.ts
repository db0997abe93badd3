import { type Credentials, createAsk } from "../../utils/client/rest.ts";

export { ApiError, type Failure, toApiError } from "../../utils/client/api-error.ts";
export type { Answer } from "../../utils/client/rest.ts";

/** Where calls find the access token, and whom they tell of a ban; the session fills it in. */
export const credentials: Credentials = { token: null, renew: async () => null, banned: () => undefined };

export const ask = createAsk("", credentials);
