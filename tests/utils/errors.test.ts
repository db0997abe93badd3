import { describe, expect, it } from "vitest";
import { problemOf } from "../../middleware/errors.ts";
import { errorCodes, problem } from "../../utils/contract/errors.ts";
import { AppError } from "../../utils/errors.ts";
import { detailOf } from "../../utils/text/error-details.ts";

describe("AppError", () => {
  it("keeps its code, its data and its cause", () => {
    const cause = new Error("the reason");
    const error = new AppError("rate_limited", { retryAfterMs: 5 }, { cause });
    expect(error).toMatchObject({ name: "AppError", message: "rate_limited", code: "rate_limited", data: { retryAfterMs: 5 }, cause });
    expect(error).toBeInstanceOf(Error);
  });
});

describe("error codes", () => {
  it.each(errorCodes.map((code) => [code]))("%s has a status, a title and a detail, and its problem matches the contract", (code) => {
    const answer = problemOf(code, {}, { requestId: "0" });
    expect(problem.parse(answer)).toEqual(answer);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.title).not.toBe("");
    expect(detailOf(code)).toMatch(/^[A-Z].*[.]$/);
  });
});
