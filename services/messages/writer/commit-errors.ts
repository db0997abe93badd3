const errorCode = (error: unknown): string => String((error as { code?: unknown } | null)?.code ?? "");

/** Whether a single retry resolves the error: a duplicate that raced on another node, or a deadlock or serialization failure. */
export const isRetryable = (error: unknown): boolean => ["23505", "40P01", "40001"].includes(errorCode(error));

/** Whether the database rejected the rows (SQLSTATE classes 22 and 23); all other errors concern the database itself. */
export const isConstraintViolation = (error: unknown): boolean => /^(22|23)/.test(errorCode(error));

/** Whether a lock was not available within `lock_timeout`. */
export const isLockTimeout = (error: unknown): boolean => errorCode(error) === "55P03";
