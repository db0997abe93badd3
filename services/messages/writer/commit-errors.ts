const errorCode = (error: unknown): string => String((error as { code?: unknown } | null)?.code ?? "");

/** A repeat that raced on another node, or two nodes that waited for each other: trying once more settles both. */
export const isRetryable = (error: unknown): boolean => ["23505", "40P01", "40001"].includes(errorCode(error));

/** The database judged the rows (SQLSTATE classes 22 and 23); everything else is about the database itself. */
export const isConstraintViolation = (error: unknown): boolean => /^(22|23)/.test(errorCode(error));

/** A lock was not free within `lock_timeout`. */
export const isLockTimeout = (error: unknown): boolean => errorCode(error) === "55P03";
