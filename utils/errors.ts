import type { ErrorCode } from "./contract/errors.ts";

/** What a refusal carries beside its code: `retryAfterMs`, `suggestions`, `errors`, whatever the contract names. */
export type ErrorData = Record<string, unknown>;

/**
 * A refusal, known by its code. Services throw it; both doors turn it into the same problem object.
 * Anything else that is thrown is a bug and shows as `internal`.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly data: ErrorData;

  constructor(code: ErrorCode, data: ErrorData = {}, options?: ErrorOptions) {
    super(code, options);
    this.name = "AppError";
    this.code = code;
    this.data = data;
  }
}
