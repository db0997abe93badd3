import { beforeAll, describe, expect, it } from "vitest";
import { limits } from "../../../utils/contract/limits.ts";
import { errorsOfOperation } from "../../../utils/contract/operation-errors.ts";
import { type Operation, type OperationName, operations } from "../../../utils/contract/operations/index.ts";
import { appForFile } from "../../support/for-file.ts";
import { type Answer, bearer, Visitor } from "../../support/page/visitor.ts";
import { cast, type Scene, setScene } from "./cast.ts";
import { operationCases } from "./operations.ts";

let visitor: Visitor;

const { app, database } = await appForFile();

beforeAll(async () => {
  visitor = await new Visitor(app.url).open();
});

const all = Object.entries<Operation>(operations) as [OperationName, Operation][];

const filled = (path: string, params: Record<string, string>): string => path.replace(/:(\w+)/g, (_, name: string) => params[name] ?? name);

/** Sends the request as a browser with a CSRF token and no session; signed-in callers send their access token instead. */
async function ask(scene: Scene, name: OperationName, { method, path }: Operation): Promise<Answer> {
  const { params = {}, query = {}, body } = operationCases[name].ask?.(scene) ?? {};
  const address = `${filled(path, params)}${Object.keys(query).length > 0 ? `?${new URLSearchParams(query)}` : ""}`;
  visitor.cookies.delete("refresh_token");
  const headers = scene.caller === null ? {} : bearer(scene.caller.token);
  return visitor.call(address, { method: method.toUpperCase(), headers, ...(body !== undefined && { body }) });
}

it("operation matrix: has a row for every operation of the contract", () => {
  expect(Object.keys(operationCases).sort()).toEqual(Object.keys(operations).sort());
});

describe.each(all)("%s", (name, operation) => {
  it.each(cast)("returns the expected result to caller %s", async (who) => {
    const wanted = operationCases[name].results[who];
    const answer = await ask(await setScene(app, who), name, operation);
    const got = answer.status < 400 ? "ok" : String(answer.body.code);
    expect(got, JSON.stringify(answer.body)).toBe(wanted);
    if (wanted === "ok") expect(answer.status).toBe(operation.status);
    else expect(errorsOfOperation(operation)).toContain(wanted);
  });
});

const sensitive = all.filter(([, operation]) => errorsOfOperation(operation).includes("step_up_required"));

it("operation matrix: has sensitive operations", () => {
  expect(sensitive.length).toBeGreaterThan(8);
});

describe.each(sensitive)("%s", (name, operation) => {
  it.each([
    ["never authenticated", null],
    ["authenticated too long ago", limits.stepUpMs + 1],
  ])("requires step-up from a member who %s", async (_how, agoMs) => {
    const scene = await setScene(app, operation.path.startsWith("/api/admin/") ? "admin" : "member");
    const provenAt = agoMs === null ? null : new Date(Date.now() - agoMs);
    await database.db.session.update({ where: { id: scene.owner.sessionId }, data: { provenAt } });
    const { status, body } = await ask(scene, name, operation);
    expect([status, body.code]).toEqual([403, "step_up_required"]);
    expect(body.methods).toContain("password");
  });
});
