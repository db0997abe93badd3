/** The display name of deleted users. It is reserved, so that the page can show it in the reader's language. */
export const DELETED_USER = "Deleted user";
