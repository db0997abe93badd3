import type { ErrorCode, ErrorData } from "./contract/errors.ts";

export type { ErrorData } from "./contract/errors.ts";

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
