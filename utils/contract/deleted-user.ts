/** The display name of everybody who left. It is reserved, so that the page may show it in the reader's language. */
export const DELETED_USER = "Deleted user";
