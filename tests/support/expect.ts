import { expect } from "vitest";
import { type ErrorCode, errorCodes, type Problem, problem } from "../../utils/contract/errors.ts";
import type { Answer } from "./client.ts";

/** Expects the contract's problem object with this code and no internal details. */
export function expectProblem(value: unknown, code: ErrorCode): Problem {
  const parsed = problem.parse(value);
  expect(parsed.code).toBe(code);
  expect(errorCodes).toContain(parsed.code);
  expect(parsed.type).toBe(`/api/docs#${code}`);
  expect(parsed.requestId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
  expect(JSON.stringify(value)).not.toMatch(/node_modules|prisma|postgres|SELECT|\.ts:|at \w+ \(/i);
  return parsed;
}

/** Expects an error over REST: the problem, its status and its headers. */
export function expectError(answer: Answer, status: number, code: ErrorCode): Problem {
  expect({ status: answer.status, code: (answer.body as Problem).code }).toEqual({ status, code });
  const found = expectProblem(answer.body, code);
  expect(answer.headers["content-type"]).toMatch(/^application\/problem\+json/);
  expect(answer.headers["x-request-id"]).toBe(found.requestId);
  expect(answer.headers["cache-control"]).toBe("no-store");
  expect(found.status).toBe(status);
  if (status === 429 || status === 503) expect(Number(answer.headers["retry-after"])).toBeGreaterThan(0);
  if (status === 401) expect(answer.headers["www-authenticate"]).toBe("Bearer");
  return found;
}
